from django.urls import path

from shuniu.calls.views import feedback, improvement

urlpatterns = [
    path("calls/<int:pk>/feedback/", feedback.listing, name="feedbacks"),
    path("calls/applications/<int:pk>/feedback/", feedback.write, name="feedback"),
    path("calls/improvements/", improvement.listing, name="improvements"),
    path("calls/improvements/<int:pk>/", improvement.office, name="improvement"),
    path("calls/improvements/<int:pk>/files/<uuid:attachment>/", improvement.file, name="improvement_file"),
    path("apply/<int:pk>/feedback/", feedback.own, name="apply_feedback"),
    path("apply/<int:pk>/feedback.pdf", feedback.own_paper, name="apply_feedback_paper"),
    path("apply/improvements/<int:pk>/", improvement.own, name="own_improvement"),
]
