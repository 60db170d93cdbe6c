from django.apps import AppConfig


class FundsConfig(AppConfig):
    name = "shuniu.funds"
    label = "funds"
    verbose_name = "经费"

    def ready(self) -> None:
        from shuniu.funds import approvals, slots, words

        slots.register()
        approvals.register_all()
        words.register()
