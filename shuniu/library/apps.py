from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "shuniu.library"
    label = "library"
    verbose_name = "制度库"

    def ready(self) -> None:
        from shuniu.library import slots, words

        slots.register()
        words.register()
