"""Every write about lists: a person's columns and views, exports asked for and made."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from shuniu.foundation import jobs
from shuniu.foundation.access import Refused, Who, refuse, register_refusals, who_is
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal.actions import record
from shuniu.foundation.notices.actions import tell
from shuniu.foundation.ui.lists import export as workbook
from shuniu.foundation.ui.lists.base import List, find
from shuniu.foundation.ui.models import Export, ListPreference, SavedView

VIEWS_LIMIT = 30
EXPORT_KEPT = dt.timedelta(days=1)

register_refusals(
    {
        "lists.nobody": "请先登录，再保存列表设置。",
        "lists.views": f"每张列表最多保存 {VIEWS_LIMIT} 个视图，请先删除不用的。",
        "lists.view_gone": "这个视图已不存在，请刷新后再试。",
        "lists.query_long": "条件太长，不能保存为视图，请减少条件后再试。",
        "lists.busy": "您已有 3 个导出正在进行，请等完成后再试。",
    }
)


def _person(by: Who) -> Person:
    if by.person is None:
        raise Refused(refuse("lists.nobody"))
    return by.person


@transaction.atomic
def note_download(*, by: Who, listing: List, rows: int) -> None:
    """R1: whoever takes a list out of the house leaves an entry: which list, under which conditions, how many rows."""
    query = listing.state.query()
    record(
        by=by, verb="lists.export", text=f"导出“{listing.heading()}”{rows} 行", subject=_person(by),
        facts={"list": listing.key, "query": query, "rows": rows},
    )  # fmt: skip


@transaction.atomic
def prefer(*, by: Who, key: str, columns: Sequence[str], density: str, page_size: int | None) -> None:
    """Keep how one wants a list: columns in order (none: as declared), row height, rows on a page."""
    ListPreference.objects.update_or_create(
        person=_person(by),
        key=key,
        defaults={"columns": list(columns), "density": density, "page_size": page_size},
    )


@transaction.atomic
def forget_preference(*, by: Who, key: str) -> None:
    """Back to the list as it was declared."""
    ListPreference.objects.filter(person=_person(by), key=key).delete()


@transaction.atomic
def save_view(*, by: Who, key: str, name: str, query: str, is_default: bool = False) -> SavedView:
    """Keep a query under a name; the same name again replaces it."""
    # The person's row serialises their views: one default, at most VIEWS_LIMIT.
    person = Person.objects.select_for_update().get(pk=_person(by).pk)
    mine = SavedView.objects.filter(person=person, key=key)
    if len(query) > 2000:
        raise Refused(refuse("lists.query_long"))
    if not mine.filter(name=name).exists() and mine.count() >= VIEWS_LIMIT:
        raise Refused(refuse("lists.views"))
    if is_default:
        mine.update(is_default=False)
    view, _ = SavedView.objects.update_or_create(
        person=person, key=key, name=name, defaults={"query": query, "is_default": is_default}
    )
    return view


@transaction.atomic
def delete_view(*, by: Who, key: str, view_id: int) -> None:
    """Delete one of one's own views."""
    gone, _ = SavedView.objects.filter(person=_person(by), key=key, pk=view_id).delete()
    if not gone:
        raise Refused(refuse("lists.view_gone"))


@transaction.atomic
def open_with_view(*, by: Who, key: str, view_id: int | None) -> None:
    """Make one of one's own views the one that the list opens with; None: none."""
    person = Person.objects.select_for_update().get(pk=_person(by).pk)
    mine = SavedView.objects.filter(person=person, key=key)
    mine.update(is_default=False)
    if view_id is not None and not mine.filter(pk=view_id).update(is_default=True):
        raise Refused(refuse("lists.view_gone"))


@transaction.atomic
def ask_export(*, by: Who, listing: List) -> Export:
    """Ask the worker for a large export; it is made with the asker's own eyes and kept for a day."""
    person = Person.objects.select_for_update().get(pk=_person(by).pk)
    open_states = (Export.State.WAITING, Export.State.RUNNING)
    busy = Export.objects.filter(
        person=person, state__in=open_states, asked_at__gt=clock.now() - dt.timedelta(hours=1)
    ).count()
    if busy >= 3:
        raise Refused(refuse("lists.busy"))
    asked = Export.objects.create(
        person=person,
        hat=by.hat.key if by.hat else "",
        key=listing.key,
        title=listing.heading()[:120],
        path=listing.path,
        query=listing.state.query(),
        scope=listing.scope,
        total=listing.total.number,
    )
    record(
        by=by, verb="lists.export", text=f"导出“{asked.title}”", subject=asked,
        facts={"list": listing.key, "query": asked.query, "rows": asked.total},
    )  # fmt: skip
    jobs.enqueue("ui.export", export_id=str(asked.pk))
    return asked


def exports_folder() -> Path:
    """Where finished exports wait; nobody but the product reads it."""
    folder = Path(settings.DATA) / "exports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def make_export(export_id: UUID) -> None:
    """Write the workbook of an export (worker): the list is asked again as the person who wanted it."""
    asked = Export.objects.select_related("person").get(pk=export_id)
    if asked.state not in {Export.State.WAITING, Export.State.RUNNING, Export.State.FAILED}:
        return
    who = who_is(asked.person, asked.hat)
    if not asked.person.is_active or (who.hat.key if who.hat else "") != asked.hat:
        _finish(asked, Export.State.FAILED, problem="您已不再担任提出导出时的身份，导出没有进行。")
        return
    Export.objects.filter(pk=asked.pk).update(state=Export.State.RUNNING, written=0, problem="")
    name = f"{secrets.token_hex(24)}.xlsx"
    target = exports_folder() / name

    def tick(written: int) -> None:
        Export.objects.filter(pk=asked.pk).update(written=written)

    try:
        listing = find(asked.key).rebuilt(who, asked.path, asked.query, asked.scope)
        written = workbook.write(listing, target, bulk=True, tick=tick)
        target.chmod(0o600)
    except Exception:
        target.unlink(missing_ok=True)
        _finish(asked, Export.State.FAILED, problem="系统没有完成这次导出，请缩小条件后重新导出。")
        raise
    _finish(asked, Export.State.DONE, file=name, written=written)


def _finish(asked: Export, state: str, *, file: str = "", written: int = 0, problem: str = "") -> None:
    with transaction.atomic():
        Export.objects.filter(pk=asked.pk).update(
            state=state, file=file, written=written, problem=problem, finished_at=clock.now()
        )
        done = state == Export.State.DONE
        tell(
            [asked.person],
            title=f"“{asked.title}”{f'已导出 {written} 条，请在一天内下载' if done else '导出未完成'}",
            body=problem,
            kind="export",
            url=reverse("ui:export", args=[asked.pk]),
            effect_key=f"export:{asked.pk}:{state}",
        )


def clear_exports() -> int:
    """Delete the files that are older than a day; the number deleted."""
    cleared = 0
    for old in Export.objects.filter(asked_at__lt=clock.now() - EXPORT_KEPT).exclude(state=Export.State.GONE):
        if old.file:
            (exports_folder() / old.file).unlink(missing_ok=True)
        cleared += Export.objects.filter(pk=old.pk).update(state=Export.State.GONE, file="")
    return cleared


__all__ = [
    "ask_export", "clear_exports", "delete_view", "exports_folder", "forget_preference", "make_export",
    "note_download", "open_with_view", "prefer", "save_view",
]  # fmt: skip
