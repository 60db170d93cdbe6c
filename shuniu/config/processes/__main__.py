"""`python -m shuniu.config.processes run | manage [--owner] … | reset`."""

from __future__ import annotations

import sys

from shuniu.config.environment import UnsafeSettings
from shuniu.config.postgres import PostgresRefused
from shuniu.config.processes.prepare import Copy
from shuniu.config.processes.supervisor import Supervisor
from shuniu.config.processes.terminal import complain, say

_USAGE = """用法：python -m shuniu.config.processes …
  run                    启动数据库、网页、后台任务，直到 Ctrl-C
  manage [--owner] …     对本份数据运行 manage.py（没有在运行时，临时启动数据库）
  reset                  清空演示数据并重建（先停止 make run）"""


def main(arguments: list[str]) -> int:
    """Do what the first argument says; gives the exit status."""
    match arguments:
        case ["run"]:
            try:
                return Supervisor().run()
            except UnsafeSettings as problem:
                complain(problem)
                return 1
        case ["manage", "--owner", command, *rest]:
            return _with_database([command, *rest], owner=True)
        case ["manage", command, *rest]:
            return _with_database([command, *rest], owner=False)
        case ["reset"]:
            return _reset()
        case _:
            complain(_USAGE)
            return 2


def _with_database(command: list[str], *, owner: bool) -> int:
    copy = Copy()
    try:
        copy.open(join=True)
        if command[0] != "restore":  # which wants the database as empty as it was made
            copy.prepare()
        copy.manage(*command, owner=owner)
    except PostgresRefused as refusal:
        complain(refusal)
        return 1
    finally:
        copy.close()
    return 0


def _reset() -> int:
    copy = Copy()
    try:
        copy.open()
        copy.forget()
        copy.prepare()
    except PostgresRefused as refusal:
        complain(refusal)
        return 1
    finally:
        copy.close()
    say("演示数据已重建。")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
