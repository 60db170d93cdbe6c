"""The auditor's proof of the journal, itself an act."""

from __future__ import annotations

import dataclasses

from django.db import transaction

from shuniu.foundation.access import Refused, Who, refuse
from shuniu.foundation.jobs import enqueue
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.journal.queries import Proof, head
from shuniu.foundation.journal.queries import verify as walk
from shuniu.foundation.notices.actions import tell


@transaction.atomic
def ask_for_proof(*, by: Who) -> None:
    """R2: have the whole chain computed again in a job; its result comes into the inbox."""
    if by.role not in ("audit_admin", "auditor") or by.person is None or by.hat is None:
        raise Refused(refuse("unions.not_auditor"))
    if head() is None:
        raise Refused(refuse("unions.nothing_sealed"))
    key = f"unions.verify_journal:{by.person.pk}"
    enqueue("unions.verify_journal", once=key, person_id=by.person.pk, hat=by.hat.key)


def prove(*, by: Who) -> Proof:
    """R2: compute the chain again, tell whoever asked, and note that it was proved."""
    proof = walk()
    block = head()
    assert by.person is not None and block is not None
    good = f"日志完整：{proof.blocks} 块、{proof.entries} 条与封存时一致"
    text = good if proof.intact else f"日志不一致：{proof.problem}"
    with transaction.atomic():
        journal.record(
            by=by, verb="verify_journal", text=text, subject=block,
            facts=dataclasses.asdict(proof),
        )  # fmt: skip
        tell([by.person], title=text, kind="unions.journal_verified", url="/journal/")
    return proof
