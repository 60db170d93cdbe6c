"""People who log in. What they may do is said by hats (unions, registry), never here."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from shuniu.foundation.calendar.clock import Now


def clean_phone(raw: str) -> str:
    """Digits of a telephone number, full-width input and blanks normalised; "" stays ""."""
    return "".join(c for c in unicodedata.normalize("NFKC", raw) if c.isdigit() or c == "+")


def clean_username(raw: str) -> str:
    """The log-in name as stored: full-width characters normalised, blanks at the ends removed."""
    return unicodedata.normalize("NFKC", raw).strip()


class PersonManager(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(username__iexact=username)


class Person(AbstractBaseUser):
    """Somebody who can log in. Created and changed through `accounts.actions`."""

    username = models.CharField("登录名", max_length=64, unique=True)
    name = models.CharField("姓名", max_length=40)
    phone = models.CharField("手机", max_length=20, blank=True)
    email = models.EmailField("邮箱", blank=True)
    # Two accounts of one natural person share this; acts that need a second person compare it.
    identity = models.CharField(max_length=64, db_index=True, editable=False)
    verified_at = models.DateTimeField("实名核验时间", null=True, blank=True)
    is_active = models.BooleanField("启用", default=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = PersonManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = "人员"
        constraints = [
            # A login name differs from every other also when only the case differs.
            models.UniqueConstraint(Lower("username"), name="person_username_ci"),
            # One logs in by the address too, so it names one account.
            models.UniqueConstraint(Lower("email"), name="person_email_ci", condition=~models.Q(email="")),
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        if not self.identity:
            self.identity = identity_of(self.phone)
        super().save(*args, **kwargs)  # type: ignore[arg-type]


def same_natural_person(a: Person, b: Person) -> bool:
    """Whether two accounts belong to one human being: the same account, identity or telephone.

    The identity is that of the telephone, or of the verified name (see `identity_of_verified`).

    A changed telephone does not make another person: the identity stays what it was at the first one.
    """
    if a.pk == b.pk or a.identity == b.identity:
        return True
    phones = {clean_phone(p.phone) for p in (a, b)}
    if "" not in phones and len(phones) == 1:
        return True
    return (bool(a.phone) and identity_of(a.phone) == b.identity) or (
        bool(b.phone) and identity_of(b.phone) == a.identity
    )


def identity_of(phone: str) -> str:
    """The natural person behind a telephone number; without one, a person of their own."""
    digits = clean_phone(phone)
    if not digits:
        return secrets.token_hex(32)
    return hashlib.sha256(f"phone:{digits}".encode()).hexdigest()


def identity_of_verified(name: str, phone: str) -> str:
    """The natural person behind a verified name: that of the first verified account of the name, else by telephone.

    Namesakes in one installation count as one person: a second person who is refused can be another colleague,
    one human being who confirms their own act cannot be undone.
    """
    known = Person.objects.filter(verified_at__isnull=False, name=name).order_by("pk").first()
    return known.identity if known is not None else identity_of(phone)


class Invitation(models.Model):
    """A link by which somebody takes up a role or joins an organisation; used once."""

    token_digest = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=40)  # which slice accepts it, see actions.register_purpose
    payload = models.JSONField(default=dict)
    invited_name = models.CharField("被邀请人", max_length=40)
    invited_email = models.EmailField(blank=True)
    invited_phone = models.CharField(max_length=20, blank=True)
    label = models.CharField("邀请说明", max_length=200)
    # Nobody: the installation itself invites the first administrators.
    invited_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "邀请"
        constraints = [
            # A link is used or withdrawn, never both.
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=True) | models.Q(revoked_at__isnull=True),
                name="invitation_one_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invited_name} · {self.label}"


class SignIn(models.Model):
    """One log-in on one device: a line of the owner's list of sessions. Written by `accounts.actions`."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    device = models.CharField("设备", max_length=80)
    address = models.CharField("网络地址", max_length=45, blank=True)
    started_at = models.DateTimeField("登录时间", db_default=Now())
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)

    class Meta:
        verbose_name = "登录"
        ordering = ["-started_at"]
        indexes = [models.Index(fields=["person", "-started_at"], name="sign_in_person")]

    def __str__(self) -> str:
        return f"{self.person} · {self.device}"
