"""May this person attach the paper, ask, answer, publish an answer?"""

from __future__ import annotations

from shuniu import policy
from shuniu.foundation.access import YES, Verdict, Who, first_refusal, refuse, register_refusals
from shuniu.library.models import Question
from shuniu.library.queries import newest_release
from shuniu.unions.models import Union
from shuniu.unions.rules import second_person

register_refusals(
    {
        "library.paper_keeper": "原文由发布这份制度的工会（{keeper}）的安全管理员上传。",
        "library.no_law": "制度库里没有标识为 {key} 的制度。请从制度库的页面进入。",
        "library.no_words": "“{name}”里读不出文字，可能是扫描件。请上传可以复制文字的 Word、PDF 或纯文本。",
        "library.no_clauses": "“{name}”里没有找到逐条的编号。请核对是不是制度原文。",
        "library.ask_login": "请先登录并以本单位的身份提问。",
        "library.ask_clause": "《{title}》没有“{number}”。请从列出的条款中选择。",
        "library.ask_words": "没有写问题。请写明哪里不清楚。",
        "library.answerer": "这个问题由{union}的经办人答复，复核人或领导审签后公布。",
        "library.answer_words": "没有写答复。请填写。",
        "library.question_state": "这个问题现在是“{state}”，不能办理这一步。请刷新页面核对。",
    }
)

PUBLISHERS = ("checker", "leader")


def may_attach(who: Who, union: Union, law: policy.Document) -> Verdict:
    """The union that published it; a document of the product: a union of the level that issued it."""
    if who.role != "sec_admin":
        return refuse("library.sec_admin")
    release = newest_release(law.key)
    if release is not None and release.union_id != union.pk:
        return refuse("library.paper_keeper", keeper=release.union.name)
    if release is None and union.level != law.issuer.level:
        return refuse("library.paper_keeper", keeper=law.issuer.name)
    return YES


def may_ask(who: Who) -> Verdict:
    """Whoever acts for a union or an organisation."""
    known = who.person is not None and (who.union_id is not None or who.organisation_id is not None)
    return YES if known else refuse("library.ask_login")


def may_answer(who: Who, question: Question) -> Verdict:
    """A clerk of the union that interprets, while the answer is not published."""
    if not who.acts_for(question.union_id, "clerk"):
        return refuse("library.answerer", union=question.union.name)
    return _is(question, Question.State.ASKED, Question.State.ANSWERED)


def may_publish_answer(who: Who, question: Question) -> Verdict:
    """Another natural person than the one who wrote it."""
    if not who.acts_for(question.union_id, *PUBLISHERS):
        return refuse("library.answerer", union=question.union.name)
    return first_refusal(
        (_is(question, Question.State.ANSWERED), second_person(who, question.answered_by_id))
    )


def _is(question: Question, *states: Question.State) -> Verdict:
    if question.state in states:
        return YES
    return refuse("library.question_state", state=question.get_state_display())
