from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "shuniu.config"
    label = "config"

    def ready(self) -> None:
        from django.conf import settings

        if settings.ENV.kind == "demo":
            from shuniu.config.demo.accounts import register

            register()
