"""May this person do this to pool, committee, draw, seat? Nothing is served before the declaration."""

from __future__ import annotations

from shuniu.calls.draw import committed, sha256
from shuniu.calls.models import Call, Committee, Draw, DrawCommitment, Expert, Seat, Stage
from shuniu.calls.rules.apply import stamp
from shuniu.foundation.access import YES, Verdict, Who, first_refusal, refuse, register_refusals
from shuniu.foundation.calendar import clock

LIVE_SEATS = (Seat.State.INVITED, Seat.State.ACTIVE)

DEPARTMENT, AUDITOR, APPLICANT = "department", "auditor", "applicant"
PARTIES = {
    DEPARTMENT: "责任部门经办人",
    AUDITOR: "经审或审计管理员",
    APPLICANT: "申报单位代表",
}
"""Who may give one of the two numbers: the department and one that is not of it, until one of them refuses."""

UNDERTAKING = (
    "本人受聘参加工会组织的社会组织评审，承诺：",
    "一、对申报材料、评审过程、评分和评审意见保密，不复制、不外传，不向他人透露评审委员会成员和评审情况。",
    "二、独立、客观、公正评分，不与申报单位私下接触，不收受礼品、礼金和其他好处，不受他人请托。",
    "三、与申报单位存在任职、兼职、亲属、经济往来等可能影响公正的关系时，主动声明并回避。",
    "四、违反承诺的，同意取消评审专家资格，并承担相应责任。",
)
UNDERTAKING_DIGEST = sha256("\n".join(UNDERTAKING))

register_refusals(
    {
        "calls.pool_clerk": "专家库由{union}的经办人维护。您现在的身份不能修改。",
        "calls.expert_retired": "“{name}”已解聘，不能再修改。需要重新聘任的，请新增一条。",
        "calls.expert_seated": "“{name}”正在参加尚未结束的评审，不能解聘。请先在评审委员会中替换。",
        "calls.expert_known": "专家库里已有手机为 {phone} 的专家。请核对后修改原有的一条。",
        "calls.expert_linked": "“{name}”已经有登录账号，不用再邀请。",
        "calls.committee_exists": "这个类别的评审委员会已经成立。",
        "calls.window_open": "报名还没有截止，不能抽取专家：申报单位还不全，无法排除有关联的专家。",
        "calls.pool_small": (
            "符合条件的专家只有 {found} 人，不足 {seats} 人。请先在专家库补充这个类别的专家。"
        ),
        "calls.draw_again_why": "重新抽取要写明原因，原因会随抽取结果一起公布。",
        "calls.draw_complete": "评审委员会已经满员，不用再抽取。",
        "calls.draw_superseded": "这一次抽取已被第 {number} 次抽取代替，不再接受承诺值或原值。",
        "calls.draw_running": (
            "双方都已提交承诺值，在 {until} 前只等双方公布号码，不能另行抽取。逾期不公布的，到时公布其名并自动重新抽取。"
        ),
        "calls.party_lapsed": (
            "您在这个评审委员会的一次抽取中逾期没有公布号码，不能再代表任何一方。请由本方另一人提交。"
        ),
        "calls.reveal_too_late": (
            "公布号码的期限（{until}）已过，没有接受。逾期已公开记录，将由另一方代替后重新抽取。"
        ),
        "calls.not_party": "您现在的身份不是这次抽取的{party}，不能提交。请切换身份或联系经办人。",
        "calls.party_twice": "双方必须是两个人（按实名和手机核对）。您已经代表另一方提交过。",
        "calls.commit_form": "承诺值应为 64 位十六进制的 SHA-256 值。请按页面上的办法计算后粘贴。",
        "calls.commit_same": "两方的承诺值相同。请换一个号码和暗语，不要抄对方的值。",
        "calls.commit_twice": "这一方已经提交过承诺值，不能更改。",
        "calls.reveal_too_early": "双方都提交承诺值以后，才能公布原值。现在还差一方。",
        "calls.reveal_differs": (
            "原值与先前的承诺值对不上，没有接受。请由提交承诺值的本人核对号码和暗语，一字不差。"
        ),
        "calls.reveal_twice": "这一方已经公布过原值。",
        "calls.committee_fixed": "评分已经开始，评审委员会的人数和汇总方式不能再改。",
        "calls.committee_short": "评审委员会应有 {size} 人，现在只有 {found} 人。请先抽取补足。",
        "calls.audit_open": "本类别还有 {n} 家单位的审核没有办结或没有统一生效，不能开始评审。",
        "calls.nothing_to_review": "本类别没有审核通过的单位，不用评审。",
        "calls.review_open": "评分已经开始，不用重复操作。",
        "calls.seat_left": "这个席位已经不再参加评审。",
        "calls.seat_not_yours": "这是另一位专家的席位。",
        "calls.seat_has_scores": (
            "这位专家已经提交过评分表，不能替换。没有评完的，请在结束评分时记为“未评分”并写明原因。"
        ),
        "calls.review_not_open": "本类别的评审还没有开始。开始后会通知您。",
        "calls.undertaking_first": "请先签署本年度的保密与廉洁承诺，再查看评审材料。",
        "calls.declare_first": "请先作回避声明，再查看评审材料。声明前不提供任何申报材料。",
        "calls.declared_already": "您已经作过回避声明。后来发现需要回避的，请在该单位的评分页上申请回避。",
        "calls.recusal_why": "请写明与“{name}”的关系。",
        "calls.recusal_unknown": "选择的单位不在这次评审的名单里。请刷新页面后重新声明。",
        "calls.signed_this_year": "本年度的承诺已经签署，不用重复签。",
        "calls.not_expert": "您不在{union}的评审专家库里，或聘期已过。请联系经办人。",
    }
)  # fmt: skip


