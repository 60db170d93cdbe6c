"""Base templates, error pages, component page and budgets, without a database."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.template import Context, Template
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory

from shuniu.foundation.ui.specimens import specimens
from shuniu.foundation.ui.templatetags.ui import SHEETS

UI = Path(__file__).resolve().parent.parent
TEMPLATES = UI / "templates"
STATIC = UI / "static" / "ui"
pytestmark = pytest.mark.urls("shuniu.foundation.ui.tests.urls")

BASES = ("staff", "org", "expert", "expert_page", "public", "plain", "print")
ERRORS = ("400", "403", "403_csrf", "404", "409", "500")


def page(name: str, **values: object) -> str:
    """A page as it is rendered when even the context processors are gone (as Django does for 500)."""
    request = RequestFactory().get("/a/?b=1")
    source = get_template(name).template  # type: ignore[attr-defined]
    return str(source.render(Context({"request": request, **values})))


@pytest.mark.parametrize("name", BASES)
def test_a_base_has_language_skip_link_one_main_one_title_and_a_live_region(name: str) -> None:
    html = page(f"ui/{name}.html")
    assert '<html lang="zh-CN"' in html
    assert html.index('class="skip" href="#main"') < html.index('id="main"')
    assert html.count("<main") == html.count("<h1") == 1
    assert 'aria-live="polite"' in html


@pytest.mark.parametrize(("name", "density"), [("staff", "staff"), ("org", "touch"), ("public", "touch")])
def test_a_base_fixes_its_density_whatever_the_site_says(name: str, density: str) -> None:
    other = {"staff": "touch", "touch": "staff"}[density]
    assert f'<body data-density="{density}"' in page(f"ui/{name}.html", density=other)


def test_masthead_says_for_whom_one_acts_and_offers_the_other_hats() -> None:
    acting = {
        "person_name": "林经办",
        "union_name": "望海市总工会",
        "role_label": "经办人",
        "choices": [
            {"key": "union:1:clerk", "label": "望海市总工会 · 经办人", "current": True},
            {"key": "union:2:checker", "label": "东港区总工会 · 复核人", "current": False},
        ],
    }
    html = page("ui/staff.html", acting=acting, site={"switch_url": "/hat/"}, inbox_unread=0)
    assert "现在代表望海市总工会，经办人" in html
    assert 'value="union:2:checker"' in html
    assert 'value="union:1:clerk"' not in html


def test_navigation_is_written_twice_in_the_same_order_and_marks_where_one_is() -> None:
    navigation = [
        {"label": "工作台", "url": "/w/", "current": False},
        {"label": "遴选", "url": "/c/", "current": True},
    ]
    html = page("ui/staff.html", navigation=navigation)
    assert re.findall(r'href="(/[wc]/)"', html) == ["/w/", "/c/"] * 2
    assert html.count('aria-current="page"') == 2


def test_mode_and_size_stand_on_the_page() -> None:
    html = page("ui/public.html", mode="elder", font_scale="l")
    assert 'data-mode="elder"' in html
    assert 'data-font="l"' in html


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_page_says_what_and_what_to_do_and_its_number(name: str) -> None:
    html = page(f"{name}.html", request_id="abc123")
    assert "请" in html
    assert "请求编号 abc123" in html
    assert "Traceback" not in html


def test_the_server_error_page_needs_nothing_at_all() -> None:
    assert "系统出错" in render_to_string("500.html")


def test_a_conflict_shows_both_versions() -> None:
    conflict = {"rows": [{"label": "住所", "theirs": "甲路", "yours": "乙路"}], "url": "/x/"}
    html = page("409.html", conflict=conflict)
    assert "甲路" in html
    assert "乙路" in html


def test_the_component_page_shows_every_component_in_three_densities() -> None:
    html = page("ui/components.html", **specimens())
    for css in (
        "btn",
        "badge",
        "note",
        "error-summary",
        "stages",
        "timeline",
        "tasks",
        "todo",
        "finding",
        "facts",
    ):
        assert len(re.findall(rf'class="{css}[ "]', html)) >= 3, css
    for css in (
        "tabs",
        "chips",
        "pager",
        "query",
        "table table--cards",
        "batch",
        "upload",
        "bars",
        "countdown",
    ):
        assert len(re.findall(rf'class="{css}[ "]', html)) >= 3, css
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert sorted(ids) == sorted(set(ids))


def test_no_template_carries_inline_style_script_or_unescaped_words() -> None:
    for path in sorted(TEMPLATES.rglob("*.html")):
        text = path.read_text()
        assert not re.search(r'\sstyle=|\son[a-z]+="|<style|\|safe\b|autoescape off', text), path
        assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text)), path


def test_every_named_icon_is_in_the_sprite() -> None:
    sprite = set(re.findall(r'id="i-([a-z]+)"', (STATIC / "icons.svg").read_text()))
    used = {n for p in TEMPLATES.rglob("*.html") for n in re.findall(r'\{% icon "([a-z]+)"', p.read_text())}
    used |= {n for p in (STATIC / "js").glob("*.js") for n in re.findall(r'icon\("([a-z]+)"', p.read_text())}
    from shuniu.foundation.ui.components import flow, signs

    used |= (
        {shape for shape, _ in signs.KINDS.values()}
        | set(signs.NOTES.values())
        | set(flow.STAGE_ICONS.values())
    )
    assert used <= sprite, used - sprite


def test_every_sheet_is_linked_and_in_a_layer() -> None:
    sheets = {path.stem: path.read_text() for path in (STATIC / "css").glob("*.css")}
    written = "".join(path.read_text() for path in TEMPLATES.rglob("*.html"))
    linked = {name for name in sheets if f"ui/css/{name}.css" in written}
    assert set(SHEETS) | linked == set(sheets)
    assert [name for name, text in sheets.items() if "@layer" not in text] == []


def _gzipped(paths: list[Path]) -> int:
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in paths)


def test_a_page_stays_within_its_bytes() -> None:
    import django_htmx

    htmx = Path(django_htmx.__file__).parent / "static/django_htmx/htmx-2.min.js"
    assert _gzipped(sorted((STATIC / "css").glob("*.css"))) <= 25 * 1024
    assert _gzipped([*sorted((STATIC / "js").glob("*.js")), htmx]) <= 60 * 1024


def test_scripts_need_no_eval_and_no_other_host() -> None:
    for path in sorted((STATIC / "js").glob("*.js")):
        text = path.read_text()
        assert not re.search(r"\beval\(|new Function|innerHTML|https?://(?!www\.w3\.org)", text), path


def test_unused_title_block_is_empty() -> None:
    assert Template("{% error_prefix %}").render(Context()) == ""
