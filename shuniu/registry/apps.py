from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "shuniu.registry"
    label = "registry"
    verbose_name = "社会组织库"
