from django.urls import path

from shuniu.calls.views import recommend, visit

urlpatterns = [
    path("calls/<int:pk>/recommend/", recommend.overview, name="recommend"),
    path("calls/applications/<int:pk>/recommend/", recommend.propose, name="recommend_one"),
    path("calls/applications/<int:pk>/drop/", recommend.drop, name="nomination_drop"),
    path("calls/recommendations/<int:pk>/take-back/", recommend.take_back, name="recommend_back"),
    path("calls/applications/<int:pk>/visit/", visit.visit, name="visit"),
    path("calls/visits/<int:pk>/photos/<uuid:attachment>/", visit.photo, name="visit_photo"),
    path("apply/<int:pk>/visit/", visit.answer, name="apply_visit"),
]