def is_clerk(who: Who, call: Call) -> Verdict:
    """The clerk of the union that runs the call."""
    return YES if who.acts_for(call.union_id, "clerk") else refuse("calls.clerk_only", union=call.union.name)


def may_keep_pool(who: Who, union_id: int, union_name: str) -> Verdict:
    """The union's own clerk keeps its pool."""
    return YES if who.acts_for(union_id, "clerk") else refuse("calls.pool_clerk", union=union_name)


def may_change_expert(who: Who, expert: Expert) -> Verdict:
    """The union's clerk, as long as the expert is not retired."""
    own = may_keep_pool(who, expert.union_id, expert.union.name)
    gone = refuse("calls.expert_retired", name=expert.name) if expert.retired_at else YES
    return first_refusal([own, gone])


def may_run(who: Who, call: Call) -> Verdict:
    """Everything that a clerk does to the review of a running call."""
    state = (
        YES
        if call.state == Call.State.PUBLISHED
        else refuse("calls.not_running", state=call.get_state_display())
    )
    return first_refusal([is_clerk(who, call), state])


def may_freeze(who: Who, committee: Committee, *, last: Draw | None, live: int, reason: str) -> Verdict:
    """第五条（四）: after the window, while seats are free; a draw that stalled is replaced with a reason."""
    call = committee.call
    verdicts = [may_run(who, call)]
    if call.apply_until is None or clock.now() < call.apply_until:
        verdicts.append(refuse("calls.window_open"))
    if committee.closed_at is not None:
        verdicts.append(refuse("calls.scoring_closed"))
    if live >= committee.size:
        verdicts.append(refuse("calls.draw_complete"))
    if last is not None and last.reveal_by is not None and is_waiting(last):
        verdicts.append(refuse("calls.draw_running", until=stamp(last.reveal_by)))
    if last is not None and not reason.strip():
        verdicts.append(refuse("calls.draw_again_why"))
    return first_refusal(verdicts)


