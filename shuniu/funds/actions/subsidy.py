"""经费补助: opened from honours, settled to the difference, claimed back where an honour was revoked."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Sum

from shuniu.foundation.access import Refused, Who, refuse, require, system
from shuniu.foundation.notices.actions import tell
from shuniu.foundation.ui.formats import money
from shuniu.funds import judging, queries, rules
from shuniu.funds.actions.common import lock, note, refused
from shuniu.funds.actions.ledger import post
from shuniu.funds.models import Entitlement, Fund, Line, Payment, Posting, Subsidy
from shuniu.library.models import Document
from shuniu.recognition.models import Honour
from shuniu.recognition.queries import honours_of
from shuniu.unions.models import Union
from shuniu.unions.queries import people_with

_SWEEP = system("荣誉生效后核对经费补助")


@transaction.atomic
def open_subsidy(*, by: Who, union: Union, document: Document, subject_key: str) -> Subsidy | None:
    """F4: the subsidy of one honoured subject with what each honour in force entitles to; None when nothing does.

    The document's `fundings` say the amounts. Repeating adds what is new and nothing twice.
    """
    honours = [h for h in honours_of(subject_key) if h.union_id == union.pk]
    if not honours or not judging.pays(document):
        return None
    row = Subsidy.objects.filter(union=union, document=document, subject_key=subject_key).first()
    judged = [(honour, judging.judge(document, honour)) for honour in honours]
    if row is None:
        if not any(found.amount_fen for _, found in judged):
            return None
        newest = honours[0]
        row, _ = Subsidy.objects.get_or_create(
            union=union, document=document, subject_key=subject_key,
            defaults={"organisation": newest.organisation, "subject_label": newest.subject_label},
        )  # fmt: skip
    row = lock(row.pk)
    known = set(Entitlement.objects.filter(honour__in=honours).values_list("honour_id", flat=True))
    for honour, found in judged:
        if found.amount_fen and honour.pk not in known and honour.organisation_id == row.organisation_id:
            Entitlement.objects.create(
                subsidy=row,
                honour=honour,
                amount_fen=found.amount_fen,
                adds=found.adds,
                clause=found.clause,
                reason=found.reason,
            )
            text = f"“{honour.title}”（{honour.get_level_display()}）的补助标准为 {money(found.amount_fen)}"
            note(row, by=by, verb="entitle", text=text, clause=found.clause, fen=found.amount_fen)
    return row


def look_for_subsidies() -> int:
    """The sweep: opens what honours entitle to, and tells finance once of each difference; the messages told."""
    for union_id, document_id, key in _unjudged():
        open_subsidy(
            by=_SWEEP, union=Union.objects.get(pk=union_id), document=Document.objects.get(pk=document_id),
            subject_key=key,
        )  # fmt: skip
    rows = {row.pk: row for row in Subsidy.objects.all()}
    found = 0
    for pk, standing in queries.standings(rows.values()).items():
        if standing.difference:
            row, word = rows[pk], "待补齐" if standing.difference > 0 else "待追回"
            found += tell(
                people_with(row.union_id, "finance"), kind="funds.subsidy", url=f"/subsidies/{pk}/",
                title=f"经费补助{word} {money(abs(standing.difference))}：{row.subject_label}",
                effect_key=f"funds.subsidy:{pk}:{standing.entitled}:{standing.balances.settled}",
            )  # fmt: skip
    return found


def _unjudged() -> list[tuple[int, int, str]]:
    """(union, document, subject) of honours in force without an entitlement: by their own document where it pays,
    else by that of the subject's subsidy."""
    rows = Honour.objects.filter(state=Honour.State.IN_FORCE, entitlement__isnull=True).order_by()
    keys = set(rows.values_list("union_id", "document_id", "subject_key"))
    documents = Document.objects.in_bulk({document_id for _, document_id, _ in keys if document_id})
    paying = {key for key in keys if key[1] in documents and judging.pays(documents[key[1]])}
    subjects = {(union_id, key) for union_id, _, key in keys}
    known = Subsidy.objects.filter(subject_key__in={key for _, key in subjects})
    for union_id, document_id, key in known.values_list("union_id", "document_id", "subject_key"):
        if (union_id, key) in subjects:
            paying.add((union_id, document_id, key))
    return sorted(paying)


def settle(*, by: Who, subsidy_id: int, fund_id: int | None = None) -> Payment | None:
    """F4: bring what is paid and promised to what the honours in force entitle to.

    Only the difference: the payment that is due, or None where money is to come back (应追回, never a negative
    payment). Under the lock of the subsidy, so that honours that arrive together are paid once.
    Refused("funds.over_budget") when the fund does not hold it. What new honours entitle to stays known, whatever
    comes of the rest.
    """
    row = Subsidy.objects.select_related("union", "document").get(pk=subsidy_id)
    open_subsidy(by=by, union=row.union, document=row.document, subject_key=row.subject_key)
    return _settle(by=by, subsidy_id=subsidy_id, fund_id=fund_id)


@transaction.atomic
def _settle(*, by: Who, subsidy_id: int, fund_id: int | None) -> Payment | None:
    row = lock(subsidy_id)
    standing = queries.standings([row])[row.pk]
    require(rules.may_settle(by, row, standing))
    with refused():
        left = standing.difference + _take_back_due(row, by)
        if left < 0:
            _claim(row, by, -left)
            return None
        left -= _unclaim(row, by, left)
        return _promise(row, by, left, fund_id) if left else None


