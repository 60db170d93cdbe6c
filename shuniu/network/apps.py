from django.apps import AppConfig


class NetworkConfig(AppConfig):
    name = "shuniu.network"
    label = "network"
    verbose_name = "协作网络"

    def ready(self) -> None:
        from shuniu.network import approvals, slots, words

        slots.register()
        words.register()
        approvals.register_all()
