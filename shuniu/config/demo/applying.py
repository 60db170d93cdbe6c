"""What organisations do: people who act for them, applications with their parts and papers."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from shuniu.calls.actions import apply, material
from shuniu.calls.models import Application, Call, CallCategory, CallMaterial
from shuniu.config.demo import words
from shuniu.config.demo.cast import CITY, SETUP, Cast
from shuniu.foundation.access import Hat, Who
from shuniu.foundation.accounts import actions as accounts
from shuniu.foundation.accounts.demo import PASSWORD
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.calendar import clock
from shuniu.foundation.files import actions as files
from shuniu.foundation.files import receiving
from shuniu.foundation.files.models import Attachment
from shuniu.foundation.files.receiving import Received
from shuniu.foundation.papers import rendering
from shuniu.registry import actions as registry
from shuniu.registry.models import Organisation

NAMED = {"望海市晨曦职工心理关爱中心": ("hezy", "何专员")}
"""Whose people the demonstration names; the others are called by their place in the story."""

_SURNAMES = (
    "范方任袁柳史唐费岑薛雷贺倪汤滕罗毕郝安常乐于傅卞齐康伍余顾孟黄和穆萧尹姚邵汪祁毛禹狄米贝明臧计伏成戴谈宋"
)


def received(title: str, lines: tuple[str, ...]) -> Received:
    """An invented paper as if it had been uploaded; our own renderer made it, so nobody need look into it."""
    blocks = [{"kind": "p", "text": line} for line in lines]
    body = rendering.render(rendering.PLAIN, {"title": title, "blocks": blocks})
    return receiving.keep(body, kind="pdf", name=f"{title}.pdf", pages=1)


@dataclass
class Applicants:
    """Who acts for which organisation; whoever acts for the first time claims the organisation first."""

    cast: Cast
    _who: dict[int, Who] = field(default_factory=dict)
    _papers: dict[tuple[int, str], Attachment] = field(default_factory=dict)

    def who(self, organisation: Organisation) -> Who:
        """The organisation's 负责人, whose claim the clerk of the owning union has confirmed."""
        if organisation.pk not in self._who:
            self._who[organisation.pk] = self._claim(organisation)
        return self._who[organisation.pk]

    def person(self, organisation: Organisation) -> Person:
        """The organisation's 负责人."""
        person = self.who(organisation).person
        assert person is not None
        return person

    def _claim(self, organisation: Organisation) -> Who:
        n = len(self._who)
        username, name = NAMED.get(
            organisation.name, (f"org{n + 1:02d}", f"{_SURNAMES[n % len(_SURNAMES)]}专员")
        )
        person = accounts.create_person(
            by=SETUP, username=username, name=name, phone=f"1390003{1001 + n}",
            password=PASSWORD if organisation.name in NAMED else "",
        )  # fmt: skip
        self.cast.people[username] = person
        lines = (f"{organisation.name}委托{name}办理工会合作单位申报事项。", words.INVENTED)
        proof = received("授权委托书", lines)
        claim = registry.claim(
            by=Who(person=person), code=organisation.code or "", position="项目主管", proof=proof
        )
        registry.confirm_claim(by=self.cast.of(organisation.owning_union, "clerk"), claim=claim)
        return Who(person=person, hat=Hat("organisation", organisation.pk, organisation.name, "org_owner"))

    def begin(
        self, organisation: Organisation, call: Call, category: str, *, reason: str = ""
    ) -> Application:
        """Begin an application, now."""
        chosen = CallCategory.objects.get(call=call, key=category)
        return apply.start(
            by=self.who(organisation), call_id=call.pk, category_id=chosen.pk, arrived_at=clock.now(),
            override_reason=reason,
        )  # fmt: skip

    def fill(self, application: Application, *, parts: int = 7, papers: int = 99) -> None:
        """Fill in the first `parts` parts of the form and hand up the first `papers` materials."""
        who = self.who(application.organisation)
        for section, values in list(words.sections(application).items())[:parts]:
            apply.save_section(by=who, application_id=application.pk, section=section, values=values)
        for item in list(application.call.materials.all())[:papers]:
            self._put(who, application, item)

    def _put(self, who: Who, application: Application, item: CallMaterial) -> None:
        key = (application.organisation_id, item.key)
        earlier = self._papers.get(key)
        if earlier is not None:
            material.reuse(by=who, application_id=application.pk, item_id=item.pk, earlier=earlier)
            return
        self._papers[key] = self.upload(application, item)

    def upload(self, application: Application, item: CallMaterial, *, note: str = "") -> Attachment:
        """Put a PDF of the organisation's own under one of the call's materials."""
        who = self.who(application.organisation)
        lines = words.paper(application.organisation, item.label, note)
        attachment = files.attach(by=who, received=received(item.label + note, lines), owner=application)
        apply.add_material(by=who, application_id=application.pk, item_id=item.pk, attachment=attachment)
        return attachment

    def submit(self, application: Application) -> None:
        """Hand in, now."""
        organisation = application.organisation
        apply.submit(
            by=self.who(organisation), application_id=application.pk, key=uuid.uuid4(), arrived_at=clock.now(),
            signatory=organisation.legal_representative or "法定代表人", undertaken=True,
        )  # fmt: skip

    def hand_in(
        self, organisation: Organisation, call: Call, category: str, *, reason: str = ""
    ) -> Application:
        """Begin, fill in and hand in at one sitting."""
        made = self.begin(organisation, call, category, reason=reason)
        self.fill(made)
        self.submit(made)
        return Application.objects.select_related("organisation", "category", "call").get(pk=made.pk)


__all__ = ["CITY", "NAMED", "Applicants"]
