"""May this folder come into the library, and by whom?"""

from __future__ import annotations

from shuniu import policy
from shuniu.foundation.access import YES, Verdict, Who, first_refusal, refuse, register_refusals
from shuniu.library.models import Document, Upload
from shuniu.library.queries import keys, newest_release, policy_of
from shuniu.library.rules.documents import in_use, may_store
from shuniu.library.unpacking import unpacked
from shuniu.policy.extending import under_base
from shuniu.unions.models import Union
from shuniu.unions.queries import ancestor_ids
from shuniu.unions.rules import second_person

register_refusals(
    {
        "library.sec_admin": "制度由安全管理员上传和提请发布。请切换到安全管理员身份。",
        "library.approver": "发布制度由{union}的复核人、领导或另一位安全管理员确认。",
        "library.too_complex": "“{name}”太大或太复杂，没有在规定时间内检查完。请减少文件后重新打包。",
        "library.state": "这份制度现在是“{state}”，不能办理这一步。请刷新页面核对。",
        "library.reason": "不同意须写明理由，提请人会看到。",
        "library.key_shipped": "标识 {key} 是随系统提供的制度，不能另行发布。请换一个标识；要在其基础上调整的，请用“采用”。",
        "library.key_taken": "标识 {key} 已由{union}使用。请换一个标识。",
        "library.key_reserved": "标识 {key} 由系统保留，不能用作制度的标识。请换一个标识。",
        "library.released": "《{title}》{version} 版已经发布，内容相同，不用再次发布。",
        "library.base_unknown": "文件夹采用的上级制度不在制度库中，或 base/ 中的内容与制度库不同。请在上级制度的页面办理“采用”。",
        "library.not_adoptable": "《{title}》没有写明可以由{level}工会采用，{union}不能采用。请直接执行，或联系制定单位。",
        "library.not_below": "《{title}》由{union}发布，只有它的下级工会可以采用。",
    }
)  # fmt: skip

APPROVERS = ("checker", "leader", "sec_admin")
RESERVED = frozenset({"uploads", "questions", "endings"})
"""Words that are addresses of the library itself."""


def may_upload(who: Who) -> Verdict:
    """The security administrator of a union prepares its documents."""
    return YES if who.role == "sec_admin" and who.union_id is not None else refuse("library.sec_admin")


def may_propose(who: Who, upload: Upload) -> Verdict:
    """What passed the check, by the security administrator of its union."""
    if not who.acts_for(upload.union_id, "sec_admin"):
        return refuse("library.sec_admin")
    return _is(upload, Upload.State.CHECKED)


def may_discard(who: Who, upload: Upload) -> Verdict:
    """What is not published."""
    if not who.acts_for(upload.union_id, "sec_admin"):
        return refuse("library.sec_admin")
    return _is(upload, Upload.State.REFUSED, Upload.State.CHECKED, Upload.State.PROPOSED)


def may_confirm(who: Who, upload: Upload) -> Verdict:
    """Another natural person of the union than the one who proposed."""
    if not who.acts_for(upload.union_id, *APPROVERS):
        return refuse("library.approver", union=upload.union.name)
    return first_refusal((_is(upload, Upload.State.PROPOSED), second_person(who, upload.proposed_by_id)))


def _is(upload: Upload, *states: Upload.State) -> Verdict:
    return YES if upload.state in states else refuse("library.state", state=upload.get_state_display())


def may_publish(upload: Upload) -> Verdict:
    """B2: the key is free or the union's own, the wording under the version is one, the upper document is the true one."""
    release = newest_release(upload.key)
    if upload.key in RESERVED:
        return refuse("library.key_reserved", key=upload.key)
    if upload.key in keys():
        return refuse("library.key_shipped", key=upload.key)
    if release is not None and release.union_id != upload.union_id:
        return refuse("library.key_taken", key=upload.key, union=release.union.name)
    if Document.objects.filter(digest=upload.digest, release__isnull=False).exists():
        return refuse("library.released", title=upload.title, version=upload.version)
    one = may_store(title=upload.title, key=upload.key, version=upload.version, digest=upload.digest)
    return one if not one or upload.base is None else _is_true_base(upload, upload.base)


def _is_true_base(upload: Upload, base: Document) -> Verdict:
    carried, kept = under_base(unpacked(upload.files)), unpacked(base.files)
    if any(kept.get(name) != content for name, content in carried.items()):
        return refuse("library.base_unknown")
    return may_adopt_law(upload.union, policy_of(base))


def may_adopt(who: Who, union: Union, law: policy.Document) -> Verdict:
    """B6: the security administrator of a lower union, where the document says that its level may."""
    return first_refusal((may_upload(who), may_adopt_law(union, law)))


def may_adopt_law(union: Union, law: policy.Document) -> Verdict:
    """The document names the level; one that a union published is for the unions below it."""
    if union.level not in law.may_adopt:
        return refuse(
            "library.not_adoptable", clause=law.issuer.clause, title=law.title, union=union.name,
            level=union.get_level_display(),
        )  # fmt: skip
    release = newest_release(law.key)
    if release is not None and (
        release.union_id == union.pk or release.union_id not in ancestor_ids(union.pk)
    ):
        return refuse("library.not_below", title=law.title, union=release.union.name)
    return in_use(release)
