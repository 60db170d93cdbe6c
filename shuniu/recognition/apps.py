from django.apps import AppConfig


class RecognitionConfig(AppConfig):
    name = "shuniu.recognition"
    label = "recognition"
    verbose_name = "资质与荣誉"

    def ready(self) -> None:
        from shuniu.recognition import approvals, slots, words

        slots.register()
        approvals.register_all()
        words.register()
