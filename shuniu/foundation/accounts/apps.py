from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "shuniu.foundation.accounts"
    label = "accounts"
    verbose_name = "账号"

    def ready(self) -> None:
        from shuniu.foundation.access import register_entrance
        from shuniu.foundation.accounts.views.entrance import log_in_again

        register_entrance(log_in_again)
