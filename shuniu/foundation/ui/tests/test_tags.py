"""What each component promises: escaping, words beside colour, names tied to controls, addresses kept."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory

EVIL = '<script>alert("x")</script>'


def show(source: str, path: str = "/", **values: Any) -> str:
    """The template rendered at this address, without the site's own context."""
    return Template(source).render(Context({"request": RequestFactory().get(path), **values}))


class Tags(HTMLParser):
    """Start tags with their attributes, for questions to the markup."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def one(self, tag: str, **wanted: str) -> dict[str, str | None]:
        hits = [a for t, a in self.found if t == tag and all(a.get(k) == v for k, v in wanted.items())]
        assert len(hits) == 1, (tag, wanted, hits)
        return hits[0]


@pytest.mark.parametrize(
    "source",
    [
        '{% status "ok" x %}',
        '{% badge "ok" x %}',
        "{% clause x x %}",
        '{% icon "check" x %}',
        "{% note %}{{ x }}{% endnote %}",
        "{% panel x aside=x url=x link=x %}{{ x }}{% endpanel %}",
        "{% empty x x x x %}",
        '{% verdict "ok" x x %}',
        "{% dialog 'd' x %}{{ x }}{% enddialog %}",
        "{% breadcrumbs rows %}",
        "{% tabs dicts %}{% chips dicts x %}{% todo dicts %}{% task_list dicts %}{% stage_bar dicts %}",
        "{% timeline entries %}{% facts dicts %}{% finding finding %}",
        "{% stats dicts %}{% bars bars x %}{% progress 1 2 x x %}{% file_list dicts %}{% save_state x %}",
        "{% countdown x 3 remark=x %}{{ x }}{% endcountdown %}",
    ],
)
def test_every_component_escapes_what_it_is_given(source: str) -> None:
    row = {
        **dict.fromkeys(("label", "url", "hint", "detail", "due", "tag", "value", "source", "remark"), EVIL),
        **dict.fromkeys(("name", "kind_words", "change", "change_url", "unit", "number"), EVIL),
        "lines": [EVIL],
        "count": 1,
        "size": 1,
    }
    html = show(
        source,
        "/",
        x=EVIL,
        rows=[(EVIL, EVIL), EVIL],
        dicts=[row],
        bars=[{"label": EVIL, "url": EVIL, "text": EVIL, "value": 1}],
        entries=[
            {
                "when": datetime(2026, 1, 1, tzinfo=UTC),
                "by": EVIL,
                "text": EVIL,
                "detail": EVIL,
                "clause": EVIL,
            }
        ],
        finding={"clause": EVIL, "title": EVIL, "kind": "ok", "word": EVIL, "facts": EVIL, "source": EVIL},
    )
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_status_tells_its_state_by_shape_and_word() -> None:
    html = show('{% status "bad" "不符合" %}')
    assert "#i-cross" in html
    assert "不符合" in html


@pytest.mark.parametrize("source", ['{% status "green" "x" %}', '{% note "danger" %}x{% endnote %}'])
def test_an_unknown_kind_is_refused(source: str) -> None:
    with pytest.raises(TemplateSyntaxError, match="no such"):
        show(source)


def test_an_icon_is_decoration_unless_it_has_a_label() -> None:
    assert Tags(show('{% icon "check" %}')).one("svg")["aria-hidden"] == "true"
    named = Tags(show('{% icon "check" "已完成" %}')).one("svg")
    assert (named["role"], named["aria-label"]) == ("img", "已完成")


def test_panel_is_named_by_its_title() -> None:
    tags = Tags(show('{% panel "材料" %}x{% endpanel %}'))
    assert tags.one("section")["aria-labelledby"] == tags.one("h2")["id"]


def test_task_list_has_four_states_and_locks_the_last() -> None:
    states = ("done", "now", "todo", "locked")
    html = show("{% task_list tasks %}", tasks=[{"label": s, "url": "/x/", "state": s} for s in states])
    assert [word in html for word in ("已完成", "进行中", "未开始", "还不能开始")] == [True] * 4
    assert html.count('href="/x/"') == 3


def test_stage_bar_marks_the_present_stage_and_says_the_others() -> None:
    stages = [{"label": "报名", "state": "done"}, {"label": "审核", "state": "now"}, {"label": "公示"}]
    html = show("{% stage_bar stages %}", stages=stages)
    assert html.count('aria-current="step"') == 1
    assert "，已完成" in html
    assert "，未开始" in html


def test_stage_counts_are_drawn_to_scale_and_told_in_words() -> None:
    counts = [
        {"count": 61, "label": "已有结论"},
        {"count": 0, "label": "补正中"},
        {"count": 25, "label": "待审核"},
    ]
    html = show("{% stage_bar stages %}", stages=[{"label": "审核", "state": "now", "counts": counts}])
    assert 'aria-label="61 已有结论，0 补正中，25 待审核"' in html
    assert 'width="303.0"' in html  # 430 × 61/86, less the gap of 2
    assert 'width="0"' in html


def test_timeline_shows_who_for_whom_when_and_what_changed() -> None:
    entry = {
        "when": datetime(2026, 11, 18, 1, 42, tzinfo=UTC),
        "by": "林经办",
        "behalf_of": "周复核",
        "text": "更正年检结论",
        "changes": [{"label": "年检", "before": None, "after": "合格"}],
    }
    html = show("{% timeline entries %}", entries=[entry])
    assert "2026-11-18 09:42" in html
    assert "更正年检结论<small>林经办，代表周复核</small>" in html
    assert "<del>--</del>" in html
    assert "<ins>合格</ins>" in html


def test_timeline_shows_the_newest_and_folds_the_rest_without_losing_any() -> None:
    acts = [
        {"when": datetime(2026, 11, 18, tzinfo=UTC), "by": "林经办", "text": f"第{n}步"} for n in range(20)
    ]
    html = show("{% timeline entries %}", entries=acts)
    assert html.count("<li>") == 20
    assert html.index("第7步") < html.index("更早的 12 条") < html.index("第8步")
    assert "更早的" not in show("{% timeline entries %}", entries=acts[:10])  # two lines are not worth a fold


def test_an_end_at_midnight_is_said_as_24_of_the_day_before() -> None:
    ends = datetime(2026, 11, 28, 16, tzinfo=UTC), datetime(2026, 11, 24, 10, tzinfo=UTC)
    assert show("{{ a|until }}，{{ b|until }}，{{ c|until }}", a=ends[0], b=ends[1], c=None) == (
        "2026-11-28 24:00，2026-11-24 18:00，--"
    )


def test_facts_show_source_date_and_the_way_to_change() -> None:
    row = {"label": "住所", "value": "", "source": "市民政局", "date": date(2026, 9, 30), "change_url": "/c/"}
    html = show("{% facts rows 'lines' %}", rows=[row])
    assert "来源：市民政局，2026-09-30" in html
    assert re.search(r"<dd>\s*--", html)
    assert '更改<span class="sr-only">：住所</span>' in html


def test_bars_carry_links_a_sentence_and_a_table_with_the_same_numbers() -> None:
    rows = [
        {"label": "联系", "value": 118, "goal": 100, "url": "/a/"},
        {"label": "会议", "value": 1, "goal": 2, "url": "/b/"},
    ]
    html = show('{% bars rows "2 项完成 1 项" %}', rows=rows)
    assert "2 项完成 1 项" in html
    assert html.count('href="/a/"') == 3  # label, number, table
    assert "已达到" in html
    assert "未达到" in html


def test_bars_are_drawn_to_the_longest() -> None:
    html = show('{% bars rows "x" %}', rows=[{"label": "a", "value": 50}, {"label": "b", "value": 200}])
    assert 'width="25.0"' in html
    assert 'width="100.0"' in html


def test_bars_of_nothing_do_not_divide_by_it() -> None:
    assert 'width="0.0"' in show('{% bars rows "无" %}', rows=[{"label": "a", "value": 0}])


def test_pager_keeps_the_other_parameters() -> None:
    page = Paginator(range(100), 10).get_page(5)
    html = show("{% pager page %}", "/l/?q=%E5%B7%A5&page=5", page=page)
    assert "共 100 条，每页 10 条" in html
    assert 'href="?q=%E5%B7%A5&amp;page=6" rel="next"' in html
    assert html.count('aria-current="page"') == 1


def test_pager_of_one_page_has_no_pages() -> None:
    html = show("{% pager page %}", "/l/", page=Paginator(range(3), 10).get_page(1))
    assert "共 3 条" in html
    assert "<ol>" not in html


def test_sort_header_turns_and_goes_back_to_the_first_page() -> None:
    source = '{% sort_header "时间" "at" %}'
    assert 'href="?q=x&amp;sort=at"' in show(source, "/l/?q=x&page=3")
    up = show(source, "/l/?sort=at")
    assert 'aria-sort="ascending"' in up
    assert 'href="?sort=-at"' in up
    assert 'aria-sort="descending"' in show(source, "/l/?sort=-at")


def test_batch_of_all_says_so_to_the_server() -> None:
    html = show('{% batch "f" 86 all_picked=True %}x{% endbatch %}', "/l/?pick=all")
    assert Tags(html).one("input", name="all")["form"] == "f"
    assert "已选全部 <b>86</b> 项" in html


def test_countdown_and_days_mark_today() -> None:
    days = [{"date": date(2026, 12, 8), "state": "past"}, {"date": date(2026, 12, 9), "state": "today"}]
    html = show(
        '{% countdown "公示中" 3 until=u items=d %}办{% endcountdown %}', u=date(2026, 12, 11), d=days
    )
    assert "2026年12月11日 24:00 截止" in html
    assert html.count('aria-current="date"') == 1
    assert "周二" in html


def test_use_density_reaches_body_and_components() -> None:
    class One(forms.Form):
        x = forms.CharField()

    source = '{% use_density "staff" %}{% field form.x %}'
    assert "（必填）" in show(source, form=One(), density="touch")


@pytest.mark.parametrize(
    ("value", "shown"), [(None, "--"), ("", "--"), (0, "0"), (False, "False"), ("x", "x")]
)
def test_dash_only_where_there_is_nothing(value: object, shown: str) -> None:
    assert show("{{ v|dash }}", v=value) == shown


def test_filters_are_there() -> None:
    source = "{{ f|money }} {{ d|day_cn }} {{ p|phone_mask }} {{ n|name_mask }} {{ s|filesize_cn }}"
    html = show(source, f=123400, d=date(2026, 6, 4), p="13900000001", n="张三", s=2048)
    assert html == "¥1,234.00 2026年6月4日 139****0001 张* 2 KB"
