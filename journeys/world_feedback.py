"""What the world has of feedback and improvements: one application that was told, improves and offers more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shuniu.calls import demo_feedback
from shuniu.calls.models import Application, ImprovementEvent
from shuniu.foundation.files.queries import attachments_of
from shuniu.foundation.files.tests import samples

if TYPE_CHECKING:
    from journeys.world import World


def feedback_of(world: World) -> None:
    """The application of the finished call: released feedback, one improvement closed, one running, one offered."""
    of, who = world.office, world.people["owner"]
    made = Application.objects.get(pk=world.ids["finished_app"])
    demo_feedback.tell(made, clerk=of.clerk, approver=of.checker)
    done, running, offered = demo_feedback.improve(
        made, clerk=of.clerk, member=who, checker=of.checker, pdf=samples.pdf()
    )
    report = ImprovementEvent.objects.get(improvement=done, kind="report")
    world.keep(
        improved=done, improvement=running, offered=offered, improvement_file=attachments_of(report)[0]
    )
