from django.urls import path

from shuniu.calls.views import retention

urlpatterns = [path("calls/retention/", retention.retention, name="retention")]
