"""The shape of what people type about themselves."""

from __future__ import annotations

from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import ReauthenticateForm as AllauthReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm as AllauthAuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as AllauthMfaReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm as AllauthActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm as AllauthAddWebAuthnForm
from allauth.mfa.webauthn.forms import EditWebAuthnForm as AllauthEditWebAuthnForm
from django import forms

from shuniu.foundation.ui import typed

REQUIRED = "没有填写{label}。请填写。"


class LoginForm(AllauthLoginForm):
    """allauth's form, in our words."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _say(self, login="登录名或邮箱", password="密码")  # noqa: S106
        self.fields["password"].help_text = ""
        self.fields["login"].widget.attrs["autocomplete"] = "username"


def _say(form: forms.BaseForm, **labels: str) -> None:
    """Our label and our words for each field, no placeholder."""
    for name, label in labels.items():
        if name in form.fields:
            field = form.fields[name]
            field.label = label
            field.widget.attrs.pop("placeholder", None)
            field.error_messages["required"] = REQUIRED.format(label=label)


class ReauthenticateForm(AllauthReauthenticateForm):
    """The password once more."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _say(self, password="密码")  # noqa: S106


def _take_signs(form: forms.BaseForm) -> None:
    """allauth's field for a code, in a form that understands full-width digits."""
    form.fields["code"] = typed.Signs(widget=form.fields["code"].widget)


class _CodeForm:
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _take_signs(self)  # type: ignore[arg-type]
        _say(self, code="验证码")  # type: ignore[arg-type]
        self.fields["code"].help_text = "动态口令软件上的 6 位数字，或一个恢复码。"  # type: ignore[attr-defined]
        self.fields["code"].widget.attrs["inputmode"] = "text"  # type: ignore[attr-defined]


class AuthenticateForm(_CodeForm, AllauthAuthenticateForm):
    """The second factor at log-in."""


class MfaReauthenticateForm(_CodeForm, AllauthMfaReauthenticateForm):
    """The second factor once more."""


class ActivateTOTPForm(AllauthActivateTOTPForm):
    """The first code of a new authenticator app."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _take_signs(self)
        _say(self, code="验证码")
        self.fields["code"].help_text = "扫码后软件上显示的 6 位数字。"


class AddWebAuthnForm(AllauthAddWebAuthnForm):
    """A new passkey."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _say(self, name="名称", passwordless="用它直接登录，不再输入密码")
        self.fields["credential"].error_messages["required"] = (
            "没有收到通行密钥。请点“添加通行密钥”，按浏览器的提示操作。"
        )
        if "passwordless" in self.fields:
            self.fields["passwordless"].help_text = "设备会要求指纹、面容或 PIN 码。"


class EditWebAuthnForm(AllauthEditWebAuthnForm):
    """Another name for a passkey."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _say(self, name="名称")


def _text(
    label: str,
    *,
    required: bool = True,
    max_length: int = 64,
    hint: str = "",
    kind: type[forms.CharField] = typed.Signs,
    **attrs: str,
) -> forms.CharField:
    return kind(
        label=label, required=required, max_length=max_length, help_text=hint,
        widget=forms.TextInput(attrs=attrs),
        error_messages={
            "required": REQUIRED.format(label=label),
            "max_length": f"{label}最多 {max_length} 个字。请缩短。",
        },
    )  # fmt: skip


def _secret(label: str, autocomplete: str, hint: str = "") -> forms.CharField:
    return forms.CharField(
        label=label, strip=False, help_text=hint,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
        error_messages={"required": REQUIRED.format(label=label)},
    )  # fmt: skip


def _email() -> forms.EmailField:
    return forms.EmailField(
        label="邮箱", required=False, widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": "邮箱格式不正确。请按 name@example.cn 的格式填写，或留空。"},
    )  # fmt: skip


PASSWORD_HINT = "至少 10 个字符，不能全是数字，不要用常见密码或自己的姓名。"  # noqa: S105


class ProfileForm(forms.Form):
    """One's own particulars."""

    name = _text("姓名", max_length=40, kind=forms.CharField, autocomplete="name")
    phone = _text("手机", required=False, max_length=20, autocomplete="tel", inputmode="tel")
    email = _email()


class NewPasswordForm(forms.Form):
    """A new password, typed twice."""

    new = _secret("新密码", "new-password", PASSWORD_HINT)
    again = _secret("再次输入新密码", "new-password")

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        if data.get("new") and data.get("again") and data["new"] != data["again"]:
            self.add_error("again", "两次输入的新密码不一致。请重新输入。")
        return data


class PasswordForm(NewPasswordForm):
    """One's own password, changed."""

    old = _secret("原密码", "current-password")
    field_order = ["old", "new", "again"]


class ProofForm(forms.Form):
    """Who sits there, asked again before a high-risk step; without a field when it was just answered."""

    password = _secret("您的登录密码", "current-password", "这一步影响重大，请再次确认是您本人。")

    def __init__(
        self, *args: object, asks: bool, others: list[tuple[str, str]], hint: str, page: str, **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.others, self.page = others, page
        if asks:
            self.fields["password"].help_text += hint
        else:
            del self.fields["password"]


class AcceptForm(NewPasswordForm):
    """A new account by invitation."""

    name = _text("姓名", max_length=40, kind=forms.CharField, autocomplete="name")
    username = _text("登录名", hint="3 至 64 个字母、数字或 . _ - @，今后用它登录。", autocomplete="username")
    phone = _text("手机", required=False, max_length=20, autocomplete="tel", inputmode="tel")
    email = _email()
    field_order = ["name", "username", "phone", "email", "new", "again"]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["new"].label, self.fields["again"].label = "设置密码", "再次输入密码"
