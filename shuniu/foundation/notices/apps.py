from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "shuniu.foundation.notices"
    label = "notices"
    verbose_name = "消息"
