from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "shuniu.foundation.papers"
    label = "papers"
    verbose_name = "公文"
