"""Every write to accounts: people, invitations, sessions."""

from shuniu.foundation.accounts.actions.invitations import (
    accept_invitation,
    accept_invitation_as,
    invite,
    register_purpose,
    reset_password,
    revoke_invitation,
)
from shuniu.foundation.accounts.actions.people import (
    change_own_profile,
    change_password,
    create_person,
    deactivate,
    remove_second_factor,
    set_password,
)
from shuniu.foundation.accounts.actions.sessions import (
    end_all_sessions,
    end_other_sessions,
    end_session,
    note_lock_out,
    note_sign_in,
    note_sign_out,
)

__all__ = [
    "accept_invitation", "accept_invitation_as", "change_own_profile", "change_password", "create_person",
    "deactivate", "end_all_sessions", "end_other_sessions", "end_session", "invite", "note_lock_out",
    "note_sign_in", "note_sign_out", "register_purpose", "remove_second_factor", "reset_password",
    "revoke_invitation", "set_password",
]  # fmt: skip
