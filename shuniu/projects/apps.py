from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "shuniu.projects"
    label = "projects"
    verbose_name = "项目"

    def ready(self) -> None:
        from shuniu.projects import slots, words

        slots.register()
        words.register()
