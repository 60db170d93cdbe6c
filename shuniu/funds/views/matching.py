"""配套标准: what each district adds."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from shuniu.foundation.access import members_only, who_asks
from shuniu.foundation.ui.acts import Act, Acts
from shuniu.foundation.ui.respond import page
from shuniu.funds import queries, rules
from shuniu.funds.actions.matching import set_standard
from shuniu.funds.forms import StandardForm
from shuniu.library.queries import all_on_disk
from shuniu.unions.queries import union_of

READERS = tuple(sorted(queries.READERS))


@members_only(*READERS)
@require_http_methods(["GET", "POST"])
def standards(request: HttpRequest) -> HttpResponse:
    """The standards of the asker's union and of those below it; finance adds its own."""
    who = who_asks(request)
    assert who.union_id is not None  # the door has seen to it
    union = union_of(who.union_id)
    paying = next((law.key for law in all_on_disk() if law.fundings), "")

    def add(**values: object) -> None:
        set_standard(by=who, union=union, document_key=paying, **values)  # type: ignore[arg-type]

    act = Act(
        "add", "登记本会的配套标准", add, "已登记。", may=rules.is_finance(who, union.pk, union.name),
        form=StandardForm, explain="新的执行日期起代替原标准，原标准保留。",
    )  # fmt: skip
    acts = Acts(request, [act], to=reverse("funds:matching"))
    if acts.response is not None:
        return acts.response
    rows = list(queries.standards_visible_to(who)[:500])
    return page(request, "funds/matching.html", {"rows": rows, "acts": acts, "form": acts.form})
