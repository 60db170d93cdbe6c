"""`make run`: starts everything, says when it is ready, keeps it running, stops everything."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from types import FrameType
from typing import IO

from shuniu.config.environment import ROOT, port_of
from shuniu.config.fingerprint import has_command
from shuniu.config.postgres import PostgresRefused
from shuniu.config.processes.children import Child, rotate
from shuniu.config.processes.prepare import Copy
from shuniu.config.processes.terminal import complain, say

_READY_LIMIT = 180.0  # seconds until the health page must have answered
_STOP_LIMIT = 25.0  # seconds that requests and jobs get to end


class Stopped(Exception):
    """Somebody pressed Ctrl-C or sent SIGTERM."""


class Supervisor:
    """Holds the data folder, the database and the two children."""

    def __init__(self) -> None:
        self.copy = Copy()
        self.port = port_of(os.environ.get("PORT"))
        self.stopping = False
        self._lock: IO[str] | None = None
        self._mine = False
        logs, python = self.copy.logs, sys.executable
        self.children = [
            Child("web", "网页服务", [python, "-m", "shuniu.config.processes.web"], logs / "web.log"),
            Child("worker", "后台任务", [python, str(ROOT / "manage.py"), "work"], logs / "worker.log"),
        ]
        if not has_command(ROOT, "work"):
            self.children.pop()

    def run(self) -> int:
        """Run until stopped; gives the exit status."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        try:
            self._claim()
            self.copy.open()
            self.copy.prepare()
            for child in self.children:
                child.start(self.copy.surroundings(), ROOT)
            self._wait_until_ready()
            self._greet()
            while True:
                time.sleep(0.5)
                self._keep_alive()
        except Stopped:
            return 0
        except PostgresRefused as refusal:
            complain(refusal)
            return 1
        finally:
            self._stop_all()

    def _stop(self, number: int, frame: FrameType | None) -> None:
        if not self.stopping:
            self.stopping = True
            raise Stopped

    def _claim(self) -> None:
        """Refuse a port or a data folder that is taken, before anything is started."""
        self.copy.data.mkdir(parents=True, exist_ok=True)
        self._lock = (self.copy.data / "run.lock").open("a+", encoding="utf-8")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._lock.seek(0)
            raise PostgresRefused(
                f"数据文件夹 {self.copy.data} 正由另一个枢纽进程（进程号 {self._lock.read().strip()}）使用。"
                "请先停止它，或用 SHUNIU_DATA 指定别的文件夹。"
            ) from None
        self._mine = True
        self._lock.seek(0)
        crashed = bool(self._lock.read())  # a run that ended well has emptied it
        self._lock.truncate(0)
        self._lock.write(str(os.getpid()))
        self._lock.flush()
        deadline = time.monotonic() + (_STOP_LIMIT if crashed else 0)
        while (problem := self._taken()) and time.monotonic() < deadline:
            time.sleep(0.1)  # what a killed supervisor left is on its way out
        if problem:
            raise PostgresRefused(problem)

    def _taken(self) -> str:
        """Why the port cannot be used; empty when it can."""
        host = os.environ.get("SHUNIU_HOST") or "127.0.0.1"
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, self.port))
            except OSError as problem:
                if problem.errno != errno.EADDRINUSE:
                    return f"不能使用地址 {host}:{self.port}：{problem.strerror}。"
                return (
                    f"端口 {self.port} 已被别的程序占用。请先停止那个程序，"
                    f"或换一个端口，例如 make run PORT={self.port + 1}。"
                )
        return ""

    def _wait_until_ready(self) -> None:
        host = (os.environ.get("SHUNIU_HOSTS") or "localhost").split(",")[0].strip()
        ask = urllib.request.Request(f"http://127.0.0.1:{self.port}/health/", headers={"Host": host})
        deadline = time.monotonic() + _READY_LIMIT
        answer = "没有回答"
        while time.monotonic() < deadline:
            self._keep_alive()
            try:
                with urllib.request.urlopen(ask, timeout=5) as reply:  # noqa: S310 -- our own address
                    if reply.status == 200:
                        return
            except urllib.error.HTTPError as problem:
                answer = f"回答 {problem.code}"
            except OSError:
                pass
            time.sleep(0.1)
        web = self.children[0]
        raise PostgresRefused(
            f"健康页 /health/ 在 {_READY_LIMIT:.0f} 秒内{answer}。日志 {web.log} 的末尾：\n{web.tail()}"
        )

    def _greet(self) -> None:
        say(f"Ready: http://localhost:{self.port}")
        if self.copy.kind == "demo" and has_command(ROOT, "demo_accounts"):
            say(self.copy.manage("demo_accounts", quiet=True))

    def _keep_alive(self) -> None:
        server = self.copy.server
        if server is not None and not server.running:
            complain("数据库意外退出，正在重新启动 …")
            port = server.port
            server.stop()
            server.start(port)
        for child in self.children:
            rotate(child.log)
            if not child.running:
                if child.keeps_dying():
                    raise PostgresRefused(f"{child.title}反复退出，日志 {child.log} 的末尾：\n{child.tail()}")
                complain(f"{child.title}意外退出，正在重新启动 …")
                time.sleep(0.5)
                child.start(self.copy.surroundings(), ROOT)
        if server is not None:
            rotate(server.log)

    def _stop_all(self) -> None:
        self.stopping = True
        for child in self.children:
            child.ask_to_stop()
        deadline = time.monotonic() + _STOP_LIMIT
        for child in self.children:
            child.wait(deadline - time.monotonic())
        self.copy.close()
        if self._lock is not None:
            if self._mine:
                self._lock.truncate(0)
            self._lock.close()