def is_waiting(draw: Draw) -> bool:
    """D2: both committed, not both told: whoever knows the outcome first cannot have another draw instead."""
    return draw.reveal_by is not None and not hasattr(draw, "result") and not draw.lapses.exists()


def next_parties(refused: set[str], second: str = AUDITOR) -> list[str]:
    """Who gives the numbers: the department and `second`, without the parties that let the last draw lapse.

    When too few are left, other people of the same party: those who refused are barred by name.
    """
    order = list(dict.fromkeys((DEPARTMENT, second, AUDITOR, APPLICANT)))
    return [*(p for p in order if p not in refused), *(p for p in order if p in refused)][:2]


def acts_as(who: Who, draw: Draw, party: str, applicants: set[int]) -> Verdict:
    """`party` of this draw is spoken for by its own role; `applicants`: organisations under review here."""
    label = next((p["label"] for p in draw.parties if p["key"] == party), "当事方")
    union_id = draw.committee.call.union_id
    fits = {
        DEPARTMENT: who.acts_for(union_id, "clerk"),
        AUDITOR: who.acts_for(union_id, "auditor", "audit_admin"),
        APPLICANT: who.organisation_id is not None and who.organisation_id in applicants,
    }
    known = any(p["key"] == party for p in draw.parties)
    return YES if known and fits.get(party, False) else refuse("calls.not_party", party=label)


def _not_both(who: Who, party: str, given: list[DrawCommitment]) -> Verdict:
    """One natural person speaks for one party."""
    identity = who.person.identity if who.person else ""
    twice = any(g.party != party and g.identity == identity for g in given)
    return refuse("calls.party_twice") if twice else YES


def _current(draw: Draw, last: Draw) -> Verdict:
    call = draw.committee.call
    if call.state != Call.State.PUBLISHED:
        return refuse("calls.not_running", state=call.get_state_display())
    return YES if draw.pk == last.pk else refuse("calls.draw_superseded", number=last.number)


def may_commit(
    who: Who,
    draw: Draw,
    party: str,
    digest: str,
    *,
    given: list[DrawCommitment],
    last: Draw,
    applicants: set[int],
    lapsed: frozenset[str] = frozenset(),
) -> Verdict:
    """A digest, once per party, by another person than the other party's and than who let a draw lapse."""
    form = len(digest) == 64 and all(c in "0123456789abcdef" for c in digest)
    commits = [g for g in given if g.kind == "commit"]
    verdicts = [acts_as(who, draw, party, applicants), _current(draw, last), _not_both(who, party, given)]
    if who.person is not None and who.person.identity in lapsed:
        verdicts.append(refuse("calls.party_lapsed"))
    if any(g.party == party for g in commits):
        verdicts.append(refuse("calls.commit_twice"))
    if not form:
        verdicts.append(refuse("calls.commit_form"))
    if any(g.value == digest for g in commits):
        verdicts.append(refuse("calls.commit_same"))
    return first_refusal(verdicts)


def may_reveal(
    who: Who,
    draw: Draw,
    party: str,
    value: str,
    *,
    given: list[DrawCommitment],
    last: Draw,
    applicants: set[int],
) -> Verdict:
    """The value behind the digest, by the same person, after both digests are there."""
    commits = {g.party: g for g in given if g.kind == "commit"}
    verdicts = [acts_as(who, draw, party, applicants), _current(draw, last), _not_both(who, party, given)]
    if len(commits) < len(draw.parties):
        verdicts.append(refuse("calls.reveal_too_early"))
    if any(g.party == party and g.kind == "reveal" for g in given):
        verdicts.append(refuse("calls.reveal_twice"))
    if draw.reveal_by is not None and clock.now() >= draw.reveal_by:
        verdicts.append(refuse("calls.reveal_too_late", until=stamp(draw.reveal_by)))
    own = commits.get(party)
    identity = who.person.identity if who.person else ""
    if own is None or own.value != committed(value) or own.identity != identity:
        verdicts.append(refuse("calls.reveal_differs"))
    return first_refusal(verdicts)