def _take_back_due(row: Subsidy, by: Who) -> int:
    """Cancel the payment that waits, so that one payment pays the whole difference; its amount."""
    due = row.payments.select_for_update(of=("self",)).filter(state=Payment.State.DUE).first()
    if due is None:
        return 0
    due.state = Payment.State.CANCELLED
    due.save(update_fields=["state"])
    post(
        by=by, fund=due.fund, kind="release", matter=row.matter, text=f"取消待付：{row.subject_label}",
        moves={"available": due.amount_fen, "committed": -due.amount_fen},
        effect_key=f"funds.payment:{due.pk}:release",
    )  # fmt: skip
    note(row, by=by, verb="release", text=f"取消待付 {money(due.amount_fen)}，重新核定", fen=due.amount_fen)
    return due.amount_fen


def _promise(row: Subsidy, by: Who, fen: int, fund_id: int | None) -> Payment:
    if fund_id is None:
        raise Refused(refuse("funds.fund_needed"))
    fund = Fund.objects.select_related("union").get(pk=fund_id)
    if fund.union_id != row.union_id:
        raise Refused(refuse("funds.fund_of_another", union=row.union.name))
    top = queries.highest(row.pk)
    assert top is not None  # else there is no difference to pay
    standing = queries.standings([row])[row.pk]
    before = standing.balances.settled
    basis = "各项荣誉合计" if standing.adds else f"最高荣誉“{top.honour.title}”"
    reason = f"{basis}应补 {money(standing.entitled)}，已补 {money(before)}，差额 {money(fen)}"
    payment = Payment.objects.create(
        subsidy=row, fund=fund, amount_fen=fen, reason=reason, clause=top.clause, settled_by=by.person
    )
    post(
        by=by, fund=fund, kind="commit", matter=row.matter, text=f"核定补助：{row.subject_label}", clause=top.clause,
        moves={"committed": fen, "available": -fen}, effect_key=f"funds.payment:{payment.pk}:commit",
    )  # fmt: skip
    note(row, by=by, verb="settle", text=f"核定：{reason}", clause=top.clause, fen=fen, fund=fund.pk)
    return payment


def _claim(row: Subsidy, by: Who, fen: int) -> None:
    for fund, part in _spread(row, "paid", fen):
        post(
            by=by, fund=fund, kind="claim", matter=row.matter, text=f"应追回：{row.subject_label}",
            moves={"receivable": part, "paid": -part}, effect_key=_next(row, "claim"),
        )  # fmt: skip
    note(row, by=by, verb="claim", text=f"荣誉撤销，应追回 {money(fen)}", fen=fen)


def _unclaim(row: Subsidy, by: Who, most: int) -> int:
    """A new honour takes off what was to come back; how much it took."""
    fen = min(most, queries.balances_of([row.matter])[row.matter].receivable)
    for fund, part in _spread(row, "receivable", fen):
        post(
            by=by, fund=fund, kind="unclaim", matter=row.matter, text=f"冲减应追回：{row.subject_label}",
            moves={"paid": part, "receivable": -part}, effect_key=_next(row, "unclaim"),
        )  # fmt: skip
    if fen:
        note(row, by=by, verb="unclaim", text=f"新的荣誉冲减应追回 {money(fen)}", fen=fen)
    return fen


@transaction.atomic
def take_refund(*, by: Who, subsidy_id: int, amount_fen: int, voucher: str) -> None:
    """F4: money that came back goes to the fund it was paid from."""
    row = lock(subsidy_id)
    standing = queries.standings([row])[row.pk]
    require(rules.may_take_refund(by, row, standing, amount_fen))
    with refused():
        for fund, part in _spread(row, "receivable", amount_fen):
            post(
                by=by, fund=fund, kind="refund", matter=row.matter, effect_key=_next(row, "refund"),
                text=f"退回：{row.subject_label}，凭证 {voucher}", moves={"available": part, "receivable": -part},
            )  # fmt: skip
    note(
        row,
        by=by,
        verb="refund",
        text=f"收到退回 {money(amount_fen)}，凭证 {voucher}",
        fen=amount_fen,
        voucher=voucher,
    )


def _spread(row: Subsidy, kind: str, fen: int) -> list[tuple[Fund, int]]:
    """The funds that hold so much of this subsidy on that account, the newest first."""
    held = (
        Line.objects.filter(posting__matter=row.matter, account__kind=kind)
        .order_by("-account__fund_id")
        .values_list("account__fund_id")
        .annotate(fen=Sum("amount_fen"))
    )
    parts, funds = [], Fund.objects.in_bulk([fund_id for fund_id, _ in held])
    for fund_id, there in held:
        part = min(int(there), fen)
        if part > 0:
            parts.append((funds[fund_id], part))
            fen -= part
    assert fen == 0  # what is asked for was read from the same lines under the same lock
    return parts


def _next(row: Subsidy, kind: str) -> str:
    """The effect key of the next posting; the lock of the subsidy makes the number its own."""
    return f"{row.matter}:{kind}:{Posting.objects.filter(matter=row.matter).count()}"
