from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "shuniu.surveys"
    label = "surveys"
    verbose_name = "满意度测评"

    def ready(self) -> None:
        from shuniu.surveys import slots, words

        slots.register()
        words.register()
