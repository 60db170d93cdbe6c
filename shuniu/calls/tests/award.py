"""An award that goes up: districts and industries assess, visit and recommend, the city has experts look.

The document is the first city's with other stages, places per recommending union and a score sheet.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings as configured

from shuniu.calls import demo_audit
from shuniu.calls.actions import apply, audit, recommend, visit
from shuniu.calls.models import Application, Call, RubricItem, Visit
from shuniu.calls.tests import cast
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.foundation.files.tests import samples
from shuniu.library.queries import on_disk
from shuniu.unions.models import Union
from shuniu.unions.tests import cast as unions

KEY = "wanghai-award"
_STAGE = """\
  - key: {kind}
    kind: {kind}
    label: {label}
    actor: {actor}
    clause: 第五条（三）
    words: 测试环节。
"""
_PARTS = """
quotas:
  - {key: district, clause: 第五条（三）, label: 各区不超过2家, holder: recommender, at_most: 2,
     applies: {fact: union_level, is: 区县}}
  - {key: industry, clause: 第五条（三）, label: 各产业不超过1家, holder: recommender, at_most: 1,
     applies: {fact: union_level, is: 产业}}
score_sheets:
  - key: self
    clause: 第五条（三）
    label: 评估标准
    total: 100
    pass_mark: 80
    items:
      - {key: politics, clause: 第五条（三）, label: 政治建设, points: 40}
      - {key: organisation, clause: 第五条（三）, label: 组织建设, points: 60}
"""
_HONOUR = """
outcome:
  kind: honour
  label: 服务职工优秀社会组织
  clause: 第二条
  per: category
  code: YXZZ
  levels: [{level: city, label: 望海市服务职工优秀社会组织, clause: 第二条}]
"""


def document(tmp_path: Path, monkeypatch: Any, settings: Any, *, naming: bool = False) -> None:
    """Put the document where calls are composed from; `naming`: it names an honour, shows it, makes it known."""
    folder = tmp_path / "policies" / KEY
    shutil.copytree(Path(configured.ROOT) / "policies" / cast.LAW, folder)
    (folder / "cases.yaml").unlink()
    text = (folder / "document.yaml").read_text().replace(f"key: {cast.LAW}\n", f"key: {KEY}\n")
    stages = {
        m[1]: m[0]
        for m in re.finditer(
            r"  - key: (\w+)\n    kind: .*\n(?:    .*\n)+", text[text.index("\nprocedure:") :]
        )
    }
    for kind in ("apply", "review"):
        assert kind in stages
    own = _STAGE.format(kind="self_assess", label="自查自评", actor="applicant")
    text = text.replace(stages["apply"], own + stages["apply"])
    checked = stages["check"].replace("actor: responsible_department", "actor: recommender")
    more = _STAGE.format(kind="site_visit", label="实地评估", actor="recommender")
    more += _STAGE.format(kind="recommend", label="推荐", actor="recommender")
    text = text.replace(stages["check"], checked + more)
    if naming:
        text = text.replace(
            stages["shortlist"], _STAGE.format(kind="name", label="命名确认", actor="committee")
        )
        text = text.replace(stages["publish"], _STAGE.format(kind="promote", label="宣传推广", actor="union"))
        start = text.index("\noutcome:")
        text = text[:start] + _HONOUR + text[text.index("\nconsequences:", start) :]
    fact = "  - {name: union_level, type: choice, label: 工会层级, source: union, values: [市, 区县, 产业]}\n"
    text = re.sub(r"\nfacts:\n", "\nfacts:\n" + fact, text, count=1)
    (folder / "document.yaml").write_text(text + _PARTS)
    monkeypatch.setattr(cast, "LAW", KEY)
    settings.ROOT = tmp_path
    on_disk.cache_clear()  # another test may have read a document of this key


def counted(tmp_path: Path, fact: str, *, per: int) -> None:
    """One row of the sheet demands evidence, the other counts its files by `fact` (YAML of the fact `held`)."""
    path = tmp_path / "policies" / KEY / "document.yaml"
    text = path.read_text().replace("\nfacts:\n", f"\nfacts:\n{fact}", 1)
    text = text.replace(
        "label: 政治建设, points: 40}", "label: 政治建设, points: 40, evidence: 学习制度和记录}"
    )
    files = f"points: 60, evidence: 签到表, per: {per}, of: {{count: {{of: held, distinct: on}}}}}}"
    path.write_text(text.replace("label: 组织建设, points: 60}", f"label: 组织建设, {files}"))


def by_size(tmp_path: Path) -> None:
    """A district recommends two at most, and no more than a fifth of its organisations."""
    path = tmp_path / "policies" / KEY / "document.yaml"
    text = path.read_text()
    share = "  - {key: fifth, clause: 第五条（三）, label: 不超过所属组织数的两成, holder: recommender, share: 1/5,\n"
    share += "     of: {fact: organisations}, way: down, applies: {fact: union_level, is: 区县}}\n"
    text = text.replace("score_sheets:\n  - key: self\n", f"{share}score_sheets:\n  - key: self\n")
    fact = "  - {name: organisations, type: integer, label: 所属社会组织数, source: union}\n"
    path.write_text(re.sub(r"\nfacts:\n", "\nfacts:\n" + fact, text, count=1))


def by_members(tmp_path: Path) -> None:
    """A district recommends two at most, and no more than one for every thousand members."""
    path = tmp_path / "policies" / KEY / "document.yaml"
    share = "  - {key: thousand, clause: 第五条（三）, label: 每千名会员一个, holder: recommender, share: 1/1000,\n"
    share += "     of: {fact: members}, way: down, applies: {fact: union_level, is: 区县}}\n"
    text = path.read_text().replace(
        "score_sheets:\n  - key: self\n", f"{share}score_sheets:\n  - key: self\n"
    )
    fact = "  - {name: members, type: integer, label: 会员人数, source: union, unit: 人}\n"
    path.write_text(re.sub(r"\nfacts:\n", "\nfacts:\n" + fact, text, count=1))


def below(of: cast.Office, name: str = "东港区总工会", level: str = "district") -> cast.Office:
    """A union below the office's with a clerk, a checker and a leader of its own."""
    return office(unions.union(name, level=level, parent=of.union, responsible_department="权益保障部"))


