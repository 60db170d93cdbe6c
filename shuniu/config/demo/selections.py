"""Every thread of the story, and the plans that reach beyond its last day."""

from __future__ import annotations

import datetime as dt

from shuniu.config.demo.awarded import line as awarded_line
from shuniu.config.demo.awarding import line as award_line
from shuniu.config.demo.calling import Plan
from shuniu.config.demo.clock import Line
from shuniu.config.demo.honouring import line as honour_line
from shuniu.config.demo.lawmaking import lines as law_lines
from shuniu.config.demo.nominating import line as project_line
from shuniu.config.demo.office import lines as office_lines
from shuniu.config.demo.opening import is_draft, is_open, is_pending, open_plan, pending_plan
from shuniu.config.demo.past import before_last, cancelled, last_year
from shuniu.config.demo.running import audit_plan, in_audit, in_review, on_view, review_plan, view_plan
from shuniu.config.demo.scene import Scene
from shuniu.config.demo.surveying import lines as survey_lines
from shuniu.config.demo.yearly import inspections


def lines(scene: Scene) -> list[Line]:
    """All threads; what happens at the same instant happens in this order."""
    return [
        inspections(scene.who("linjb"), scene.everybody, scene.today),
        before_last(scene),
        last_year(scene),
        cancelled(scene),
        on_view(scene),
        in_review(scene),
        in_audit(scene),
        is_open(scene),
        is_pending(scene),
        is_draft(scene),
        honour_line(scene),
        project_line(scene),
        awarded_line(scene),
        award_line(scene),
        *office_lines(scene),
        *survey_lines(scene),
        *law_lines(scene),
    ]


def running_plans(today: dt.date) -> list[Plan]:
    """The plans that reach beyond the day of the story: their calendar must be confirmed."""
    return [view_plan(today), review_plan(today), audit_plan(today), open_plan(today), pending_plan(today)]
