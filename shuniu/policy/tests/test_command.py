"""The engine from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shuniu.policy.__main__ import main
from shuniu.policy.tests.build import BEIJING, HEAD, ROOT

pytestmark = pytest.mark.feature("B5")

Capture = pytest.CaptureFixture[str]


def test_check_runs_the_cases(capsys: Capture) -> None:
    assert main(["check", str(BEIJING)]) == 0
    assert "个案例全部相符" in capsys.readouterr().out


def test_check_as_json(capsys: Capture) -> None:
    assert main(["check", str(BEIJING), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["ok"], said["key"]) == (True, "beijing-2017")
    assert said["cases"] >= 40


def folder(tmp_path: Path, parts: str = "", cases: str = "") -> str:
    (tmp_path / "document.yaml").write_text(HEAD + parts, encoding="utf-8")
    if cases:
        (tmp_path / "cases.yaml").write_text(cases, encoding="utf-8")
    return str(tmp_path)


def test_check_names_every_mistake_with_its_line(tmp_path: Path, capsys: Capture) -> None:
    parts = "duties:\n  - {key: d, clause: 第九条, label: 义务, who: 谁}\nwishes: 1\n"
    assert main(["check", folder(tmp_path, parts)]) == 1
    said = capsys.readouterr().err
    assert "duties[1].clause：应为 clauses 中已列出的条款号，现为“第九条”" in said
    assert "duties[1].words：必须写明一段文字，现为缺少" in said
    assert "这里没有“wishes”这个键" in said
    assert "共 3 处问题" in said


def test_check_misses_the_cases(tmp_path: Path, capsys: Capture) -> None:
    assert main(["check", folder(tmp_path, RULE)]) == 0
    assert "没有案例：还没有用" in capsys.readouterr().out
    assert main(["check", folder(tmp_path, RULE), "--json"]) == 0
    assert any("没有案例" in said for said in json.loads(capsys.readouterr().out)["warnings"])


CASE = """\
cases:
  - case: 够了
    ask: eligibility
    on: 2026-07-01
    facts: {n: 3}
    expect: {decision: no}
"""
RULE = """\
conditions:
  - {key: c, clause: 第一条, label: 数, asks: [eligibility], rule: {fact: n, at_least: 3}}
"""


def test_check_reports_a_case_that_comes_out_otherwise(tmp_path: Path, capsys: Capture) -> None:
    assert main(["check", folder(tmp_path, RULE, CASE), "--json"]) == 1
    problem = json.loads(capsys.readouterr().out)["problems"][0]
    assert (problem["file"], problem["line"], problem["expected"]) == (
        "cases.yaml",
        2,
        "结论应为 no，实为 yes",
    )


def test_a_case_with_an_undeclared_fact_is_refused(tmp_path: Path, capsys: Capture) -> None:
    assert main(["check", folder(tmp_path, RULE, CASE.replace("n: 3", "nn: 3"))]) == 1
    assert "应为已声明的事实" in capsys.readouterr().err


def test_explain_says_every_part_in_words(capsys: Capture) -> None:
    assert main(["explain", str(BEIJING)]) == 0
    said = capsys.readouterr().out
    for words in (
        "【条款】",
        "【类别与方向】",
        "【程序】",
        "【后果】",
        "【本办法未规定】",
        "理解1“只有「合格」才算合格”",
    ):
        assert words in said


def test_judge_as_json_with_facts_of_a_json_file(tmp_path: Path, capsys: Capture) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text(
        json.dumps({"first_day": "2024-02-29", "endings": []}, ensure_ascii=False), encoding="utf-8"
    )
    arguments = [
        "judge",
        str(BEIJING),
        "--ask",
        "status",
        "--facts",
        str(facts),
        "--on",
        "2026-02-28",
        "--json",
    ]
    assert main(arguments) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["decision"], said["state"], said["on"]) == ("yes", "有效", "2026-02-28")
    assert all({"clause", "status", "reason", "facts"} <= set(each) for each in said["findings"])


def test_judge_in_words(tmp_path: Path, capsys: Capture) -> None:
    facts = tmp_path / "facts.yaml"
    facts.write_text("union_level: district\n", encoding="utf-8")
    assert (
        main(["judge", str(BEIJING), "--ask", "open_call", "--facts", str(facts), "--on", "2026-07-01"]) == 0
    )
    assert "能否依本办法开展遴选：否" in capsys.readouterr().out


@pytest.mark.parametrize(("ask", "on"), [("weather", "2026-07-01"), ("status", "yesterday")])
def test_judge_refuses_in_words(tmp_path: Path, capsys: Capture, ask: str, on: str) -> None:
    facts = tmp_path / "facts.yaml"
    facts.write_text("{}\n", encoding="utf-8")
    assert main(["judge", str(BEIJING), "--ask", ask, "--facts", str(facts), "--on", on]) == 1
    assert "应为" in capsys.readouterr().err


def test_a_missing_folder_and_a_missing_file(tmp_path: Path, capsys: Capture) -> None:
    assert main(["check", str(tmp_path / "nowhere")]) == 1
    absent = str(tmp_path / "nothing.yaml")
    arguments = ["judge", str(BEIJING), "--ask", "status", "--facts", absent, "--on", "2026-07-01"]
    assert main(arguments) == 1
    assert "事实文件应能读取" in capsys.readouterr().err


def test_judge_counts_by_the_calendar_of_the_folder_and_names_facts_it_does_not_know(
    tmp_path: Path, capsys: Capture
) -> None:
    folder = ROOT / "shuniu" / "policy" / "tests" / "strangers" / "canglan-level-2026"
    facts = tmp_path / "facts.yaml"
    facts.write_text("deadline: correction\ntold_on: 2026-04-29\ntold: 1\n", encoding="utf-8")
    arguments = ["judge", str(folder), "--ask", "deadline", "--facts", str(facts), "--on", "2026-05-08"]
    assert main([*arguments, "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["result"] == "2026-05-09"  # over the holiday, to the Saturday that is worked
    assert "“told”不是本办法的事实，没有用到（是否想写“told_on”？）" in err
