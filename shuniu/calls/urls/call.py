from django.urls import path

from shuniu.calls.views import call, callside, compose

urlpatterns = [
    path("calls/", call.call_list, name="calls"),
    path("calls/new/", compose.compose, name="compose"),
    path("calls/<int:pk>/", call.call_page, name="call"),
    path("calls/<int:pk>/submit/", compose.submit, name="submit_call"),
    path("calls/<int:pk>/discard/", compose.discard, name="discard_call"),
    path("calls/<int:pk>/preview/", compose.preview, name="preview_call"),
    path("calls/<int:pk>/approve/", call.approve, name="approve_call"),
    path("calls/<int:pk>/advance/", call.advance, name="advance_call"),
    path("calls/<int:pk>/back/", call.go_back, name="go_back_call"),
    path("calls/<int:pk>/cancel/", call.cancel, name="cancel_call"),
    path("calls/<int:pk>/questions/", callside.questions, name="questions"),
    path("calls/<int:pk>/questions/<int:question>/", callside.answer, name="answer"),
    path("calls/<int:pk>/amend/", callside.amend, name="amend"),
    path("calls/<int:pk>/amendments/<int:number>/", callside.amendment, name="amendment"),
    path("calls/<int:pk>/<slug:section>/", compose.edit_section, name="edit_call"),
]
