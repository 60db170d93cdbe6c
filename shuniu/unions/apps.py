from django.apps import AppConfig


class UnionsConfig(AppConfig):
    name = "shuniu.unions"
    label = "unions"
    verbose_name = "工会"

    def ready(self) -> None:
        from shuniu.foundation.access import register_hats
        from shuniu.foundation.accounts.actions import register_purpose
        from shuniu.foundation.calendar.rules import register_keeper
        from shuniu.foundation.ui import slots
        from shuniu.unions import slots as ours
        from shuniu.unions import words
        from shuniu.unions.actions.roles import ROLE, take_up_role
        from shuniu.unions.queries import calendar_keeper, handed_on, hats_from_grants

        register_hats(hats_from_grants)
        register_keeper(calendar_keeper)
        register_purpose(ROLE, take_up_role)
        slots.navigation(ours.navigation)
        slots.todo(ours.changes_to_confirm)
        slots.todo(ours.missing_calendar)
        slots.todo_sorter(handed_on)
        slots.search(ours.search)
        words.register()
