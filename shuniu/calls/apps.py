from django.apps import AppConfig


class CallsConfig(AppConfig):
    name = "shuniu.calls"
    label = "calls"
    verbose_name = "遴选与评选"

    def ready(self) -> None:
        from shuniu.calls import approvals, doors, slots, words

        slots.register()
        approvals.register_all()
        words.register()
        doors.register()
