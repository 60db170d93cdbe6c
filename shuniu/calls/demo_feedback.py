"""Evidence, feedback and improvements as their own people would do them, for demonstrations and tests: actions only."""

from __future__ import annotations

import io

from shuniu.calls import evidence as demanded
from shuniu.calls.actions import evidence, feedback, improvement
from shuniu.calls.models import Application, Call, Evidence, Feedback, Improvement
from shuniu.calls.queries.call import law_of
from shuniu.calls.queries.feedback import applications_for_feedback, content_of
from shuniu.foundation.access import Who
from shuniu.foundation.files.models import Attachment

SUMMARY = "申报材料完整，服务有成效。各项得分和改进建议如下，供今后工作参考。"


def prove(
    application: Application, who: Who, *, pdf: bytes, name: str = "佐证材料.pdf", rows: tuple[str, ...] = ()
) -> list[Evidence]:
    """The applicant files one paper under every row that demands evidence (`rows`: under these only).

    The bytes are inspected once; every further row takes the same file again. A row whose files are counted is left
    out: what is said about each of them is the caller's (`calls.actions.evidence.upload`).
    """
    law = law_of(application.call)
    sheet = demanded.sheet_of(law)
    first: Attachment | None = None
    made = []
    for item in sheet.items if sheet else ():
        if (rows and item.key not in rows) or (not rows and not demanded.must_be_proved(law, item)):
            continue
        if first is None:
            upload = io.BytesIO(pdf)
            upload.name = name
            row = evidence.upload(by=who, application_id=application.pk, row=item.key, said={}, upload=upload)
            first = row.attachment
        else:
            row = evidence.reuse(by=who, application_id=application.pk, row=item.key, said={}, earlier=first)
        made.append(row)
    return made


def tell(application: Application, *, clerk: Who, approver: Who, release: bool = True) -> Feedback:
    """The clerk writes a sentence for the two rows that lost most, a second person releases it."""
    told = content_of(application, SUMMARY, {})
    lost = sorted(
        told["rows"], key=lambda r: float(r["panel"] or r["visit"] or r["own"] or 0) - float(r["most"])
    )
    comments = {r["key"]: f"“{r['label']}”还有提升空间，请对照评分标准补充工作和佐证。" for r in lost[:2]}
    kept = getattr(application, "feedback", None)
    row = feedback.submit(
        by=clerk, application_id=application.pk, version=kept.version if kept else 0, summary=SUMMARY,
        comments=comments,
    )  # fmt: skip
    return feedback.release(by=approver, application_id=application.pk) if release else row


def tell_all(call: Call, *, clerk: Who, approver: Who, waiting: int = 1, left: int = 1) -> int:
    """Feedback for everybody who was told the result; how many were released.

    The last `waiting` wait for the second person, `left` are not written yet.
    """
    rows = list(applications_for_feedback(clerk).filter(call=call).order_by("pk"))
    told = 0
    for n, application in enumerate(rows[: len(rows) - left if left else None]):
        release = n < len(rows) - left - waiting
        tell(application, clerk=clerk, approver=approver, release=release)
        told += release
    return told


def improve(
    application: Application, *, clerk: Who, member: Who, checker: Who, pdf: bytes
) -> tuple[Improvement, Improvement, Improvement]:
    """One improvement that was asked for, done and looked at; one that runs; one that the organisation offers.

    `checker`: somebody of the union that asks who has given the application no points.
    """
    first, second = application.call.rubric.filter(use="review").order_by("order")[:2]
    done = improvement.ask(
        by=clerk, application_id=application.pk, row=first.key, what=f"补充{first.label}的制度和记录", wants="制度文本",
        days=15,
    )  # fmt: skip
    improvement.report(
        by=member,
        improvement_id=done.pk,
        text="制度已经修订，理事会通过。",
        uploads=[("制度文本.pdf", io.BytesIO(pdf))],
    )
    done = improvement.accept(by=checker, improvement_id=done.pk, text="制度齐全，已对照核对。")
    running = improvement.ask(
        by=clerk,
        application_id=application.pk,
        row=second.key,
        what=f"按季度总结{second.label}的成效",
        wants="",
        days=20,
    )
    offered = improvement.offer(
        by=member, application_id=application.pk, row="", what="建立职工意见箱，每月公布办理情况"
    )
    return done, running, offered


__all__ = ["SUMMARY", "improve", "prove", "tell", "tell_all"]
