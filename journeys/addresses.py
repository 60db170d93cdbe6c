"""Every address of the product as the URL resolver tells it, with an example in the world of `world.py`.

A pattern without an entry in `EXAMPLES` fails by its name, an entry without a pattern too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from journeys.world import World

# Whoever guards these is a library; the matrix lists them like any other address.
EXAMPLES: dict[str, str] = {
    # url name → argument=what of World.ids (or ='literal', ?='query'); further lines "#word" are the same page of another thing
    "ui:export": "export_id=export",
    "ui:export_file": "export_id=export",
    "ui:list_columns": "key='registry.organisations'",
    "ui:list_views": "key='registry.organisations'",
    "ui:list_save_view": "key='registry.organisations'",
    "ui:list_batch": "key='calls.applications' action='release'",
    "ui:list_export": "key='registry.organisations'",
    "mfa_edit_webauthn": "pk='1'",
    "mfa_remove_webauthn": "pk='1'",
    "accounts:end_session": "sign_in_id=sign_in",
    "accounts:invitation": "token=invitation_token",
    # unions
    "unions:hand_on": "kind='call' pk=pending_call",
    "unions:message": "message_id=message",
    "unions:end_delegation": "delegation_id=delegation",
    "unions:change": "change_id=change",
    "unions:revoke": "grant_id=grant",
    "unions:union": "union_id=union",
    "unions:edit": "union_id=union",
    "unions:grant": "union_id=union",
    "unions:invite": "union_id=union",
    "unions:revoke_invitation": "union_id=union invitation_id=invitation",
    "unions:person": "union_id=union person_id=person",
    "unions:new_password": "union_id=union person_id=person",
    "unions:second_factor": "union_id=union person_id=person",
    "unions:calendar_year": "year=year",
    "unions:journal_entry": "entry_id=entry_of_journal",
    # registry
    "registry:import": "pk=imported",
    "registry:confirm_import": "pk=imported",
    "registry:discard_import": "pk=imported",
    "registry:import_errors": "pk=imported",
    "registry:claim": "pk=claim",
    "registry:claim_proof": "pk=claim",
    "registry:correction": "pk=correction",
    "registry:finding": "pk=finding",
    "registry:organisation": "pk=organisation",
    "registry:profile": "pk=organisation",
    "registry:add_fact": "pk=organisation kind='staff'",
    "registry:fact": "pk=organisation kind='staff' row=fact",
    "registry:verify_fact": "pk=organisation kind='staff' row=fact",
    "registry:correct_fact": "pk=organisation kind='staff' row=fact",
    "registry:retract_fact": "pk=organisation kind='staff' row=fact",
    "registry:status": "pk=organisation",
    "registry:give_code": "pk=candidate",
    "registry:former": "pk=organisation",
    "registry:merge": "pk=organisation",
    "registry:pinyin": "pk=organisation",
    "registry:file": "pk=organisation file=fact_file",
    "registry:ask_correction": "field='legal_representative'",
    "registry:withdraw_correction": "pk=correction",
    "registry:hand_over": "pk=membership",
    "registry:remove_member": "pk=membership",
    "registry:revoke_invitation": "pk=member_invitation",
    "registry:material": "file=own_material",
    "registry:remove_material": "file=own_material",
    "registry:restore_material": "file=own_material",
    "registry:join_code": "code=free_code",
    "registry:withdraw_claim": "pk=claim",
    "library:document": "key='beijing-2017'",
    "library:upload": "pk=law_upload",
    "library:upload#proposed": "pk=law_proposed",
    "library:rehearsal": "pk=law_upload",
    "library:impact": "pk=law_upload",
    "library:impact_organisations": "pk=law_upload",
    "library:propose": "pk=law_upload",
    "library:discard": "pk=law_upload",
    "library:folder": "pk=law_upload",
    "library:adopt": "key=law_key",
    "library:end": "key=law_key",
    "library:ending": "pk=law_ending",
    "library:paper": "key=law_key",
    "library:template": "key='jiangsu' template='application_form'",
    "library:revise": "key='jiangsu' template='application_form'",
    "library:paper_file": "key=law_key",
    "library:questions_of": "key=law_key",
    "library:question": "pk=law_question",
    "library:question#answered": "pk=law_answer",
    # calls: the call itself
    "calls:call": "pk=desk_call",
    "calls:call#draft": "pk=draft_call",
    "calls:call#pending": "pk=pending_call",
    "calls:call#finished": "pk=finished_call",
    "calls:submit_call": "pk=draft_call",
    "calls:discard_call": "pk=draft_call",
    "calls:preview_call": "pk=pending_call",
    "calls:approve_call": "pk=pending_call",
    "calls:advance_call": "pk=desk_call",
    "calls:go_back_call": "pk=desk_call",
    "calls:cancel_call": "pk=open_call",
    "calls:questions": "pk=open_call",
    "calls:answer": "pk=open_call question=question",
    "calls:amend": "pk=desk_call",
    "calls:amendment": "pk=open_call number=amendment",
    "calls:edit_call": "pk=draft_call section='basics'",
    # calls: applying
    "calls:apply_start": "call_id=open_call",
    "calls:apply_ask": "call_id=open_call",
    "calls:application": "pk=draft_app",
    "calls:application#submitted": "pk=desk_app",
    "calls:apply_check": "pk=draft_app",
    "calls:apply_receipt": "pk=desk_app",
    "calls:apply_receipt_pdf": "pk=desk_app",
    "calls:own_form": "pk=desk_app form='docx'",
    "calls:desk_form": "pk=desk_app form='docx'",
    "calls:notice_word": "pk=pending_call",
    "calls:public_paper_word": "pk=public_paper",
    "calls:apply_withdraw": "pk=desk_app",
    # calls: visiting and recommending
    "calls:recommend": "pk=award_call",
    "calls:recommend_one": "pk=visit_app",
    "calls:recommend_back": "pk=recommendation",
    "calls:visit": "pk=visit_app",
    "calls:visit_photo": "pk=visited attachment=visit_photo",
    "calls:apply_visit": "pk=award_app",
    "calls:apply_section#self": "pk=award_app section='self'",
    "calls:apply_evidence": "pk=award_app row='party_lead'",
    "calls:apply_evidence_earlier": "pk=award_app row='party_lead'",
    "calls:apply_evidence_remove": "pk=award_app evidence=proof",
    "calls:apply_evidence_restore": "pk=award_app evidence=proof",
    "calls:evidence": "evidence=proof",
    "calls:feedbacks": "pk=finished_call",
    "calls:feedback": "pk=finished_app",
    "calls:improvement": "pk=offered",
    "calls:improvement_file": "pk=improved attachment=improvement_file",
    "calls:apply_feedback": "pk=finished_app",
    "calls:apply_feedback_paper": "pk=finished_app",
    "calls:own_improvement": "pk=improvement",
    "calls:apply_correction": "pk=corrected_app",
    "calls:apply_correction_paper": "pk=corrected_app round=round",
    "calls:apply_materials": "pk=draft_app",
    "calls:apply_upload": "pk=draft_app item=material_item",
    "calls:apply_reuse": "pk=draft_app",
    "calls:apply_remove": "pk=draft_app material=material",
    "calls:apply_restore": "pk=draft_app material=material",
    "calls:apply_section": "pk=draft_app section='plan'",
    "calls:apply_autosave": "pk=draft_app section='plan'",
    "calls:material": "material=material",
    "calls:material#submitted": "material=desk_material",
    # calls: the check desk
    "calls:applications": "pk=desk_call",
    "calls:audit_next": "pk=desk_call",
    "calls:late": "pk=desk_call",
    "calls:late_decide": "pk=desk_call late=late",
    "calls:audit": "pk=desk_app",
    "calls:audit#concluded": "pk=concluded_app",
    "calls:audit_answer": "pk=desk_app",
    "calls:audit_tick": "pk=desk_app",
    "calls:audit_reading": "pk=desk_app",
    "calls:audit_correct": "pk=desk_app",
    "calls:audit_conclude": "pk=desk_app",
    "calls:audit_assign": "pk=desk_app",
    "calls:audit_correction_pdf": "pk=corrected_app round=round",
    "calls:audit_sheet": "pk=concluded_app",
    "calls:audit_check": "pk=concluded_app",
    "calls:audit_reopen": "pk=concluded_app",
    # calls: review
    "calls:expert": "pk=expert_row",
    "calls:retire_expert": "pk=expert_row",
    "calls:invite_expert": "pk=expert_row",
    "calls:panels": "call_id=review_call",
    "calls:assignment": "call_id=review_call",
    "calls:drop_assignment": "call_id=review_call",
    "calls:decide_assignment": "call_id=review_call",
    "calls:change_assignment": "call_id=review_call application_id=assigned_app",
    "calls:committee": "pk=committee",
    "calls:freeze_pool": "pk=committee",
    "calls:open_scoring": "pk=committee",
    "calls:close_scoring": "pk=committee",
    "calls:ask_reopening": "pk=committee",
    "calls:decide_reopening": "pk=committee reopening_id=reopening",
    "calls:seat": "pk=committee seat_id=seat",
    "calls:replace_seat": "pk=committee seat_id=seat",
    "calls:mark_missing": "pk=committee seat_id=seat",
    "calls:draw": "pk=draw",
    "calls:draw_party": "pk=draw",
    "calls:declare": "committee_id=committee",
    "calls:decline_seat": "committee_id=committee",
    "calls:pile": "committee_id=committee",
    "calls:hand_in": "committee_id=committee",
    "calls:expert_meeting": "committee_id=met_committee",
    "calls:desk": "committee_id=committee application_id=open_sheet_app",
    "calls:save_points": "committee_id=committee application_id=open_sheet_app",
    "calls:abstain": "committee_id=committee application_id=open_sheet_app",
    "calls:recuse": "committee_id=committee application_id=open_sheet_app",
    "calls:own_sheet_paper": "committee_id=committee application_id=scored_app",
    "calls:review_file": "committee_id=committee application_id=scored_app attachment_id=review_attachment",
    "calls:ranking": "pk=met_committee",
    "calls:calibration": "pk=met_committee",
    "calls:meeting": "pk=met_committee",
    "calls:meeting#wall": "pk=met_committee ?='screen'",
    "calls:attend": "pk=met_committee seat_id=met_seat",
    "calls:meeting_note": "pk=met_committee",
    "calls:sign_meeting": "pk=met_committee",
    "calls:minutes": "pk=met_committee",
    "calls:minutes_word": "pk=met_committee",
    "calls:roster": "pk=committee form='docx'",
    "calls:sheets": "pk=met_committee",
    "calls:sheet_paper": "pk=met_committee record_id=met_record",
    # calls: lists, objections, public pages
    "calls:lists": "pk=view_call",
    "calls:freeze_list": "pk=view_call kind='formal'",
    "calls:list": "pk=shortlist",
    "calls:promotion": "pk=finished_call",
    "calls:strike_promotion": "pk=finished_call number=promotion",
    "calls:correct_list": "pk=formal",
    "calls:list_correction": "pk=formal number=list_correction",
    "calls:objection": "pk=objection",
    "calls:objection_file": "pk=objection evidence=objection_file",
    "calls:objection_paper": "pk=objection which='acceptance'",
    "calls:object": "pk=publicity",
    "calls:object#over": "pk=finished_publicity",
    "calls:objection_reply": "token=reply_token",
    "calls:notice": "pk=open_call",
    "calls:notice#draft": "pk=draft_call",
    "calls:public_list": "pk=formal",
    "calls:public_list#on_view": "pk=shortlist",
    "calls:public_list_xlsx": "pk=formal",
    "calls:public_paper": "pk=public_paper",
    "calls:public_paper#inner": "pk=inner_paper",
    # surveys
    "surveys:item": "pk=survey_item",
    "surveys:survey": "pk=open_survey",
    "surveys:survey#draft": "pk=draft_survey",
    "surveys:survey#counted": "pk=counted_survey",
    "surveys:edit": "pk=draft_survey",
    "surveys:roster": "pk=open_survey",
    "surveys:roster#draft": "pk=draft_survey",
    "surveys:tickets": "pk=open_survey",
    "surveys:paper": "pk=open_survey",
    "surveys:callbacks": "pk=counted_survey",
    "surveys:evidence": "pk=counted_survey part='result'",
    "surveys:own_survey": "pk=counted_survey",
    "surveys:own_survey#open": "pk=open_survey",
    "surveys:ticket": "code=ticket",
    "surveys:ticket#low": "code=ticket ?='level=2'",
    "surveys:ticket#used": "code=used_ticket",
    # recognition
    "recognition:recognition": "pk=recognition",
    "recognition:certificate": "pk=recognition",
    "recognition:certificate_pdf": "pk=recognition",
    "recognition:verify_code": "code=verify_code",
    "recognition:honour": "pk=honour",
    "network:base": "pk=demo_base",
    "network:story": "pk=story",
    "network:story_edit": "pk=story",
    "network:read": "pk=public_story",
    "projects:project": "pk=project",
    "projects:edit": "pk=project",
    "projects:nominate": "pk=project",
    "calls:nomination_drop": "pk=nominee",
    # funds
    "funds:subsidy": "pk=subsidy",
    "funds:use_proof": "pk=subsidy use=use",
    "funds:fund": "pk=fund",
    # recognition: honours
    "recognition:honour_proof": "pk=honour",
}

# What a POST says where a word is needed to get beyond "there is no such thing".
WORDS: dict[str, str] = {
    "calls:apply_correction": "key='7f6c1c4e-5f0e-4e0e-9a39-0e8f3a0c9b11'",
    "calls:apply_materials": "item=material_item",
    "calls:apply_reuse": "item=material_item attachment=own_material",
    "calls:apply_evidence_earlier": "attachment=own_material",
}


@dataclass(frozen=True)
class Address:
    """A pattern of the resolver: its full name, its route, its view."""

    name: str
    route: str
    view: Any
    arguments: frozenset[str]


def _walk(
    resolver: Any, prefix: str = "", namespace: str = "", outer: frozenset[str] = frozenset()
) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        route = f"{prefix}{entry.pattern}"
        taken = outer | frozenset(entry.pattern.converters)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, route, inner, taken)
        elif isinstance(entry, URLPattern):
            yield Address(f"{namespace}{entry.name or route}", route, entry.callback, taken)


def addresses() -> dict[str, Address]:
    """Every pattern by its full name; two patterns of one name are one page with two forms of address."""
    return {found.name: found for found in _walk(get_resolver())}


def labels() -> list[str]:
    """Every address and every further example of it ("calls:call", "calls:call#draft"), in order."""
    names = addresses()
    return sorted({*names, *(label for label in EXAMPLES if label.split("#")[0] in names)})


def without_example() -> list[str]:
    """Patterns that take arguments and have no entry; entries that no pattern has."""
    names = addresses()
    missing = [f"{n}: no example" for n, a in names.items() if a.arguments and n not in EXAMPLES]
    return missing + [f"{label}: no such address" for label in EXAMPLES if label.split("#")[0] not in names]


def path_of(world: World, label: str) -> str:
    """The concrete address of a label in this world; KeyError names what is missing."""
    pairs = _pairs(world, EXAMPLES.get(label, ""))
    query = pairs.pop("?", "")
    return reverse(label.split("#")[0], kwargs=pairs) + (f"?{query}" if query else "")


def words_of(world: World, label: str) -> dict[str, Any]:
    """What a POST to the label's address says, as a browser sends it."""
    return {"csrfmiddlewaretoken": "x"} | _pairs(world, WORDS.get(label, ""))


def _pairs(world: World, said: str) -> dict[str, Any]:
    pairs = {}
    for pair in said.split():
        name, _, value = pair.partition("=")
        pairs[name] = value.strip("'") if value.startswith("'") else world.ids[value]
    return pairs
