"""What the journal calls the acts of the library."""

from __future__ import annotations

from shuniu.foundation.journal import words


def register() -> None:
    """Tell the journal."""
    words.register(
        "library",
        verbs={
            "library.store": "存入制度库",
            "library.upload": "上传制度",
            "library.propose": "提请发布制度",
            "library.publish": "发布制度",
            "library.decline": "不同意发布制度",
            "library.discard": "放弃上传的制度",
            "library.estimate": "测算制度影响",
            "library.estimated": "算出制度影响",
            "library.propose_end": "提请停用制度",
            "library.end": "停用制度",
            "library.decline_end": "不同意停用制度",
            "library.attach_paper": "上传制度原文",
            "library.revise_template": "修订表样",
            "library.restore_template": "恢复表样",
            "library.ask": "就条款提问",
            "library.answer": "拟定条款解释",
            "library.publish_answer": "公布条款解释",
            "library.return_answer": "退回条款解释",
        },
        facts={"cases": "案例", "clauses": "条文", "damages": "编号问题"},
    )
