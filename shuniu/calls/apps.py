from django.apps import AppConfig


class CallsConfig(AppConfig):
    name = "shuniu.calls"
    label = "calls"
    verbose_name = "遴选与评选"