def office(union: Union) -> cast.Office:
    """Five people of a union."""
    return cast.Office(
        union, *(unions.who(role, union) for role in ("clerk", "clerk", "checker", "checker", "leader"))
    )


def self_assessed(who: Who, application: Application, points: tuple[int, int] = (35, 55)) -> None:
    """The applicant's own points for the two items."""
    values = {
        "points_politics": str(points[0]), "points_organisation": str(points[1]), "note_politics": "有学习制度和记录",
    }  # fmt: skip
    apply.save_section(by=who, application_id=application.pk, section="self", values=values)


def through(call: Call, who: Who, lower: cast.Office) -> Application:
    """An application handed in through a lower union."""
    category = call.categories.all()[0]
    made = apply.start(
        by=who,
        call_id=call.pk,
        category_id=category.pk,
        arrived_at=clock.now(),
        recommender_id=lower.union.pk,
    )
    self_assessed(who, made)
    return cast.hand_in(who, cast.fill(who, made))


def qualified(call: Call, who: Who, lower: cast.Office, of: cast.Office) -> Application:
    """Checked by the lower union's two people, and told."""
    made = through(call, who, lower)
    cast.move_to(call, "check", of.clerk)
    demo_audit.conclude_one(Application.objects.get(pk=made.pk), lower.clerk)
    audit.confirm(by=lower.checker, application_id=made.pk)
    audit.release(by=lower.checker, application_id=made.pk)
    return Application.objects.get(pk=made.pk)


def planned(application: Application, lower: cast.Office) -> Visit:
    """A visit of just now."""
    return visit.plan(
        by=lower.clerk, application_id=application.pk, planned_at=clock.now() - dt.timedelta(minutes=1),
        place="学府路 26 号", visitors="林评估、吴评估",
    )  # fmt: skip


def scored(row: Visit, lower: cast.Office, points: tuple[int, int] = (30, 50)) -> None:
    """Both items, an opinion and a photograph."""
    items = RubricItem.objects.filter(call=row.application.call_id).order_by("order")
    marks: visit.Marks = {
        item.pk: (p, "看了台账") for item, p in zip(items, map(Decimal, points), strict=True)
    }
    visit.score(by=lower.clerk, visit_id=row.pk, marks=marks, opinion="情况属实，同意推荐。")
    visit.add_photo(by=lower.clerk, visit_id=row.pk, upload=io.BytesIO(samples.png()), name="现场.png")


def visited(application: Application, who: Who, lower: cast.Office) -> Visit:
    """Planned, scored, signed by both sides."""
    row = planned(application, lower)
    scored(row, lower)
    visit.sign(by=lower.clerk, visit_id=row.pk)
    return visit.answer(by=who, visit_id=row.pk, text="无异议")


def recommended(application: Application, lower: cast.Office) -> int:
    """Proposed and confirmed; the key of the recommendation."""
    row = recommend.propose(by=lower.clerk, application_id=application.pk, reason="服务成效突出")
    recommend.confirm(by=lower.checker, recommendation_id=row.pk)
    return row.pk
