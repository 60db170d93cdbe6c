"""What a value of a call rests on: the document's own clause, or the call."""

from __future__ import annotations

from django import template

from shuniu.calls import terms
from shuniu.calls.models import Application, Call, PublicList
from shuniu.calls.queries import outcome

register = template.Library()


@register.filter
def basis(call: Call, key: str) -> str:
    """依据第十二条, or 本办法未规定，由本次通知规定."""
    return terms.basis(call, key)


@register.filter
def work(call: Call) -> str:
    """遴选 or 评选."""
    return outcome.work(call)


@register.filter
def review_word(call: Call) -> str:
    """集中评审, 专家评议, …"""
    return outcome.review_word(call)


@register.filter
def stage_word(application: Application) -> str:
    """Where an application stands, in the words of its call's document."""
    return outcome.stage_word(application)


@register.filter
def list_word(row: PublicList) -> str:
    """What a list is called."""
    return outcome.list_word(row)


@register.filter
def clause_for(call: Call, key: str) -> str:
    """The document's clause for a point of the procedure, or 本办法未规定."""
    said = terms.settled(call, key)
    return said.clause if said else "本办法未规定"
