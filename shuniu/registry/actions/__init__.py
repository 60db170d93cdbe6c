"""Every write to the registry."""

from shuniu.registry.actions.corrections import (
    decide_correction,
    keep_material,
    remove_material,
    request_correction,
    restore_material,
    withdraw_correction,
)
from shuniu.registry.actions.facts import add_fact, correct_fact, retract_fact, state_profile, verify_fact
from shuniu.registry.actions.former import change_code, record_former_code, record_former_name
from shuniu.registry.actions.organisations import (
    change_status,
    give_code,
    merge_duplicates,
    register_candidate,
    register_organisation,
    set_pinyin,
)
from shuniu.registry.actions.people import (
    claim,
    claim_with_account,
    confirm_claim,
    hand_over,
    invite_member,
    refuse_claim,
    remove_member,
    revoke_member_invitation,
    withdraw_claim,
)
from shuniu.registry.actions.screening import Watch, screen, settle_finding

__all__ = [
    "Watch", "add_fact", "change_code", "change_status", "claim", "claim_with_account", "confirm_claim",
    "correct_fact", "decide_correction", "give_code", "hand_over", "invite_member", "keep_material",
    "merge_duplicates", "record_former_code", "record_former_name", "refuse_claim", "register_candidate",
    "register_organisation", "remove_material", "remove_member", "request_correction", "restore_material",
    "retract_fact", "revoke_member_invitation", "screen", "set_pinyin", "settle_finding", "state_profile", "verify_fact",
    "withdraw_claim", "withdraw_correction",
]  # fmt: skip
