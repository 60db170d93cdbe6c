"""The embedded PostgreSQL: our own launcher over plain binaries."""

from shuniu.config.postgres.alive import live_postmaster, running_port
from shuniu.config.postgres.place import PostgresRefused, find_binaries, major_version, reachable_folder
from shuniu.config.postgres.server import Server, death_signal

__all__ = [
    "PostgresRefused",
    "Server",
    "death_signal",
    "find_binaries",
    "live_postmaster",
    "major_version",
    "reachable_folder",
    "running_port",
]
