"""Money for tests: an office with finance, a document that pays, honours by the actions."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any, Protocol

from shuniu import policy
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.funds import queries
from shuniu.funds.actions import fund as funds
from shuniu.funds.actions import payment, subsidy
from shuniu.funds.models import Fund, Payment, Subsidy
from shuniu.library.models import Document
from shuniu.recognition.actions import honours
from shuniu.recognition.models import Honour
from shuniu.recognition.tests import cast
from shuniu.registry.models import Organisation
from shuniu.unions.models import Union
from shuniu.unions.tests import cast as unions

WAN = 1_000_000  # fen
LADDER = {"city": WAN, "province": 2 * WAN, "national": 3 * WAN}
_numbers = itertools.count(1)

_LAW = """\
format: 1
key: test-ladder
version: 1.0.0
title: 测试补助办法
short: 测试办法
issued: 2021-12-09
issuer: {name: 望海市总工会, level: city, clause: 第一条, may_open: [city], may_use: [city]}
clauses:
  - {number: 第一条, words: 按最高荣誉补助，差额补齐, kind: rule, does: 计算补助}
facts:
  - {name: honour_level, type: choice, label: 荣誉级别, source: recognition, values: [区县, 市, 省, 全国]}
  - {name: subsidy_paid, type: decimal, label: 已补助, source: recognition}
fundings:
  - key: ladder
    clause: 第一条
    label: 荣誉补助
    amount:
      lookup:
        by: {fact: honour_level}
        table: [{is: 全国, gives: 30000}, {is: 省, gives: 20000}, {is: 市, gives: 10000}]
    already: {fact: subsidy_paid}
    uses: [购买服务, 项目合作]
"""


class Office(Protocol):
    """A municipal union with its office, of whatever slice's cast."""

    @property
    def union(self) -> Union: ...
    @property
    def clerk(self) -> Who: ...
    @property
    def checker(self) -> Who: ...
    @property
    def leader(self) -> Who: ...


@dataclass(frozen=True)
class Treasury:
    """An office with its finance, an organisation, a fund with money, a document that pays."""

    of: Office
    finance: Who
    auditor: Who
    owner: Who
    organisation: Organisation
    fund: Fund
    document: Document

    def honour(self, level: str, subject: str = "projects.project:1", **values: Any) -> Honour:
        """An honour of our own list, in force at once."""
        n = next(_numbers)
        return honours.grant(
            by=cast.SYSTEM, union=self.of.union, document=self.document, organisation=self.organisation,
            subject=honours.Subject(subject, "职工心理驿站", {"amount_fen": 5 * WAN}), effect_key=f"test:{n}",
            award=honours.Award(level, f"优秀项目{n}", "望海市总工会", f"望工办〔2026〕{n}号", clock.today()),
        )  # fmt: skip

    def subsidy(self, subject: str = "projects.project:1") -> Subsidy:
        """The subsidy of the subject, opened by the action."""
        row = subsidy.open_subsidy(
            by=cast.SYSTEM, union=self.of.union, document=self.document, subject_key=subject
        )
        assert row is not None
        return row

    def settle(self, row: Subsidy) -> Payment | None:
        return subsidy.settle(by=self.finance, subsidy_id=row.pk, fund_id=self.fund.pk)

    def payee(self, row: Subsidy) -> None:
        """A payee that another person confirmed."""
        made = payment.propose_payee(
            by=self.of.clerk,
            subsidy_id=row.pk,
            name=self.organisation.name,
            bank="望海银行",
            account="6200001234",
        )
        payment.decide_payee(by=self.of.checker, payee_id=made.pk, confirm=True)

    def pay(self, row: Payment) -> Payment:
        return payment.pay(
            by=self.finance, payment_id=row.pk, paid_on=clock.today(), voucher=f"PZ{next(_numbers)}"
        )


_ANEW = """\
  - {key: anew, clause: 第一条, label: 区县荣誉另行奖励, amount: 5000, when: {fact: honour_level, is: 区县}}
"""


def document(*, anew: bool = False) -> Document:
    """The document that pays 1, 2, 3 万元, stored as the library stores it. `anew`: and 5000 for every 区县 honour besides."""
    text = _LAW
    if anew:  # one funding applies to an honour: with two a person decides
        text = text.replace("version: 1.0.0", "version: 1.1.0") + _ANEW
        text = text.replace("    uses:", "    when: {fact: honour_level, in: [市, 省, 全国]}\n    uses:")
    files = {"document.yaml": text.encode()}
    law = policy.load_bytes(files)
    found = Document.objects.filter(digest=law.digest).first()
    return found or Document.objects.create(
        key=law.key, version=law.version, title=law.title, issuer=law.issuer.name, digest=law.digest,
        files={"document.yaml": text},
    )  # fmt: skip


def funded(of: Office, finance: Who, budget_fen: int = 100 * WAN) -> Fund:
    """A fund whose budget is approved."""
    fund = funds.open_fund(by=finance, union=of.union, year=2026, name="社会组织专项", source="union")
    if budget_fen:
        change = funds.propose_budget(by=finance, fund_id=fund.pk, amount_fen=budget_fen, reason="年初预算")
        funds.decide_budget(by=of.leader, change_id=change.pk, approve=True)
    return fund


def treasury(budget_fen: int = 100 * WAN, name: str = "望海市总工会") -> Treasury:
    """Everything that a subsidy needs; the budget is approved."""
    of = cast.office(name)
    finance, auditor = (unions.who(role, of.union) for role in ("finance", "auditor"))
    owner, organisation = cast.holder(of)
    fund = funded(of, finance, budget_fen)
    return Treasury(of, finance, auditor, owner, organisation, fund, document())


def standing(row: Subsidy) -> tuple[int, int, int, int]:
    """Entitled, committed, paid, receivable."""
    found = queries.standings([row])[row.pk]
    return found.entitled, found.balances.committed, found.balances.paid, found.balances.receivable


__all__ = ["LADDER", "WAN", "Treasury", "document", "funded", "standing", "treasury"]
