"""Both engines for real: a book in SQLite, and one in a PostgreSQL server that is started here."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.book.postgresql import Server, folder_of_programs
from tests.book.samples import KEY


@pytest.fixture(scope="session")
def started_server() -> Iterator[Any]:
    """A server, or what is missing to start it, as text."""
    programs = folder_of_programs()
    try:
        import psycopg  # noqa: F401  # only to see that it is there
    except ImportError:
        yield "pip install 'quizgen[postgresql]'"
        return
    if programs is None:
        yield "apt-get install postgresql"
        return
    server = Server(programs)
    yield server
    server.close()


@pytest.fixture
def server(started_server: Any, missing: Callable[[str, str], Any]) -> Server:
    if isinstance(started_server, str):
        missing("PostgreSQL", started_server)
    assert isinstance(started_server, Server)
    return started_server


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def new_address(request: pytest.FixtureRequest, engine: str, tmp_path: Path) -> Callable[[], str]:
    """Gives the address of a book that is not there yet, another one each time."""
    if engine == "postgresql":
        address: Callable[[], str] = request.getfixturevalue("server").address
        return address
    count = iter(range(1000))
    return lambda: str(tmp_path / f"book{next(count)}.db")


@pytest.fixture
def address(new_address: Callable[[], str]) -> str:
    return new_address()


@pytest.fixture
def key_path(tmp_path: Path) -> Path:
    """A key file with a secret that is always the same."""
    path = tmp_path / "names.key"
    path.write_text(KEY)
    os.chmod(path, 0o600)
    return path
