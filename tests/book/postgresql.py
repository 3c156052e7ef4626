"""A PostgreSQL server of our own, in a temporary folder and on a socket, started as a user who is not root."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

USER = "quiz"
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "max_connections": "40",
    "shared_buffers": "16MB",
    "autovacuum": "off",
    "timezone": "UTC",
}


def folder_of_programs() -> Path | None:
    """Where initdb and postgres are, None if they are not installed."""
    found = [Path(path).resolve().parent for name in ("initdb",) if (path := shutil.which(name))]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    return next((path for path in found if (path / "initdb").exists() and (path / "postgres").exists()), None)


def _other_user() -> str | None:
    """Who runs the server, as root may not; None for ourselves."""
    if os.geteuid():
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


class Server:
    """A running server. `address` makes a new database and says where it is."""

    def __init__(self, programs: Path) -> None:
        self._programs, self._count = programs, 0
        self.folder = Path(tempfile.mkdtemp(prefix="quizgen-pg-"))
        self.folder.chmod(0o755)
        self._user = _other_user()
        if self._user:
            shutil.chown(self.folder, self._user)
        self._run("initdb", "-D", self.data, "-A", "trust", "-E", "UTF8", "--locale", "C", "-U", USER, "--no-sync")
        self._process = self._started()

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def _as_other(self) -> dict[str, object]:
        if not self._user:
            return {}
        return {"user": self._user, "group": pwd.getpwnam(self._user).pw_gid, "extra_groups": []}

    def _run(self, program: str, *arguments: object) -> None:
        command = [str(self._programs / program), *map(str, arguments)]
        subprocess.run(
            command, cwd=self.folder, check=True, capture_output=True, stdin=subprocess.DEVNULL, timeout=120,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C"}, **self._as_other(),
        )  # type: ignore[call-overload]  # user and group are there or not  # fmt: skip

    def _started(self) -> subprocess.Popen[bytes]:
        options = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
        return subprocess.Popen(
            [str(self._programs / "postgres"), "-D", str(self.data), "-k", str(self.folder), *options],
            cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C"}, **self._as_other(),
        )  # type: ignore[call-overload]  # user and group are there or not  # fmt: skip

    def wait(self) -> None:
        """Until it answers."""
        import psycopg

        deadline = time.monotonic() + 60
        while True:
            try:
                psycopg.connect(host=str(self.folder), user=USER, dbname="postgres", connect_timeout=5).close()
                return
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def address(self) -> str:
        """The address of a new, empty schema, which is all that its own user sees."""
        self._count += 1
        name = f"book{self._count}"
        self._say(f"CREATE ROLE {name} SUPERUSER LOGIN")
        self._say(f"CREATE SCHEMA {name} AUTHORIZATION {name}")
        self._say(f"ALTER ROLE {name} SET search_path = {name}")
        return f"postgresql://{name}@/postgres?host={self.folder}"

    def address_in(self, encoding: str) -> str:
        """The address of a new database in an encoding."""
        self._say(f"CREATE DATABASE {encoding.lower()} ENCODING '{encoding}' TEMPLATE template0")
        return f"postgresql://{USER}@/{encoding.lower()}?host={self.folder}"

    def _say(self, command: str) -> None:
        import psycopg

        self.wait()
        with psycopg.connect(host=str(self.folder), user=USER, dbname="postgres", autocommit=True) as connection:
            connection.execute(command.encode())

    def kill(self) -> None:
        """Ends it at once, as if the machine had lost its power; connections break."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(60)

    def start(self) -> None:
        """Starts it again."""
        self._process = self._started()

    def close(self) -> None:
        with suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGQUIT)
        self._process.wait(60)
        shutil.rmtree(self.folder, ignore_errors=True)
