from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "shuniu.registry"
    label = "registry"
    verbose_name = "社会组织库"

    def ready(self) -> None:
        from shuniu.foundation.access import register_hats
        from shuniu.foundation.accounts.actions import register_purpose
        from shuniu.foundation.ui import slots
        from shuniu.registry import words
        from shuniu.registry.actions.people import join_by_invitation
        from shuniu.registry.queries import MEMBER, hats_from_memberships
        from shuniu.registry.slots import found, home, navigation, todos
        from shuniu.unions.queries import register_home

        register_hats(hats_from_memberships)
        register_home(home)
        register_purpose(MEMBER, join_by_invitation)
        slots.navigation(navigation)
        slots.todo(todos)
        slots.search(found)
        words.register()
