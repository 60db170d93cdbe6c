"""What the world has besides calls: records of the registry, roles and messages of the office."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING, Any

from shuniu.foundation.access import Who
from shuniu.foundation.accounts.models import Invitation
from shuniu.foundation.calendar import clock
from shuniu.foundation.files import receiving
from shuniu.foundation.files.kinds import TEXTS
from shuniu.foundation.journal.models import Entry
from shuniu.foundation.notices.actions import tell
from shuniu.foundation.notices.models import Message
from shuniu.foundation.ui.models import Export
from shuniu.funds.actions import use
from shuniu.funds.tests import cast as money
from shuniu.library import actions as library
from shuniu.library.models import Upload
from shuniu.library.tests import folders
from shuniu.network.actions import stories
from shuniu.network.tests import cast as network
from shuniu.projects import actions as projects
from shuniu.projects.tests import award as nominations
from shuniu.recognition.actions import honours
from shuniu.registry import actions as registry
from shuniu.registry.actions import imports
from shuniu.registry.models import Finding, Membership, Organisation
from shuniu.registry.tests import factories, test_excel
from shuniu.unions import actions as unions_actions
from shuniu.unions.models import RoleChange, RoleGrant
from shuniu.unions.tests import cast as unions

if TYPE_CHECKING:
    from journeys.world import World


def registry_of(world: World) -> None:
    """A claim, a correction, a fact with its file, a material, a list that was read, an entry without code."""
    of, who = world.office, world.people
    row = Organisation.objects.get(pk=world.ids["organisation"])
    free = factories.organisation(of.clerk, "望海市青禾家庭教育指导中心")
    candidate = registry.register_candidate(
        by=of.clerk, union=of.union, name="望海市待补代码服务中心", values={}, basis="走访登记"
    )
    claimant = unions.person("柳认领")
    claim = registry.claim(
        by=Who(person=claimant), code=free.code or "", position="主任", proof=factories.paper("授权委托书")
    )
    asked = registry.request_correction(
        by=who["owner"], organisation=row, field="address", new="东港区观澜路 18 号", reason="已搬迁"
    )
    fact = registry.add_fact(
        by=who["owner"], organisation=row, kind="staff", values={"full_time": 11}, basis="名册",
        evidence=factories.paper("名册"),
    )  # fmt: skip
    kept = registry.keep_material(by=who["owner"], organisation=row, received=factories.paper("登记证书"))
    people = Membership.objects.filter(organisation=row, role="org_member").first()
    registry.invite_member(by=who["owner"], organisation=row, name="新专员")
    world.keep(member_invitation=Invitation.objects.latest("pk"))
    body = test_excel.workbook(
        [
            test_excel.HEADER,
            [1, factories.code(), "望海市新苗职工成长服务中心", "2021.3.5", "市级"],
            [2, factories.code()[:-1], "望海市代码少一位服务中心", "2021.3.5", "市级"],
        ]
    )
    listed = test_excel.received(body)
    batch = imports.start_import(
        by=of.clerk, union=of.union, received=listed, source_detail="市民政局名录", as_of=clock.today()
    )
    imports.read_import(import_id=batch.pk)
    listed_bad = factories.organisation(of.clerk, "望海市落叶职工服务中心")
    registry.add_fact(
        by=of.clerk, organisation=listed_bad, kind="penalty", basis="民政局公告",
        values={"penalty": "abnormal", "authority": "望海市民政局", "from_on": clock.today()},
    )  # fmt: skip
    registry.screen([registry.Watch(listed_bad.pk, of.union.pk, "有效资质")])
    world.keep(finding=Finding.objects.get(organisation=listed_bad))
    world.keep(
        claim=claim, correction=asked, fact=fact, fact_file=fact.evidence_id, own_material=kept, imported=batch,
        membership=people, free_code=factories.code(), candidate=candidate, claimant=claimant,
    )  # fmt: skip


def honours_of(world: World) -> None:
    """An honour of the organisation that province granted, confirmed."""
    of = world.office
    row = Organisation.objects.get(pk=world.ids["organisation"])
    made = honours.record(
        by=of.clerk, union=of.union, organisation=row, subject=honours.of_organisation(row),
        award=honours.Award(
            "province", "服务职工优秀社会组织", "海东省总工会", "海工发〔2026〕9号", clock.today()
        ),
        proof=factories.paper("表彰文件"),
    )  # fmt: skip
    world.keep(honour=honours.confirm(by=of.checker, honour_id=made.pk))


def library_of(world: World) -> None:
    """A document that the city published and a district may adopt, its next version checked, another one waiting."""
    of, admin = world.office, world.people["sec_admin"]

    def brought(text: str) -> Upload:
        return library.upload(by=admin, received=folders.received(folders.files(text)))

    first = brought(folders.DOCUMENT)
    library.propose(by=admin, upload_id=first.pk)
    library.confirm(by=of.leader, upload_id=first.pk)
    checked = brought(folders.DOCUMENT.replace('version: "1"', 'version: "2"'))
    library.compute_impact(impact_id=library.estimate(by=admin, upload_id=checked.pk).pk)
    waits = brought(folders.DOCUMENT.replace(folders.KEY, "wanghai-other"))
    library.propose(by=admin, upload_id=waits.pk)
    former = brought(folders.DOCUMENT.replace(folders.KEY, "wanghai-former"))
    library.propose(by=admin, upload_id=former.pk)
    library.confirm(by=of.leader, upload_id=former.pk)
    ending = library.propose_end(by=admin, key="wanghai-former", reason="由新的办法代替")
    paper = receiving.receive(
        io.BytesIO("第一条 为职工服务。\n第二条 满两年。".encode()),
        name="原文.txt",
        allowed=TEXTS,
        max_bytes=1_000_000,
    )
    library.attach_paper(by=admin, key=folders.KEY, received=paper)
    asked = library.ask(by=world.people["child"], key=folders.KEY, clause="第二条", text="满两年算到哪一天？")
    other = library.ask(by=world.people["owner"], key=folders.KEY, clause="第三条", text="类别怎样计算？")
    library.answer(by=of.clerk, question_id=other.pk, text="按申报的类别计算。")
    world.keep(
        law_key=folders.KEY,
        law_upload=checked,
        law_proposed=waits,
        law_question=asked,
        law_answer=other,
        law_ending=ending,
    )


def money_of(world: World) -> None:
    """A fund with a budget, a subsidy that was paid and used."""
    of, who = world.office, world.people
    row = Organisation.objects.get(pk=world.ids["organisation"])
    t = money.Treasury(
        of,
        who["finance"],
        who["auditor"],
        who["owner"],
        row,
        money.funded(of, who["finance"]),
        money.document(),
    )
    t.honour("city", f"registry.organisation:{row.pk}")
    subsidy = t.subsidy(f"registry.organisation:{row.pk}")
    t.payee(subsidy)
    due = t.settle(subsidy)
    assert due is not None
    t.pay(due)
    used = use.record_use(
        by=of.clerk, subsidy_id=subsidy.pk, amount_fen=100, used_on=clock.today(), named="购买服务",
        proof=factories.paper("发票"),
    )  # fmt: skip
    values = {
        "name": "职工心理驿站",
        "starts_on": clock.today() - dt.timedelta(days=400),
        "amount_fen": 5_000_000,
    }
    ended = values | {"completed_on": clock.today() - dt.timedelta(days=30)}
    done = projects.register(by=of.clerk, union=of.union, organisation=row, values=ended)
    nominee = nominations.nominated(of.clerk, done, nominations.open_call(of))
    world.keep(
        subsidy=subsidy,
        fund=t.fund,
        use=used,
        project=done,
        nominee=nominee,
        **_network(of, row, who["owner"]),
    )


def _network(of: Any, row: Organisation, owner: Who) -> dict[str, Any]:
    """A base in force, a case of the organisation that is a draft, and a public one."""
    office = network.Office(of.union, of.clerk, of.checker, of.leader)
    public = network.written(owner, office, row)
    stories.submit(by=owner, story_id=public.pk, consent=True)
    stories.publish(by=of.checker, story_id=public.pk)
    return {
        "demo_base": network.in_force(office, row), "story": network.written(owner, office, row), "public_story": public,
    }  # fmt: skip


def unions_of(world: World) -> None:
    """An invitation, a role that waits for its second person, a delegation, a message, an export."""
    of, who = world.office, world.people
    system_admin, clerk = who["sys_admin"], unions.me(of.clerk)
    token = unions_actions.invite_to_role(
        by=system_admin, union=of.union, role="checker", invited_name="新复核", first_day=clock.today()
    )
    unions_actions.grant_role(
        by=system_admin, person=unions.person("吴候任"), union=of.union, role="audit_admin",
        first_day=clock.today(),
    )  # fmt: skip
    grant = RoleGrant.objects.get(person=clerk, union=of.union)
    given = unions_actions.delegate(
        by=of.clerk, grant=grant, to_person=unions.me(who["finance"]), first_day=clock.today() + dt.timedelta(days=30),
        last_day=clock.today() + dt.timedelta(days=33), reason="出差",
    )  # fmt: skip
    tell([clerk], title="周复核退回 1 份审核结论", kind="test", url="/work/list/")
    world.keep(
        invitation_token=token, invitation=Invitation.objects.latest("pk"), change=RoleChange.objects.latest("pk"),
        grant=RoleGrant.objects.get(person=unions.me(of.clerk2), union=of.union), delegation=given, person=clerk,
        message=Message.objects.filter(person=clerk).latest("pk"), year=clock.today().year,
        entry_of_journal=Entry.objects.filter(union_id=of.union.pk).latest("pk"),
    )  # fmt: skip
    made = Export.objects.create(
        person=clerk, hat=of.clerk.hat.key if of.clerk.hat else "", key="registry.organisations",
        title="社会组织", path="/organisations/", total=3,
    )  # fmt: skip
    world.keep(export=made)
