from django.urls import path

from shuniu.calls.views.scoring import calibration, desk, staff

urlpatterns = [
    path("review/<int:committee_id>/", desk.pile, name="pile"),
    path("review/<int:committee_id>/hand-in/", desk.hand_in, name="hand_in"),
    path("review/<int:committee_id>/meeting/", staff.expert_meeting, name="expert_meeting"),
    path("review/<int:committee_id>/<int:application_id>/", desk.desk, name="desk"),
    path("review/<int:committee_id>/<int:application_id>/save/", desk.save, name="save_points"),
    path("review/<int:committee_id>/<int:application_id>/abstain/", desk.abstain, name="abstain"),
    path("review/<int:committee_id>/<int:application_id>/recuse/", desk.recuse, name="recuse"),
    path("review/<int:committee_id>/<int:application_id>/sheet.pdf", desk.paper, name="own_sheet_paper"),
    path(
        "review/<int:committee_id>/<int:application_id>/files/<uuid:attachment_id>/",
        desk.material,
        name="review_file",
    ),
    path("calls/panels/<int:pk>/ranking/", staff.ranking, name="ranking"),
    path("calls/panels/<int:pk>/calibration/", calibration.calibration, name="calibration"),
    path("calls/panels/<int:pk>/meeting/", staff.meeting, name="meeting"),
    path("calls/panels/<int:pk>/meeting/attend/<int:seat_id>/", staff.attend, name="attend"),
    path("calls/panels/<int:pk>/meeting/note/", staff.note, name="meeting_note"),
    path("calls/panels/<int:pk>/meeting/sign/", staff.sign, name="sign_meeting"),
    path("calls/panels/<int:pk>/meeting/minutes.pdf", staff.minutes, name="minutes"),
    path("calls/panels/<int:pk>/sheets/", staff.sheets, name="sheets"),
    path("calls/panels/<int:pk>/sheets/<int:record_id>/sheet.pdf", staff.sheet_paper, name="sheet_paper"),
]
