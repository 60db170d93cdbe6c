from django.urls import path

from shuniu.calls.views import apply, evidence, material, mending

urlpatterns = [
    path("apply/", apply.home, name="apply_home"),
    path("apply/call/<int:call_id>/", apply.start, name="apply_start"),
    path("apply/call/<int:call_id>/ask/", apply.ask, name="apply_ask"),
    path("apply/<int:pk>/", apply.task_list, name="application"),
    path("apply/<int:pk>/check/", apply.check, name="apply_check"),
    path("apply/<int:pk>/receipt/", apply.receipt, name="apply_receipt"),
    path("apply/<int:pk>/receipt.pdf", apply.receipt_pdf, name="apply_receipt_pdf"),
    path("apply/<int:pk>/withdraw/", apply.withdraw, name="apply_withdraw"),
    path("apply/<int:pk>/correction/", mending.answer_correction, name="apply_correction"),
    path("apply/<int:pk>/correction/<int:round>.pdf", mending.paper, name="apply_correction_paper"),
    path("apply/<int:pk>/materials/", material.materials, name="apply_materials"),
    path("apply/<int:pk>/materials/<int:item>/upload/", material.upload, name="apply_upload"),
    path("apply/<int:pk>/materials/reuse/", material.reuse, name="apply_reuse"),
    path("apply/<int:pk>/materials/<int:material>/remove/", material.remove, name="apply_remove"),
    path("apply/<int:pk>/materials/<int:material>/restore/", material.restore, name="apply_restore"),
    path("apply/<int:pk>/self/<slug:row>/upload/", evidence.upload, name="apply_evidence"),
    path("apply/<int:pk>/self/<slug:row>/earlier/", evidence.earlier, name="apply_evidence_earlier"),
    path("apply/<int:pk>/evidence/<int:evidence>/remove/", evidence.remove, name="apply_evidence_remove"),
    path("apply/<int:pk>/evidence/<int:evidence>/restore/", evidence.restore, name="apply_evidence_restore"),
    path("apply/<int:pk>/<slug:section>/", apply.section, name="apply_section"),
    path("apply/<int:pk>/<slug:section>/autosave/", apply.autosave, name="apply_autosave"),
    path("calls/evidence/<int:evidence>/", evidence.serve, name="evidence"),
    path("calls/materials/<int:material>/", material.serve, name="material"),
]
