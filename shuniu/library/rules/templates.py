"""May this person put a form of the union's own in the place of the document's?"""

from __future__ import annotations

from shuniu import policy
from shuniu.foundation.access import YES, Verdict, Who, first_refusal, refuse, register_refusals
from shuniu.library.queries import laws_for, versions_of

register_refusals(
    {
        "library.no_template": "制度库里没有这个表样。请从制度的页面进入。",
        "library.template_role": "表样由使用这份制度的工会的经办人或安全管理员修订。",
        "library.template_not_ours": "“{label}”现在就是制度所带的文本，不用恢复。",
    }
)

REVISERS = ("clerk", "sec_admin")


def may_revise(who: Who, law: policy.Document) -> Verdict:
    """Whoever prepares calls or documents of a union that works under the document."""
    if who.union_id is None or who.role not in REVISERS:
        return refuse("library.template_role")
    if law.key not in {each.key for each in laws_for(who.union_id)}:
        return refuse("library.template_role")
    return YES


def may_restore(who: Who, law: policy.Document, template: policy.Template) -> Verdict:
    """Where the union's own version counts now."""
    return first_refusal((may_revise(who, law), _is_revised(who, law, template)))


def _is_revised(who: Who, law: policy.Document, template: policy.Template) -> Verdict:
    newest = next(iter(versions_of(law, template, who.union_id or 0)), None)
    if newest is None or newest.file_id is None:
        return refuse("library.template_not_ours", label=template.label)
    return YES
