from django.urls import path

from shuniu.calls.views.panel import assignment

urlpatterns = [
    path("calls/panels/of/<int:call_id>/assignment/", assignment.assignment, name="assignment"),
    path("calls/panels/of/<int:call_id>/assignment/drop/", assignment.drop, name="drop_assignment"),
    path("calls/panels/of/<int:call_id>/assignment/decide/", assignment.decide, name="decide_assignment"),
    path(
        "calls/panels/of/<int:call_id>/assignment/<int:application_id>/", assignment.change,
        name="change_assignment",
    ),
]  # fmt: skip
