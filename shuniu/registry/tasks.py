"""Jobs and sweeps of the registry: ids in, one action out."""

from __future__ import annotations

from shuniu.foundation.access import who_is
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.jobs import job, sweep
from shuniu.registry.actions import imports
from shuniu.registry.models import Import, ImportState


@job("registry.read_import")
def read_import(import_id: int) -> None:
    """Read an uploaded list into its preview."""
    imports.read_import(import_id=import_id)


@job("registry.write_import")
def write_import(import_id: int, person_id: int, hat: str) -> None:
    """Write the good rows of a confirmed list for the one who confirmed."""
    imports.write_import(by=who_is(Person.objects.get(pk=person_id), hat), import_id=import_id)


@sweep("registry.lists")
def read_waiting() -> None:
    """Lists whose file has left quarantine since, or whose job was lost."""
    for pk in (
        Import.objects.filter(state=ImportState.READING).order_by("pk").values_list("pk", flat=True)[:20]
    ):
        imports.read_import(import_id=pk)
