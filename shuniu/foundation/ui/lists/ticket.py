"""What a form of a list carries: which list, with which query, for whom. Signed, good for eight hours."""

from __future__ import annotations

from typing import Any

from django.core import signing

from shuniu.foundation.access import Refused, Who, refuse, register_refusals
from shuniu.foundation.ui.lists.base import List, find

_SALT = "shuniu.lists"
_SECONDS = 8 * 3600

register_refusals(
    {
        "lists.ticket": "这一页打开太久或不是您打开的，请回到列表重新操作。",
        "lists.hat": "您现在的身份与打开列表时不同，请切换回原来的身份，或回到列表重新操作。",
    }
)


def seal(listing: List) -> str:
    """A signed note of the list as its asker sees it."""
    who = listing.who
    return signing.dumps(
        {
            "list": listing.key,
            "path": listing.path,
            "query": listing.state.query(),
            "scope": listing.scope,
            "person": who.person.pk if who.person else None,
            "hat": who.hat.key if who.hat else "",
        },
        salt=_SALT,
        compress=True,
    )


def unseal(who: Who, key: str, sealed: str) -> List:
    """The list again, for the same person under the same hat; Refused otherwise."""
    try:
        note: dict[str, Any] = signing.loads(sealed, salt=_SALT, max_age=_SECONDS)
    except signing.BadSignature:
        raise Refused(refuse("lists.ticket")) from None
    if note["list"] != key or who.person is None or note["person"] != who.person.pk:
        raise Refused(refuse("lists.ticket"))
    if note["hat"] != (who.hat.key if who.hat else ""):
        raise Refused(refuse("lists.hat"))
    return find(key).rebuilt(who, note["path"], note["query"], note["scope"])


__all__ = ["seal", "unseal"]
