"""May this person do this to this project now?"""

from __future__ import annotations

from shuniu.foundation.access import YES, Verdict, Who, first_refusal, refuse, register_refusals
from shuniu.projects.models import Project
from shuniu.recognition.models import Honour

register_refusals(
    {
        "projects.clerk_only": "项目由{union}的经办人登记和更改。",
        "projects.twice": "这家单位同名、同日开始的项目已经登记过。请在项目列表里核对。",
        "projects.days": "结束或完成日期早于开始日期。请核对。",
        "projects.future": "完成或终止日期晚于今天。请核对。",
        "projects.one_end": "完成日期和终止日期只填一项。",
        "projects.not_done": "“{name}”还没有完成，不能推荐。完成后请先登记完成日期。",
        "projects.amount": "合同金额不能小于零。请核对。",
    }
)


def may_keep(who: Who, union_id: int, union_name: str) -> Verdict:
    """A clerk of the union that the project was done for."""
    return YES if who.acts_for(union_id, "clerk") else refuse("projects.clerk_only", union=union_name)


def may_nominate(who: Who, row: Project) -> Verdict:
    """The same clerk, once the project is completed."""
    done = YES if row.completed_on is not None else refuse("projects.not_done", name=row.name)
    return first_refusal([may_keep(who, row.union_id, row.union.name), done])


def may_record_result(who: Who, row: Project) -> Verdict:
    """The clerk of its union, or of one that honoured it and recommended it upward: whose ledger the result enters."""
    granted = Honour.objects.filter(
        subject_key=row.key, union=who.union_id or 0, source=Honour.Source.OWN, state=Honour.State.IN_FORCE
    )
    if who.role == "clerk" and who.union_id is not None and granted.exists():
        return YES
    return may_keep(who, row.union_id, row.union.name)
