"""Word files and 申报表."""

from django.urls import path

from shuniu.calls.views import word

urlpatterns = [
    path("papers/<int:pk>.docx", word.public_paper, name="public_paper_word"),
    path("calls/<int:pk>/notice.docx", word.notice, name="notice_word"),
    path("calls/panels/<int:pk>/meeting/minutes.docx", word.minutes, name="minutes_word"),
    path("calls/panels/<int:pk>/roster.<slug:form>", word.roster, name="roster"),
    path("calls/applications/<int:pk>/form.<slug:form>", word.desk_form, name="desk_form"),
    path("apply/<int:pk>/form.<slug:form>", word.own_form, name="own_form"),
]
