from django.apps import AppConfig


class UnionsConfig(AppConfig):
    name = "shuniu.unions"
    label = "unions"
    verbose_name = "工会"

    def ready(self) -> None:
        from shuniu.foundation.access import register_hats
        from shuniu.unions.queries import hats_from_grants

        register_hats(hats_from_grants)
