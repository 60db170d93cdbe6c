"""Addresses of unions, and of the pages that need a role and belong to no slice above."""

from django.urls import path

from .views import bench, calendar, handing, inbox, journal, me, roles, search, tree

app_name = "unions"

urlpatterns = [
    path("home/", bench.home, name="home"),
    path("work/", bench.work, name="work"),
    path("work/list/", bench.work_list, name="work_list"),
    path("work/done/", bench.done, name="done"),
    path("work/hats/", bench.hats, name="hats"),
    path("work/hand-on/<str:kind>/<int:pk>/", handing.hand_on, name="hand_on"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.read_all, name="inbox_read"),
    path("inbox/<int:message_id>/", inbox.message, name="message"),
    path("hat/", me.hat, name="hat"),
    path("me/", me.me, name="me"),
    path("me/delegation/", me.delegation, name="delegation"),
    path("me/delegation/<int:delegation_id>/end/", me.end_delegation, name="end_delegation"),
    path("palette/", search.palette, name="palette"),
    path("search/", search.search, name="search"),
    path("unions/", tree.tree, name="tree"),
    path("unions/new/", tree.new, name="new"),
    path("unions/changes/", roles.changes, name="changes"),
    path("unions/changes/<int:change_id>/", roles.change, name="change"),
    path("unions/grants/<int:grant_id>/revoke/", roles.revoke, name="revoke"),
    path("unions/<int:union_id>/", tree.union, name="union"),
    path("unions/<int:union_id>/edit/", tree.edit, name="edit"),
    path("unions/<int:union_id>/grant/", roles.grant, name="grant"),
    path("unions/<int:union_id>/invite/", roles.invite, name="invite"),
    path(
        "unions/<int:union_id>/invitations/<int:invitation_id>/revoke/",
        roles.revoke_invitation,
        name="revoke_invitation",
    ),
    path("unions/<int:union_id>/people/<int:person_id>/", roles.person, name="person"),
    path("unions/<int:union_id>/people/<int:person_id>/password/", roles.new_password, name="new_password"),
    path(
        "unions/<int:union_id>/people/<int:person_id>/second-factor/",
        roles.second_factor,
        name="second_factor",
    ),
    path("calendar/", calendar.years, name="calendar"),
    path("calendar/<int:year>/", calendar.year, name="calendar_year"),
    path("journal/", journal.journal, name="journal"),
    path("journal/verify/", journal.verify, name="journal_verify"),
    path("journal/head/", journal.head, name="journal_head"),
    path("journal/<int:entry_id>/", journal.entry, name="journal_entry"),
]
