from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "shuniu.foundation.files"
    label = "files"
    verbose_name = "材料文件"
