from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "shuniu.foundation.journal"
    label = "journal"
    verbose_name = "日志"
