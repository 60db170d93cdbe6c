from django.apps import AppConfig
from django.core.signals import request_finished, request_started


class CalendarConfig(AppConfig):
    name = "shuniu.foundation.calendar"
    label = "calendar"
    verbose_name = "工作日历"

    def ready(self) -> None:
        from shuniu.foundation.calendar import working_days

        request_started.connect(working_days.begin_request)
        request_finished.connect(working_days.end_request)
