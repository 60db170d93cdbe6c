"""The check desk played by its own people, for demonstrations and tests: nothing is written but by actions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shuniu.calls.actions import audit
from shuniu.calls.models import Application, Call, Correction, Stage
from shuniu.calls.queries import audit as queries
from shuniu.foundation.access import Who, system

RUN = system("系统逐条判断")
YES_NOTE = "已对照材料核对。"


def judge_all(application: Application, clerk: Who, *, no: Iterable[str] = ()) -> None:
    """The clerk answers every question; `no`: judged facts that are answered with no."""
    audit.run_findings(by=RUN, application_id=application.pk)
    refused = set(no)
    for finding in queries.latest_findings(application):
        for ask in finding.asks:
            value = ask["name"] not in refused
            audit.answer(
                by=clerk, application_id=application.pk, fact=ask["name"], value=value,
                note=YES_NOTE if value else "材料显示不具备。",
            )  # fmt: skip
        if finding.status == "soft_passed":
            audit.accept_reason(
                by=clerk, application_id=application.pk, condition=finding.condition, value=True,
                note="业务范围覆盖所申报的类别，理由成立。",
            )  # fmt: skip
        if finding.status == "ambiguous":
            audit.choose_reading(
                by=clerk, call_id=application.call_id, application_id=application.pk,
                condition=finding.condition, reading=finding.readings[-1]["key"], reason="与登记管理机关核实后认可。",
            )  # fmt: skip


def conclude_one(application: Application, clerk: Who, *, no: Iterable[str] = ()) -> str:
    """The clerk concludes what the findings say; "qualified" or "unqualified"."""
    judge_all(application, clerk, no=no)
    standing = queries.standing(application)
    if not standing.failed and not standing.left:
        audit.conclude(by=clerk, application_id=application.pk, verdict="qualified", note="各项条件符合。")
        return "qualified"
    ground = [*standing.failed, *standing.left][0]
    audit.conclude(
        by=clerk, application_id=application.pk, verdict="unqualified", clause=ground.clause,
        note=f"{ground.label}：{ground.reason or '不符合'}",
    )  # fmt: skip
    return "unqualified"


def correct_one(application: Application, clerk: Who, keys: Sequence[str], reason: str = "") -> Correction:
    """The clerk asks for a correction of these parts (`plan`, `material:inspection`)."""
    audit.run_findings(by=RUN, application_id=application.pk)
    return audit.send_correction(
        by=clerk, application_id=application.pk,
        items=[{"key": key, "reason": reason or "内容不清晰，请重新提交"} for key in keys],
    )  # fmt: skip


def audit_all(
    call: Call, clerk: Who, checker: Who, *, no: dict[int, Iterable[str]] | None = None, release: bool = True
) -> dict[str, int]:
    """Everything that waits is judged, concluded and checked, and takes effect; {verdict: how many}.

    `no`: application → judged facts that are answered with no. What cannot be concluded (unknown facts with
    no correction asked for) keeps waiting, under "waiting".
    """
    told: dict[str, int] = {"qualified": 0, "unqualified": 0, "waiting": 0}
    done: list[int] = []
    for application in Application.objects.filter(call=call, stage=Stage.SUBMITTED).order_by(
        "submitted_at", "id"
    ):
        refused = (no or {}).get(application.pk, ())
        judge_all(application, clerk, no=refused)
        standing = queries.standing(application)
        if standing.left and not standing.failed and not application.corrections.exists():
            told["waiting"] += 1
            continue
        told[conclude_one(application, clerk, no=refused)] += 1
        audit.confirm(by=checker, application_id=application.pk)
        done.append(application.pk)
    if release and done:
        audit.release_many(by=clerk, ids=done)
    return told
