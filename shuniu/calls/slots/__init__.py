"""What this slice puts into the six slots, noun by noun."""

from shuniu.calls.slots import (
    apply,
    assignment,
    audit,
    call,
    feedback,
    listing,
    objection,
    panel,
    promotion,
    recommend,
    retention,
    scoring,
)


def register() -> None:
    """Register every noun's navigation, to-do, panels and search; the order is the order of the menu."""
    for noun in (
        call,
        apply,
        audit,
        recommend,
        panel,
        assignment,
        scoring,
        feedback,
        listing,
        promotion,
        objection,
        retention,
    ):
        noun.register()
