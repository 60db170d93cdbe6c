"""A place for servers: pytest's own temporary folders are closed to the user that PostgreSQL runs as."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder with a space and a Chinese letter in its name, which everybody may pass through."""
    folder = Path(tempfile.mkdtemp(prefix="枢纽 pg-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)
