from django.urls import path

from shuniu.library import views

app_name = "library"

urlpatterns = [
    path("library/", views.library, name="library"),
    path("library/<slug:key>/", views.document, name="document"),
]
