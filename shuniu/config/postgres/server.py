"""Launcher of the embedded PostgreSQL: a direct child of this process that cannot outlive it.

The kernel sends the server SIGINT (fast shutdown) when the thread that started it dies, so `start` is called
from the main thread. Where the kernel cannot do that (not Linux), a watcher process waits for the end of a
pipe instead.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from shuniu.config.postgres.alive import live_postmaster, pid_lines
from shuniu.config.postgres.place import (
    Account,
    Identity,
    PostgresRefused,
    choose_place,
    find_binaries,
    major_version,
)

_PR_SET_PDEATHSIG = 1
# A server that was just recovering from a crash can overhear SIGINT; SIGQUIT loses nothing either, the next
# start then replays the log.
_PATIENCE = 20  # seconds
_START_LIMIT = 600  # seconds: recovery after a crash may take long, a dead server is seen at once


class Server:
    """A PostgreSQL server over the data below `folder`, reachable as superuser `postgres` on 127.0.0.1."""

    def __init__(
        self,
        folder: Path,
        *,
        password: str,
        durable: bool = True,
        log: Path | None = None,
        home: Path | None = None,
        watched: bool = not sys.platform.startswith("linux"),
    ) -> None:
        """`durable=False` is for tests (fsync off); `home` replaces /var/lib/shuniu."""
        self.folder = folder.resolve()
        self.password = password
        self.durable = durable
        self.log = log or self.folder / "postgres.log"
        self.home = home
        self.watched = watched
        self.port = 0
        self.account: Account | None = None
        self.data = self.folder / "data"
        self._bin = self.folder
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: IO[bytes] | None = None
        self._lock: IO[str] | None = None

    @property
    def url(self) -> str:
        """Address of the administrator's connection; creates roles and databases."""
        return f"postgresql://postgres:{self.password}@127.0.0.1:{self.port}/postgres"

    @property
    def running(self) -> bool:
        """Whether the server that `start` started still lives."""
        return self._process is not None and self._process.poll() is None

    def start(self, port: int = 0) -> str:
        """Start the server (creating its data first where there is none) and give its `url`.

        Raises PostgresRefused, with a Chinese sentence, where the folder is in use, of another version or of
        another owner, or where the server does not come up.
        """
        if not self.watched and threading.current_thread() is not threading.main_thread():
            raise PostgresRefused("数据库须由主线程启动，否则那个线程一结束数据库就会停。")
        self.folder.mkdir(parents=True, exist_ok=True)
        self._take_lock()
        try:
            self._bin, self.data, self.account = choose_place(self.folder, find_binaries(), self.home)
            self._check_data()
            self._wait_for_predecessor()
            if not (self.data / "PG_VERSION").exists():
                self._initialise()
            self._launch(port)
        except BaseException:
            self._release_lock()
            raise
        return self.url

    def stop(self) -> None:
        """Stop the server (fast shutdown) and wait until it is gone; may be called twice."""
        process, self._process = self._process, None
        if process is not None:
            if self._pipe is not None:
                self._pipe.close()
                self._pipe = None
            else:
                _signal(process, signal.SIGINT)
            for harder in (signal.SIGQUIT, signal.SIGKILL):
                try:
                    process.wait(timeout=_PATIENCE)
                    break
                except subprocess.TimeoutExpired:
                    _signal(process, harder)
            process.wait()
        self._release_lock()

    def _take_lock(self) -> None:
        path = self.folder / "lock"
        handle = path.open("a+", encoding="utf-8")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            handle.seek(0)
            holder = handle.read().strip() or "未知"
            handle.close()
            raise PostgresRefused(
                f"数据文件夹 {self.folder} 正由另一个枢纽进程（进程号 {holder}）使用。"
                "请先停止它，或用 SHUNIU_DATA 指定别的文件夹。"
            ) from None
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        self._lock = handle

    def _release_lock(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _check_data(self) -> None:
        version_file = self.data / "PG_VERSION"
        wanted = self.account.uid if self.account else os.getuid()
        if self.data.exists() and self.data.stat().st_uid != wanted:
            raise PostgresRefused(
                f"数据文件夹 {self.data} 属于另一个用户（编号 {self.data.stat().st_uid}，应为 {wanted}）。"
                "请用原来的用户启动，或用 SHUNIU_DATA 指定别的文件夹。"
            )
        if version_file.exists():
            found, binaries = version_file.read_text().strip(), major_version(self._bin)
            if found != str(binaries):
                raise PostgresRefused(
                    f"数据文件夹 {self.data} 由 PostgreSQL {found} 建立，现有程序是 {binaries}，"
                    "不能直接打开。请用 SHUNIU_PG_BIN 指向原来的版本，"
                    "或先导出数据再换版本（见 docs/operations.md）。"
                )

    def _wait_for_predecessor(self) -> None:
        """A server whose launcher was killed is on its way down: help it, then forget its pid file."""
        started = time.monotonic()
        while pid := live_postmaster(self.data):
            if time.monotonic() - started > 60:
                raise PostgresRefused(
                    f"数据文件夹 {self.data} 上仍有 PostgreSQL 在运行（进程号 {pid}），请先停止它。"
                )
            waited = time.monotonic() - started
            if waited > 2:
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGINT if waited < _PATIENCE else signal.SIGQUIT)
                time.sleep(0.5)
            time.sleep(0.05)
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _initialise(self) -> None:
        version = major_version(self._bin)
        half = self.data.with_name("data.half")  # gets its name when it is whole: initdb may be killed
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(mode=0o700)
        password_file = self.data.parent / f"password-{os.getpid()}"
        password_file.touch(mode=0o600)
        password_file.write_text(self.password)
        if self.account:
            os.chown(half, self.account.uid, self.account.gid)
            os.chown(password_file, self.account.uid, self.account.gid)
        locale = ["--locale=C.UTF-8"]
        if version >= 17:
            locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command = [str(self._bin / "initdb"), "-D", str(half), "-U", "postgres", "--encoding=UTF8"]
        command += ["--auth=scram-sha-256", f"--pwfile={password_file}", *locale]
        command += [] if self.durable else ["--no-sync"]
        try:
            done = subprocess.run(command, capture_output=True, env=_clean(), check=False, **self._identity())
        finally:
            password_file.unlink(missing_ok=True)
        if done.returncode:
            shutil.rmtree(half, ignore_errors=True)
            raise PostgresRefused(f"数据库初始化失败：{done.stderr.decode(errors='replace').strip()[-600:]}")
        if self.data.exists():
            self.data.rmdir()
        half.rename(self.data)

    def _launch(self, port: int) -> None:
        for attempt in range(20):
            self.port = port or _free_port()
            if self._try_launch():
                return
            tail = self.log.read_text(errors="replace")[-2000:]
            again = "shared memory block" in tail or (not port and "could not bind" in tail)
            if not again or attempt == 19:
                raise PostgresRefused(f"数据库没有启动，日志 {self.log} 的末尾是：{tail.strip()[-600:]}")
            time.sleep(0.3)

    def _try_launch(self) -> bool:
        options = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": 400,
            "fsync": "on" if self.durable else "off",
            "synchronous_commit": "on" if self.durable else "off",
            "full_page_writes": "on" if self.durable else "off",
            "jit": "off",
            "log_line_prefix": "%m [%p] %u@%d ",
        }
        command = [str(self._bin / "postgres"), "-D", str(self.data)]
        command += [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        identity = self._identity()
        before: Callable[[], None] | None = death_signal(signal.SIGINT)
        stdin: int = subprocess.DEVNULL
        if self.watched:
            ids = f"{self.account.uid}:{self.account.gid}" if self.account else "-"
            command = [sys.executable, str(Path(__file__).with_name("watch.py")), ids, *command]
            identity, before, stdin = {}, None, subprocess.PIPE
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                command, stdin=stdin, stdout=output, stderr=output, env=_clean(), cwd=self.data,
                start_new_session=True, preexec_fn=before, **identity,
            )  # fmt: skip
        self._pipe = self._process.stdin
        return self._wait_until_ready(self._process)

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> bool:
        deadline = time.monotonic() + _START_LIMIT
        while process.poll() is None:
            lines = pid_lines(self.data)
            if len(lines) > 7 and lines[7].strip() == "ready":
                return True
            if time.monotonic() > deadline:
                process.kill()
                raise PostgresRefused(f"数据库 {_START_LIMIT} 秒内没有就绪，请看日志 {self.log}。")
            time.sleep(0.01)
        return False

    def _identity(self) -> Identity:
        return self.account.identity if self.account else {}


def death_signal(number: signal.Signals, parent: int = 0) -> Callable[[], None] | None:
    """For `preexec_fn`: the kernel sends the child `number` when its starting thread dies (Linux).

    Called in the child itself, `parent` names the process that it must not outlive.
    """
    if not sys.platform.startswith("linux"):
        return None
    parent = parent or os.getpid()
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def before_exec() -> None:
        prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:  # it died before the request reached the kernel
            os._exit(1)

    return before_exec


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(OSError):
        process.send_signal(number)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _clean() -> dict[str, str]:
    """The server's surroundings: nothing of ours, no secret among it."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}