def may_open(who: Who, committee: Committee, *, live: int, unfinished: int, qualified: int) -> Verdict:
    """第五条（四）: only what passed the audit is reviewed, and only by a whole committee."""
    verdicts = [may_run(who, committee.call)]
    if committee.opened_at is not None:
        verdicts.append(refuse("calls.review_open"))
    if unfinished:
        verdicts.append(refuse("calls.audit_open", n=unfinished))
    if not qualified:
        verdicts.append(refuse("calls.nothing_to_review"))
    if live < committee.size:
        verdicts.append(refuse("calls.committee_short", size=committee.size, found=live))
    return first_refusal(verdicts)


def owns_seat(who: Who, seat: Seat) -> Verdict:
    """The expert's own seat, acted upon as expert of that union, while it takes part."""
    mine = (
        who.person is not None
        and seat.expert.person_id == who.person.pk
        and who.acts_for(seat.committee.call.union_id, "expert")
    )
    if not mine:
        return refuse("calls.seat_not_yours")
    return YES if seat.state in LIVE_SEATS else refuse("calls.seat_left")


def review_is_on(seat: Seat) -> Verdict:
    """Scoring was opened, the call runs."""
    call = seat.committee.call
    if call.state != Call.State.PUBLISHED:
        return refuse("calls.not_running", state=call.get_state_display())
    return YES if seat.committee.opened_at is not None else refuse("calls.review_not_open")


def scores_now(seat: Seat) -> bool:
    """Whether the review of this seat runs: opened, not closed, its call neither cancelled nor over."""
    return bool(review_is_on(seat)) and seat.committee.closed_at is None


def may_declare(who: Who, seat: Seat, *, signed: bool) -> Verdict:
    """Once, after the yearly undertaking, before any material."""
    verdicts = [owns_seat(who, seat), review_is_on(seat)]
    if not signed:
        verdicts.append(refuse("calls.undertaking_first"))
    if seat.declared_at is not None:
        verdicts.append(refuse("calls.declared_already"))
    if seat.committee.closed_at is not None:
        verdicts.append(refuse("calls.scoring_closed"))
    return first_refusal(verdicts)


def may_read_material(who: Who, seat: Seat, *, signed: bool) -> Verdict:
    """D3, U32: own live seat, review open, undertaking of this year signed, conflicts declared.

    When the call is over nothing is served any more but one's own sheets: they stay readable.
    """
    verdicts = [owns_seat(who, seat)]
    if seat.committee.call.state != Call.State.FINISHED:
        verdicts.append(review_is_on(seat))
        if not signed:
            verdicts.append(refuse("calls.undertaking_first"))
    if seat.declared_at is None:
        verdicts.append(refuse("calls.declare_first"))
    return first_refusal(verdicts)


def may_decline(who: Who, seat: Seat) -> Verdict:
    """Before the first sheet is in; afterwards only the clerk records what is missing."""
    closed = refuse("calls.scoring_closed") if seat.committee.closed_at else YES
    return first_refusal([owns_seat(who, seat), closed])


def may_replace(who: Who, seat: Seat, *, submitted: int) -> Verdict:
    """The clerk replaces who does not take part; submitted scores cannot be swept away by it."""
    verdicts = [may_run(who, seat.committee.call)]
    if seat.state not in LIVE_SEATS:
        verdicts.append(refuse("calls.seat_left"))
    if seat.committee.closed_at is not None:
        verdicts.append(refuse("calls.scoring_closed"))
    if submitted:
        verdicts.append(refuse("calls.seat_has_scores"))
    return first_refusal(verdicts)


REVIEWED = (Stage.QUALIFIED,)
UNFINISHED = (Stage.SUBMITTED, Stage.CORRECTING, Stage.CHECKING)
