from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "shuniu.library"
    label = "library"
    verbose_name = "制度库"
