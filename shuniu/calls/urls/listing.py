from django.urls import path

from shuniu.calls.views import listing

urlpatterns = [
    path("calls/<int:pk>/lists/", listing.lists, name="lists"),
    path("calls/<int:pk>/lists/<slug:kind>/freeze/", listing.freeze, name="freeze_list"),
    path("calls/lists/<int:pk>/", listing.one, name="list"),
    path("calls/lists/<int:pk>/correct/", listing.correct, name="correct_list"),
    path("calls/lists/<int:pk>/corrections/<int:number>/", listing.correction, name="list_correction"),
]
