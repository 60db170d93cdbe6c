"""Addresses that every list shares; included by ui/urls.py, so names are `ui:list_columns` …"""

from __future__ import annotations

from django.urls import path

from shuniu.foundation.ui.lists import views

urlpatterns = [
    path("lists/exports/<uuid:export_id>/", views.export_page, name="export"),
    path("lists/exports/<uuid:export_id>/file/", views.export_file, name="export_file"),
    path("lists/<str:key>/columns/", views.columns, name="list_columns"),
    path("lists/<str:key>/views/", views.saved_views, name="list_views"),
    path("lists/<str:key>/views/save/", views.save_view, name="list_save_view"),
    path("lists/<str:key>/batch/<str:action>/", views.batch, name="list_batch"),
    path("lists/<str:key>/export/", views.start_export, name="list_export"),
]
