"""Addresses of the registry: /organisations/ for unions, /org/ for an organisation's own people."""

from __future__ import annotations

from django.urls import include, path

from shuniu.registry.views import desk, facts, former, imports, join, organisations, own

app_name = "registry"

_one = [
    path("", organisations.organisation, name="organisation"),
    path("profile/", facts.profile, name="profile"),
    path("facts/<str:kind>/new/", facts.add, name="add_fact"),
    path("facts/<str:kind>/<int:row>/", facts.fact, name="fact"),
    path("facts/<str:kind>/<int:row>/verify/", facts.verify, name="verify_fact"),
    path("facts/<str:kind>/<int:row>/correct/", facts.correct, name="correct_fact"),
    path("facts/<str:kind>/<int:row>/retract/", facts.retract, name="retract_fact"),
    path("status/", organisations.status, name="status"),
    path("code/", organisations.code, name="give_code"),
    path("former/", former.former, name="former"),
    path("merge/", organisations.merge, name="merge"),
    path("pinyin/", organisations.pinyin, name="pinyin"),
    path("files/<uuid:file>/", organisations.file, name="file"),
]
_imports = [
    path("", imports.lists, name="imports"),
    path("template/", imports.template, name="import_template"),
    path("register/", imports.register, name="import_register"),
    path("platform/", imports.fetch, name="fetch_adverse"),
    path("<int:pk>/", imports.one, name="import"),
    path("<int:pk>/confirm/", imports.confirm, name="confirm_import"),
    path("<int:pk>/discard/", imports.discard, name="discard_import"),
    path("<int:pk>/errors/", imports.errors, name="import_errors"),
]
_desk = [
    path("", desk.desk, name="desk"),
    path("claims/<int:pk>/", desk.claim, name="claim"),
    path("claims/<int:pk>/proof/", desk.proof, name="claim_proof"),
    path("corrections/<int:pk>/", desk.correction, name="correction"),
]
_org = [
    path("", own.home, name="home"),
    path("info/", own.info, name="own_info"),
    path("corrections/new/<str:field>/", own.ask_correction, name="ask_correction"),
    path("corrections/<int:pk>/withdraw/", own.withdraw_correction, name="withdraw_correction"),
    path("members/", own.members, name="members"),
    path("members/invitations/<int:pk>/revoke/", own.revoke_invitation, name="revoke_invitation"),
    path("members/<int:pk>/hand-over/", own.hand_over, name="hand_over"),
    path("members/<int:pk>/remove/", own.remove, name="remove_member"),
    path("materials/", own.materials, name="materials"),
    path("materials/<uuid:file>/", own.material, name="material"),
    path("materials/<uuid:file>/remove/", own.remove_material, name="remove_material"),
    path("materials/<uuid:file>/restore/", own.restore_material, name="restore_material"),
    path("join/", join.find, name="join"),
    path("join/<str:code>/", join.claim, name="join_code"),
    path("claims/<int:pk>/withdraw/", join.withdraw, name="withdraw_claim"),
]

urlpatterns = [
    path("organisations/", organisations.listing, name="organisations"),
    path("organisations/new/", organisations.register, name="register"),
    path("organisations/candidates/new/", organisations.candidate, name="register_candidate"),
    path("organisations/imports/", include(_imports)),
    path("organisations/desk/", include(_desk)),
    path("organisations/findings/<int:pk>/", desk.finding, name="finding"),
    path("organisations/<int:pk>/", include(_one)),
    path("org/", include(_org)),
]
