"""`python -m benchmarks.import_once 20000`: make a workbook, wait for a line, import it, tell how long it took."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import django

_MAKE = "import sys; from benchmarks.import_once import make; make(int(sys.argv[1]), sys.argv[2])"
_OFFSET = 650_000


def make(rows: int, path: str) -> None:
    """A workbook as a registrar would send it. In a child: its memory is not the import's."""
    django.setup()
    from benchmarks.volume import words
    from shuniu.registry import codes
    from shuniu.registry.excel.book import template

    def row(n: int) -> dict[str, str]:
        named = words.organisation(_OFFSET + n)
        return {
            "code": codes.make_code(f"{named.prefix}379908", 100_000 + n), "name": named.name,
            "registrar": "望海市民政局", "registrar_level": "本市市级", "region": named.region,
            "registered_on": named.registered_on.isoformat(), "status": "正常",
            "legal_representative": named.representative, "address": f"望海市{named.region}工人路 {n} 号",
            "contact_name": words.person(n), "contact_phone": f"136{n:08d}",
            "scope": f"{named.field}的宣传、咨询、培训和服务", "grade": "4A", "grade_from": "2024-01-01",
            "grade_to": "2028-12-31", "inspection_year": "2024", "inspection_result": "合格",
            "union_status": "单独建会",
        }  # fmt: skip

    Path(path).write_bytes(template(rows=(row(n) for n in range(rows))))


def main() -> None:
    """Upload, read into the preview, confirm, write: each part timed."""
    count = int(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.xlsx"
        subprocess.run([sys.executable, "-c", _MAKE, str(count), str(path)], check=True)
        django.setup()
        body = path.read_bytes()
    print(json.dumps({"rows": count}), flush=True)
    sys.stdin.readline()
    print(json.dumps(_import(body)), flush=True)


def _import(body: bytes) -> dict[str, object]:
    from benchmarks.stage import who_acts
    from benchmarks.volume import CITY
    from shuniu.foundation.calendar import clock
    from shuniu.foundation.files import kinds, receiving
    from shuniu.foundation.files import tasks as scanning
    from shuniu.registry.actions import imports
    from shuniu.unions.models import Union

    seconds: dict[str, float] = {}
    at, used = time.perf_counter(), _processor()

    def lap(name: str) -> None:
        nonlocal at
        seconds[name] = time.perf_counter() - at
        at = time.perf_counter()

    union = Union.objects.get(name=CITY)
    clerk = who_acts(union, "clerk")
    received = receiving.receive(io.BytesIO(body), name="名册.xlsx", allowed=kinds.SHEETS, max_bytes=20 << 20)
    batch = imports.start_import(
        by=clerk, union=union, received=received, source_detail="望海市民政局名册", as_of=clock.today()
    )
    lap("接收")
    assert batch.file is not None
    scanning.scan(blob_id=batch.file.blob_id)
    imports.read_import(import_id=batch.pk)
    lap("读取预览")
    batch.refresh_from_db()
    imports.confirm_import(by=clerk, batch=batch)
    written = imports.write_import(by=clerk, import_id=batch.pk)
    lap("写入")
    told = {"written": written, "seconds": seconds, "processor": _processor() - used}
    return told | {"state": str(batch.state), "problem": batch.problem}


def _processor() -> float:
    """Seconds of a processor that this process and its ended children took; the database's and the reader's are not."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


if __name__ == "__main__":
    main()
