from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class CallsConfig(AppConfig):
    name = "shuniu.calls"
    label = "calls"
    verbose_name = "遴选与评选"

    def ready(self) -> None:
        for noun in (
            "call",
            "apply",
            "audit",
            "recommend",
            "panel",
            "assignment",
            "scoring",
            "feedback",
            "listing",
            "promotion",
            "objection",
            "public",
            "retention",
        ):
            if find_spec(f"shuniu.calls.slots_{noun}"):
                import_module(f"shuniu.calls.slots_{noun}").register()
        import_module("shuniu.calls.approvals").register_all()
        import_module("shuniu.calls.words").register()
        import_module("shuniu.calls.doors").register()
