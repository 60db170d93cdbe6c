from django.urls import path

from shuniu.calls.views.objection import desk, outside

urlpatterns = [
    path("calls/objections/", desk.desk, name="objections"),
    path("calls/objections/<int:pk>/", desk.one, name="objection"),
    path("calls/objections/<int:pk>/files/<int:evidence>/", desk.evidence, name="objection_file"),
    path("calls/objections/<int:pk>/<slug:which>.pdf", desk.paper, name="objection_paper"),
    path("objections/", outside.status, name="objection_status"),
    path("objections/received/", outside.received, name="objection_received"),
    path("objections/<int:pk>/new/", outside.new, name="object"),
    path("objections/reply/<str:token>.pdf", outside.reply, name="objection_reply"),
]
