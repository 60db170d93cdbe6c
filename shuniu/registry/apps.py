from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "shuniu.registry"
    label = "registry"
    verbose_name = "社会组织库"

    def ready(self) -> None:
        from shuniu.foundation.access import register_hats
        from shuniu.registry.queries import hats_from_memberships

        register_hats(hats_from_memberships)
