"""Lists on their way in: upload, preview, confirm, the file with reasons."""

from __future__ import annotations

from pathlib import PurePath

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuniu.foundation.access import Refused, Who, members_only, who_asks
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal.queries import lines, timeline
from shuniu.foundation.ui.formats import file_name
from shuniu.foundation.ui.lists.export import XLSX, disposition
from shuniu.foundation.ui.respond import done, page, refused_into
from shuniu.registry.actions import imports as actions
from shuniu.registry.excel import book
from shuniu.registry.excel.layouts import LAYOUTS
from shuniu.registry.forms.people import ImportForm
from shuniu.registry.models import About, Import, ImportRow, RowState
from shuniu.registry.queries import import_counts, import_rows, imports_visible_to, regions_visible_to
from shuniu.registry.rules import platform_is_set
from shuniu.registry.views.shared import sent
from shuniu.unions.queries import union_of

_TABS = (
    (RowState.BAD, "有错误"), (RowState.NEW, "新增"), (RowState.CHANGED, "有变化"), (RowState.SAME, "无变化"),
    (RowState.ABSENT, "库中没有"),
)  # fmt: skip


def _mine(request: HttpRequest, pk: int) -> tuple[Who, Import]:
    who = who_asks(request)
    return who, get_object_or_404(imports_visible_to(who), pk=pk)


@members_only("clerk")
@require_http_methods(["GET", "POST"])
def lists(request: HttpRequest) -> HttpResponse:
    """Upload a list; the lists of before."""
    who = who_asks(request)
    form = ImportForm(*sent(request), initial={"as_of": clock.today(), "about": About.ORGANISATIONS})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            batch = actions.start_import(
                by=who, union=union_of(who.union_id or 0), received=data["file"],
                source_detail=data["source_detail"], as_of=data["as_of"], about=About(data["about"]),
            )  # fmt: skip
        except Refused as refused:
            refused_into(form, refused)
        else:
            return done(request, reverse("registry:import", args=[batch.pk]), "文件已上传，正在读取。")
    context = {
        "form": form, "batches": imports_visible_to(who)[:20], "platform": bool(platform_is_set()),
        "regions": regions_visible_to(who),
    }  # fmt: skip
    return page(request, "registry/imports.html", context)


@members_only("clerk")
@require_POST
def fetch(request: HttpRequest) -> HttpResponse:
    """从平台取回: the list of adverse information as the platform has it now."""
    who = who_asks(request)
    batch = actions.fetch_adverse(by=who, union=union_of(who.union_id or 0))
    return done(request, reverse("registry:import", args=[batch.pk]), "正在从平台取回名录。")


@members_only("clerk")
@require_GET
def template(request: HttpRequest) -> HttpResponse:
    """The empty template of one kind of list."""
    layout = LAYOUTS.get(request.GET.get("about", About.ORGANISATIONS))
    if layout is None:
        raise Http404
    return _workbook(book.template(layout), f"{layout.title}模板.xlsx")


@members_only("clerk")
@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """The union's own organisations in the template: changed in Excel and sent back, only what was changed changes."""
    who, region = who_asks(request), request.GET.get("region", "")
    content, rows = actions.take_register(by=who, region=region)
    return _workbook(content, file_name([f"社会组织名册{region}", f"{rows}家"], clock.today(), "xlsx"))


@members_only("clerk")
@require_GET
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """The preview of a list, or how far its writing has come."""
    who, batch = _mine(request, pk)
    counts = import_counts(who, batch)
    first = next((state for state, _ in _TABS if counts.get(state)), RowState.BAD)
    state = request.GET.get("tab", first)
    if state not in RowState.values:
        state = first
    rows = Paginator(import_rows(who, batch, state), 50).get_page(request.GET.get("page"))
    read = [(row, _understood(batch, row)) for row in rows]
    shown = [(key, label) for key, label in _TABS if key != RowState.ABSENT or batch.about == About.ADVERSE]
    tabs = [
        {"label": label, "count": counts.get(key, 0), "url": f"?tab={key}", "current": key == state}
        for key, label in shown
    ]
    return page(
        request, "registry/import.html",
        {
            "batch": batch, "tabs": tabs, "page_obj": rows, "rows": read, "tab": state, "bad": counts.get(RowState.BAD, 0),
            "running": batch.state in {"reading", "writing"}, "timeline": lines(timeline(batch, limit=20)),
        },
    )  # fmt: skip


def _understood(batch: Import, row: ImportRow) -> list[tuple[str, str]]:
    """Column and value of a new organisation as they will be written: a day that was misread is seen before 确认."""
    if row.state != RowState.NEW or batch.about != About.ORGANISATIONS:
        return []
    return [
        (column.header, column.show(row.values[column.key]))
        for column in LAYOUTS[batch.about].columns
        if column.key in row.values and column.key not in {"code", "name"}
    ]


@members_only("clerk")
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """确认写入."""
    who, batch = _mine(request, pk)
    actions.confirm_import(by=who, batch=batch)
    return done(
        request, reverse("registry:import", args=[batch.pk]), "已确认，正在后台写入，完成后会发消息给您。"
    )


@members_only("clerk")
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """放弃."""
    who, batch = _mine(request, pk)
    actions.discard_import(by=who, batch=batch)
    return done(request, reverse("registry:imports"), "已放弃这份名单，库里没有任何改动。")


@members_only("clerk")
@require_GET
def errors(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows with errors and a column 原因, to be mended and sent again."""
    who, batch = _mine(request, pk)
    rows = (book.Bad(row.number, row.raw, row.problems) for row in import_rows(who, batch, RowState.BAD))
    return _workbook(
        book.with_reasons(rows, LAYOUTS[batch.about]), f"{PurePath(batch.file_name).stem}_有错误的行.xlsx"
    )


def _workbook(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = disposition(name)
    response["Cache-Control"] = "private, no-store"
    return response
