"""Addresses of the component page and of the display switch."""

from django.urls import path

from . import views

app_name = "ui"

urlpatterns = [
    path("components/", views.components, name="components"),
    path("display/", views.display, name="display"),
]
