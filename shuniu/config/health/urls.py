from django.urls import path

from shuniu.config.health import views

urlpatterns = [
    path("health/", views.health, name="health"),
    path("csp-report/", views.csp_report, name="csp_report"),
]
