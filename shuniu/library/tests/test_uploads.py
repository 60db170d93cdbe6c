"""B2, B6, O2: a folder comes in, is checked in its child process, and is published by a second person."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from shuniu.foundation.access import Who
from shuniu.foundation.files import limited
from shuniu.foundation.journal.models import Entry
from shuniu.foundation.ui import slots
from shuniu.library import actions, queries
from shuniu.library.models import Document, Release, Upload
from shuniu.library.tests import folders
from shuniu.library.unpacking import make_zip
from shuniu.unions.models import Union
from shuniu.unions.tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B2")]


@pytest.fixture
def city() -> Union:
    return cast.union()


@pytest.fixture
def admin(city: Union) -> Who:
    return cast.who("sec_admin", city)


@pytest.fixture
def leader(city: Union) -> Who:
    return cast.who("leader", city)


def publish(admin: Who, leader: Who, **changes: str) -> Release:
    text = folders.DOCUMENT
    for old, new in changes.items():
        text = text.replace(
            *{"version": ('version: "1"', f'version: "{new}"'), "key": (folders.KEY, new)}[old]
        )
    row = actions.upload(by=admin, received=folders.received(folders.files(text)))
    assert row.state == "checked", (row.problems, row.cases)
    actions.propose(by=admin, upload_id=row.pk)
    return actions.confirm(by=leader, upload_id=row.pk)


@pytest.mark.feature("O2")
def test_from_zip_to_the_list_by_two_people(city: Union, admin: Who, leader: Who) -> None:
    file = SimpleUploadedFile("制度.zip", make_zip({f"制度/{n}": d for n, d in folders.files().items()}))
    answer = cast.post(admin, "/library/uploads/", file=file)
    row = Upload.objects.get()
    assert answer.status_code == 303 and answer["Location"] == f"/library/uploads/{row.pk}/"
    shown = cast.text(cast.page(admin, f"/library/uploads/{row.pk}/"))
    assert "2 个案例全部相符" in shown and "成立满两年" in shown and "提请发布" in shown
    assert queries.law_of_key(folders.KEY) is None
    assert cast.post(admin, f"/library/uploads/{row.pk}/propose/").status_code == 303
    mine, theirs = ([t.waiting for t in slots.todos_for(who) if t.tag == "制度"] for who in (admin, leader))
    assert mine == [True] and theirs == [False]
    asked = cast.post(leader, f"/library/uploads/{row.pk}/", do="approve")
    assert asked.status_code == 422 and not Release.objects.exists()
    done = cast.post(
        leader, f"/library/uploads/{row.pk}/", **{"do": "approve", "again-password": cast.PASSWORD}
    )
    assert done.status_code == 303
    release = Release.objects.get()
    assert release.document.digest == row.digest and release.union == city
    assert "《望海市职工服务项目办法》" in cast.text(cast.page(leader, "/library/"))
    assert "望海市总工会" in cast.text(cast.page(leader, f"/library/{folders.KEY}/"))
    verbs = list(
        Entry.objects.filter(verb__startswith="library.").order_by("id").values_list("verb", flat=True)
    )
    assert verbs == ["library.upload", "library.propose", "library.store", "library.publish"]
    assert cast.page(leader, f"/library/uploads/{row.pk}/folder/").status_code == 200


def test_mistakes_stand_with_line_and_key_and_a_failing_case_bars_the_way(admin: Who) -> None:
    wrong = folders.DOCUMENT.replace("fact: chosen_count", "fact: chosen_cuont")
    row = actions.upload(by=admin, received=folders.received(folders.files(wrong)))
    assert row.state == "refused" and row.problems[0]["line"] > 20
    shown = cast.text(cast.page(admin, f"/library/uploads/{row.pk}/"))
    assert "chosen_cuont" in shown and "提请发布" not in shown
    case = folders.CASES.replace("{decision: yes}", "{decision: no}")
    row = actions.upload(by=admin, received=folders.received(folders.files(cases=case)))
    assert row.state == "refused" and row.problems[0]["file"] == "cases.yaml"
    assert "结论应为 no，实为 yes" in cast.text(cast.page(admin, f"/library/uploads/{row.pk}/"))


@pytest.mark.feature("B6")
def test_the_authors_pack_holds_the_guide_and_a_folder_that_passes(admin: Who) -> None:
    answer = cast.page(admin, "/library/uploads/authors-pack/")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    assert {"policy-authoring.md", "policy-format.md", "schema/document.schema.json"} <= set(found)
    sample = {name: content for name, content in found.items() if name.startswith("sample-2026/")}
    row = actions.upload(by=admin, received=folders.received(sample))
    assert (row.state, row.problems) == ("checked", [])
    assert "编写资料" in cast.text(cast.page(admin, "/library/uploads/"))


def _zip(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ({f"{n}.md": b"x" for n in range(61)}, "不得超过 60 个"),
        ({"document.yaml": b"# " + b"x" * 5_100_000}, "合计不得超过"),
        ({"document.yaml": ("a: &a [x]\n" + "".join(f"b{n}: *a\n" for n in range(201))).encode()}, "引用（*名）不得超过 200 处"),
        ({"document.yaml": b"a: " + b"[" * 31 + b"]" * 31}, "嵌套不得超过 30 层"),
        ({"document.yaml": b"key: !!python/object:os.system x\n"}, "不使用类型标记"),
        ({"notes.md": b"x"}, "文件夹应含有 document.yaml"),
        ({"document.yaml": folders.DOCUMENT.encode(), "run.py": b"x"}, "文件类型应为"),
        ({"document.yaml": folders.DOCUMENT.replace("title: 望海市职工服务项目办法", 'title: "\\0办法"').encode()}, "控制字符"),
        ({"document.yaml": folders.DOCUMENT.replace("title: 望海市", "title: " + "长" * 201).encode()}, "不得超过 200 字"),
    ],
)  # fmt: skip
def test_what_is_beyond_the_limits_is_named(admin: Who, entries: dict[str, bytes], words: str) -> None:
    row = actions.upload(by=admin, received=folders.sent(_zip(entries)))
    assert row.state == "refused" and any(words in p["expected"] for p in row.problems), row.problems
    assert cast.page(admin, f"/library/uploads/{row.pk}/").status_code == 200


@pytest.mark.refusal("library.too_complex")
def test_a_check_that_does_not_end_is_a_refusal(admin: Who, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: Any, **__: Any) -> None:
        raise limited.Limited("time")

    received = folders.received()
    monkeypatch.setattr(limited, "call", never)
    with cast.refused("library.too_complex"):
        actions.upload(by=admin, received=received)
    assert not Upload.objects.exists()


@pytest.mark.refusal("library.sec_admin", "library.approver", "library.state", "library.reason")
def test_who_may_and_when(city: Union, admin: Who, leader: Who) -> None:
    with cast.refused("library.sec_admin"):
        actions.upload(by=leader, received=folders.received())
    row = actions.upload(by=admin, received=folders.received())
    with cast.refused("library.state"):
        actions.confirm(by=leader, upload_id=row.pk)
    actions.propose(by=admin, upload_id=row.pk)
    with cast.refused("unions.second_person"):
        actions.confirm(by=admin, upload_id=row.pk)
    with cast.refused("library.approver"):
        actions.confirm(by=cast.who("clerk", city), upload_id=row.pk)
    with cast.refused("library.reason"):
        actions.decline(by=leader, upload_id=row.pk, reason=" ")
    assert "不同意请写明理由" in cast.text(cast.post(leader, f"/library/uploads/{row.pk}/", do="return"))
    actions.decline(by=leader, upload_id=row.pk, reason="第三条有误")
    with cast.refused("library.state"):
        actions.discard(by=admin, upload_id=row.pk)
    other = cast.who("sec_admin", cast.union("邻海市总工会"))
    assert cast.page(other, f"/library/uploads/{row.pk}/").status_code == 404


def test_discarded_stays_in_the_record(admin: Who) -> None:
    row = actions.upload(by=admin, received=folders.received())
    assert cast.post(admin, f"/library/uploads/{row.pk}/discard/").status_code == 303
    row.refresh_from_db()
    assert row.state == "discarded"


@pytest.mark.refusal("library.key_shipped", "library.key_taken", "library.key_reserved", "library.released")
def test_a_key_is_one_unions_and_a_version_has_one_wording(city: Union, admin: Who, leader: Who) -> None:
    first = publish(admin, leader)
    for text, code in (
        (folders.DOCUMENT, "library.released"),
        (folders.DOCUMENT.replace("成立满两年", "成立两年"), "library.changed"),
        (folders.DOCUMENT.replace(folders.KEY, "beijing-2017"), "library.key_shipped"),
        (folders.DOCUMENT.replace(folders.KEY, "uploads"), "library.key_reserved"),
    ):
        row = actions.upload(by=admin, received=folders.received(folders.files(text)))
        with cast.refused(code):
            actions.propose(by=admin, upload_id=row.pk)
    neighbour = cast.union("邻海市总工会")
    row = actions.upload(by=cast.who("sec_admin", neighbour), received=folders.received())
    with cast.refused("library.key_taken"):
        actions.propose(by=cast.who("sec_admin", neighbour), upload_id=row.pk)
    second = publish(admin, leader, version="2")
    law = queries.law_of_key(folders.KEY)
    assert law is not None and law.version == "2" and second.pk != first.pk
    old = cast.text(cast.page(admin, f"/library/{folders.KEY}/?version=1"))
    assert "较早的 1 版" in old
    assert cast.page(admin, f"/library/{folders.KEY}/?version=9").status_code == 404


def test_the_database_keeps_what_was_checked_and_who_confirmed(city: Union, admin: Who, leader: Who) -> None:
    row = actions.upload(by=admin, received=folders.received())
    changes: list[dict[str, Any]] = [{"digest": "0" * 64}, {"files": {}}, {"state": "published"}]
    for change in changes:
        with pytest.raises(DatabaseError), transaction.atomic():
            Upload.objects.filter(pk=row.pk).update(**change)
    document = Document.objects.create(key="x", version="1", title="x", issuer="x", digest="1" * 64, files={})
    with pytest.raises(DatabaseError, match="release_unconfirmed"), transaction.atomic():
        Release.objects.create(key="x", document=document, upload=row, union=city)
    bad = actions.upload(by=admin, received=folders.received({"notes.md": b"x"}))
    with pytest.raises(DatabaseError), transaction.atomic():
        Upload.objects.filter(pk=bad.pk).update(state="checked")
    release = publish(admin, leader, key="other")
    with pytest.raises(DatabaseError), transaction.atomic():
        Release.objects.filter(pk=release.pk).update(key="y")


def test_the_explanation_is_read_in_parts_with_what_belongs_to_a_line_under_it() -> None:
    text = "《办法》\n校验值：1\n\n【条款】\n第一条〔条件〕甲\n    系统：乙\n"
    text += "\n【程序】\n【期限】第一条 答复：十日\n- 丙\n    丁\n    戊\n"
    found = [(each.title, each.lines) for each in queries.understood(text)]
    assert found == [
        ("", [("《办法》", []), ("校验值：1", [])]),
        ("条款", [("第一条〔条件〕甲", ["系统：乙"])]),
        ("程序", [("【期限】第一条 答复：十日", []), ("丙", ["丁", "戊"])]),
    ]
    assert queries.understood("") == []
