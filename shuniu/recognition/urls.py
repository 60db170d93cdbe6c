from django.urls import path

from shuniu.recognition.views import candidates, honour
from shuniu.recognition.views import recognition as views

app_name = "recognition"

urlpatterns = [
    path("recognitions/", views.recognition_list, name="recognitions"),
    path("recognitions/<int:pk>/", views.recognition, name="recognition"),
    path("certificates/", views.certificates, name="certificates"),
    path("certificates/<int:pk>/", views.certificate, name="certificate"),
    path("certificates/<int:pk>.pdf", views.certificate_pdf, name="certificate_pdf"),
    path("honours/", honour.honour_list, name="honours"),
    path("honours/candidates/", candidates.candidate_list, name="candidates"),
    path("honours/candidates.xlsx", candidates.candidate_xlsx, name="candidate_xlsx"),
    path("honours/record/", honour.record, name="record_honour"),
    path("honours/<int:pk>/", honour.honour, name="honour"),
    path("honours/<int:pk>/proof/", honour.proof, name="honour_proof"),
    path("verify/", views.verify, name="verify"),
    path("verify/<slug:code>/", views.verify_code, name="verify_code"),
]
