"""``python -m shuniu.policy new|check|explain|judge|schema``: the engine alone, without the product."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from shuniu.policy import cases, skeleton
from shuniu.policy.advice import advised
from shuniu.policy.compare import PAPERS
from shuniu.policy.decision import Decision
from shuniu.policy.examine import examine
from shuniu.policy.explain import explain
from shuniu.policy.judge import QUESTIONS, judge
from shuniu.policy.load import load_bytes, read_folder
from shuniu.policy.problems import PolicyError, Problem, Sink
from shuniu.policy.reader import near
from shuniu.policy.schema import SCHEMAS
from shuniu.policy.source import read

OK, REFUSED, USAGE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0 where the answer is given, 1 where the document, cases or facts are refused."""
    options = _parser().parse_args(arguments)
    try:
        if options.command == "check":
            return _check(options.folder, as_json=options.json)
        if options.command == "new":
            return _new(options.folder)
        if options.command == "schema":
            sys.stdout.write(json.dumps(SCHEMAS[options.name](), ensure_ascii=False, indent=1) + "\n")
            return OK
        if options.command == "explain":
            sys.stdout.write(explain(load_bytes(read_folder(options.folder))))
            return OK
        return _judge(options)
    except PolicyError as error:
        return _refuse(error.problems, as_json=getattr(options, "json", False))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m shuniu.policy", description="检查、解释制度文件，或据以判断"
    )
    commands = parser.add_subparsers(dest="command", required=True)
    new = commands.add_parser("new", help="写出一个带说明、能通过检查的样例文件夹，照着改")
    check = commands.add_parser("check", help="检查一个文件夹，一次列出全部问题，并运行其中的案例")
    explain_ = commands.add_parser("explain", help="用中文说出引擎对文件的理解")
    judge_ = commands.add_parser("judge", help="就一个问题作出判断")
    for command in (new, check, explain_, judge_):
        command.add_argument("folder", type=Path)
    judge_.add_argument("--ask", required=True, metavar="QUESTION", help="、".join(QUESTIONS))
    judge_.add_argument("--facts", required=True, type=Path, help="事实文件（YAML 或 JSON）")
    judge_.add_argument("--on", required=True, help="判断日，如 2026-03-01")
    for command in (check, judge_):
        command.add_argument("--json", action="store_true", help="输出 JSON")
    schema = commands.add_parser("schema", help="输出 JSON schema，供编辑器和其他程序使用")
    schema.add_argument("name", choices=sorted(SCHEMAS))
    return parser


def _new(folder: Path) -> int:
    for path in skeleton.write(folder):
        sys.stdout.write(f"已写出 {path}\n")
    sys.stdout.write(f"接着：把原文存为 {folder / PAPERS[0]}，照原文改，再运行 check\n")
    return OK


def _check(folder: Path, *, as_json: bool) -> int:
    report = examine(read_folder(folder), folder.resolve().name)
    if as_json:
        _print_json(report.as_json())
        return OK if report.ok else REFUSED
    for problem in report.problems:
        sys.stderr.write(_advised(problem))
    document = report.document
    if report.problems:
        sys.stderr.write(f"共 {len(report.problems)} 处问题\n")
    elif document is not None:
        sys.stdout.write(
            f"《{document.title}》没有问题：{len(document.clauses)} 个条款，{len(report.results)} 个案例全部相符\n"
        )
        sys.stdout.write(f"校验值 {report.digest}\n")
    for remark in report.remarks:
        sys.stdout.write(f"注意：{_advised(remark)}")
    return OK if report.ok else REFUSED


def _advised(problem: Problem) -> str:
    return f"{problem}\n" + (f"    → {problem.advice}\n" if problem.advice else "")


def _refuse(problems: Sequence[Problem], *, as_json: bool) -> int:
    if as_json:
        _print_json({"ok": False, "problems": [problem.as_json() for problem in advised(problems)]})
    else:
        for problem in advised(problems):
            sys.stderr.write(_advised(problem))
        sys.stderr.write(f"共 {len(problems)} 处问题\n")
    return REFUSED


def _judge(options: argparse.Namespace) -> int:
    sink = Sink(str(options.facts.name))
    try:
        on = date.fromisoformat(options.on)
    except ValueError as error:
        sink.add(0, "--on", "应为日期，如 2026-03-01", f"“{options.on}”")
        raise PolicyError(sink.problems) from error
    files = read_folder(options.folder)
    document, calendar = load_bytes(files), cases.calendar_of(files)
    facts = read_facts(options.facts)
    for name in facts:
        if name not in document.facts and name not in cases.EXTRA_FACTS and not name.startswith("points."):
            sys.stderr.write(f"注意：{options.facts.name} 的“{name}”不是本办法的事实，没有用到")
            sys.stderr.write(near(name, document.facts) + "\n")
    working_day = calendar.works if calendar is not None else None
    decision = judge(document, options.ask, facts, on, working_day=working_day)
    if options.json:
        _print_json(decision.as_json())
    else:
        _print_decision(decision)
    return OK


def read_facts(path: Path) -> Mapping[str, object]:
    """Facts of a YAML or JSON file (JSON is YAML); decimals stay exact."""
    sink = Sink(path.name)
    try:
        content = path.read_bytes()
    except OSError as error:
        sink.add(0, "--facts", "事实文件应能读取")
        raise PolicyError(sink.problems) from error
    node = read(path.name, content)
    if node.kind != "map":
        sink.add(node.line, "", "事实文件应为一组“事实: 值”", node.said())
        sink.refuse()
    return {name: cases.fact_value(entry.plain()) for name, entry in node.entries.items()}


def _print_json(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def _print_decision(decision: Decision) -> None:
    write = sys.stdout.write
    label = QUESTIONS.get(decision.question, decision.question)
    write(f"{label}：{decision.value_label}" + (f"（{decision.state}）" if decision.state else "") + "\n")
    if decision.result is not None:
        write(f"结果：{decision.result}\n")
    for found in decision.findings:
        write(f"  {found.clause or '—'} {found.label}：{found.status_label}\n    {found.reason}\n")
        for use in found.facts:
            when = f"，{use.as_of.isoformat()}" if use.as_of else ""
            write(f"    · {use.label}：{use.shown}（{use.source}{when}）\n")
    for line in decision.lines:
        points = "未评" if line.points is None else line.points
        write(f"  {line.label}：{points} / {line.at_most}（{line.reason}）\n")
    for effect in decision.effects:
        write(f"  → {effect.clause} {effect.label}\n")


if __name__ == "__main__":
    raise SystemExit(main())
