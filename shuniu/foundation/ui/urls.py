"""Addresses of the component page and of the display switch."""

from django.urls import include, path

from . import views

app_name = "ui"

urlpatterns = [
    path("", include("shuniu.foundation.ui.lists.urls")),
    path("components/", views.components, name="components"),
    path("display/", views.display, name="display"),
]
