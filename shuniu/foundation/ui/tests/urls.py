"""The slice alone: its own addresses, without those of the slices above."""

from django.urls import include, path

urlpatterns = [path("", include("shuniu.foundation.ui.urls"))]
