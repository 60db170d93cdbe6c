from django.urls import path

from shuniu.surveys.views import outside, own, roster, staff

app_name = "surveys"

urlpatterns = [
    path("surveys/", staff.survey_list, name="surveys"),
    path("surveys/new/", staff.new, name="new"),
    path("surveys/roster.xlsx", roster.roster_template, name="roster_template"),
    path("surveys/paper.xlsx", roster.paper_template, name="paper_template"),
    path("surveys/items/<int:pk>/", staff.item, name="item"),
    path("surveys/<int:pk>/", staff.one, name="survey"),
    path("surveys/<int:pk>/edit/", staff.edit, name="edit"),
    path("surveys/<int:pk>/roster/", roster.people, name="roster"),
    path("surveys/<int:pk>/tickets/", roster.tickets, name="tickets"),
    path("surveys/<int:pk>/paper/", roster.paper, name="paper"),
    path("surveys/<int:pk>/callbacks/", staff.callbacks, name="callbacks"),
    path("surveys/<int:pk>/<slug:part>.pdf", staff.evidence, name="evidence"),
    path("own-surveys/", own.survey_list, name="own_surveys"),
    path("own-surveys/<int:pk>/", own.one, name="own_survey"),
    path("t/", outside.enter, name="enter"),
    path("t/<slug:code>/", outside.ticket, name="ticket"),
]
