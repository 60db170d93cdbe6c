from django.urls import path

from shuniu.calls.views.audit import acts, check, desk, late, lists

urlpatterns = [
    path("calls/<int:pk>/applications/", lists.applications, name="applications"),
    path("calls/<int:pk>/applications/next/", lists.next_one, name="audit_next"),
    path("calls/<int:pk>/late/", late.late, name="late"),
    path("calls/<int:pk>/late/<int:late>/", late.decide_late, name="late_decide"),
    path("calls/applications/<int:pk>/audit/", desk.desk, name="audit"),
    path("calls/applications/<int:pk>/audit/answer/", acts.answer, name="audit_answer"),
    path("calls/applications/<int:pk>/audit/tick/", acts.tick, name="audit_tick"),
    path("calls/applications/<int:pk>/audit/reading/", acts.reading, name="audit_reading"),
    path("calls/applications/<int:pk>/audit/correct/", acts.correct, name="audit_correct"),
    path("calls/applications/<int:pk>/audit/conclude/", acts.conclude, name="audit_conclude"),
    path("calls/applications/<int:pk>/audit/assign/", acts.assign, name="audit_assign"),
    path(
        "calls/applications/<int:pk>/audit/correction-<int:round>.pdf",
        acts.correction_pdf,
        name="audit_correction_pdf",
    ),
    path("calls/applications/<int:pk>/audit/sheet.pdf", acts.sheet_pdf, name="audit_sheet"),
    path("calls/applications/<int:pk>/check/", check.check, name="audit_check"),
    path("calls/applications/<int:pk>/reopen/", check.reopen, name="audit_reopen"),
]
