"""使用情况: what paid money was used for; a use that the paper does not name has a reason and a second person."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from shuniu.foundation.access import Refused, Who, refuse, require
from shuniu.foundation.calendar import clock
from shuniu.foundation.files import actions as files
from shuniu.foundation.files.receiving import Received
from shuniu.foundation.notices.actions import tell
from shuniu.foundation.ui.formats import money
from shuniu.funds import judging, queries, rules
from shuniu.funds.actions.common import lock, note, person, refused
from shuniu.funds.models import Use
from shuniu.unions.queries import people_with


@transaction.atomic
def record_use(
    *, by: Who, subsidy_id: int, amount_fen: int, used_on: dt.date, named: str = "", other: str = "",
    reason: str = "", proof: Received | None = None,
) -> Use:  # fmt: skip
    """I3: so much was used for this on that day.

    A clerk's entry under a named use counts at once; the organisation's own, and every other use, waits for an
    approver. Refused("funds.use_over_paid") when more would be used than was paid.
    """
    row = lock(subsidy_id)
    require(rules.may_record_use(by, row))
    if amount_fen <= 0:
        raise Refused(refuse("funds.amount"))
    if used_on > clock.today():
        raise Refused(refuse("funds.use_future"))
    if named not in judging.named_uses(row.document):
        named, other = "", other or named
        if not other.strip() or not reason.strip():
            raise Refused(refuse("funds.use_reason"))
    else:
        other = ""
    at_once = bool(named) and by.organisation_id is None
    with refused():
        use = Use.objects.create(
            subsidy=row, amount_fen=amount_fen, named=named, other=other, reason=reason, used_on=used_on,
            state=Use.State.COUNTED if at_once else Use.State.PROPOSED, recorded_by=person(by),
        )  # fmt: skip
    if proof is not None:
        use.proof = files.attach(by=by, received=proof, owner=row, organisation_id=row.organisation_id)
        use.save(update_fields=["proof"])
    note(
        row,
        by=by,
        verb="record_use",
        text=f"登记使用 {money(amount_fen)}：{use}",
        fen=amount_fen,
        reason=reason,
    )
    if not at_once:
        tell(
            people_with(row.union_id, *queries.APPROVERS), title=f"补助使用待确认：{row.subject_label}",
            body=f"{money(amount_fen)}，{use}", kind="funds.use", url=f"/subsidies/{row.pk}/",
            effect_key=f"funds.use:{use.pk}",
        )  # fmt: skip
    return use


@transaction.atomic
def decide_use(*, by: Who, use_id: int, accept: bool, reason: str = "") -> Use:
    """I3: another natural person accepts the use, or says why not."""
    row = lock(Use.objects.values_list("subsidy_id", flat=True).get(pk=use_id))
    use = Use.objects.select_for_update(of=("self",)).get(pk=use_id)
    use.subsidy = row
    require(rules.may_decide_use(by, use))
    if not accept:
        require(rules.has_reason(reason))
    use.state = Use.State.COUNTED if accept else Use.State.DECLINED
    use.decided_by, use.decided_at, use.decision_reason = by.person, clock.now(), reason
    with refused():
        use.save()
    word = "认可" if accept else f"不认可（{reason}）"
    note(row, by=by, verb="decide_use", text=f"{word}使用 {money(use.amount_fen)}：{use}", fen=use.amount_fen)
    return use
