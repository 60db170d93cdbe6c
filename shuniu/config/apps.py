from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "shuniu.config"
    label = "config"
