"""Pages of accounts that need no role: the entrance, the second factor, one's own password and sessions."""
