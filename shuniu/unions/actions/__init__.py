"""Every write to the tree, to roles and to delegations."""

from shuniu.unions.actions.delegations import delegate, end_delegation
from shuniu.unions.actions.handing import hand_on
from shuniu.unions.actions.journal import ask_for_proof, prove
from shuniu.unions.actions.people import ask_for_new_password, deactivate_person, reset_second_factor
from shuniu.unions.actions.roles import (
    confirm_role_change,
    decline_role_change,
    grant_role,
    invite_to_role,
    revoke_role,
    revoke_role_invitation,
)
from shuniu.unions.actions.tree import change_union, create_union, initials_of

__all__ = [
    "ask_for_new_password", "ask_for_proof", "change_union", "confirm_role_change", "create_union",
    "deactivate_person", "decline_role_change", "delegate", "end_delegation", "grant_role", "hand_on", "initials_of",
    "invite_to_role", "prove", "reset_second_factor", "revoke_role", "revoke_role_invitation",
]  # fmt: skip
