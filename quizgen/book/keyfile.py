"""The key file of a book: the secret that makes pseudonyms, and the names of the people behind them.

It is JSON, readable by its owner alone. Whoever has the book alone knows no names; whoever has the key file alone knows
no marks. A person's pseudonym is the HMAC (SHA-256) of the learner id, so that the same person is the same
pseudonym in every run. Every change is written beside the file and renamed over it, under a lock: two programs lose
nothing of each other's.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import os
import secrets
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from quizgen.book.errors import BookError
from quizgen.folders import remove_unfinished_files, replace_file

FORMAT = "quizgen-book-key"
DIGITS = 32
"""Hexadecimal digits of a pseudonym: 128 bits."""

Person = dict[str, str]
"""What is known of a person: ``learner`` (the id in the responses) and, from a list of people, ``name`` and others."""


class _Content(msgspec.Struct, frozen=True):
    format: str
    version: int
    secret: str
    people: dict[str, Person]


class KeyFile:
    """An open key file. path: where it is."""

    def __init__(self, path: Path, content: _Content) -> None:
        self.path, self._content = path, content
        self._secret = bytes.fromhex(content.secret)

    @property
    def people(self) -> Mapping[str, Person]:
        """What is known of each person, by pseudonym."""
        return self._content.people

    @property
    def check(self) -> str:
        """Tells this key from others without saying what it is; a book keeps it."""
        return hmac.new(self._secret, b"the key of a book", hashlib.sha256).hexdigest()[:DIGITS]

    def pseudonym(self, learner: str) -> str:
        """The pseudonym of a learner id."""
        message = b"learner:" + learner.encode("utf-8", "surrogatepass")
        return hmac.new(self._secret, message, hashlib.sha256).hexdigest()[:DIGITS]

    def change(self, add: Mapping[str, Person] | None = None, drop: Iterable[str] = ()) -> int:
        """Adds to what is known of people, and drops people; returns how many people were changed.

        add: by pseudonym; what is not named of a person stays. Raises BookError, OSError.
        """
        with _locked(self.path) as path:
            content = _read(path)
            if content.secret != self._content.secret:
                raise BookError(path, "is another key than a moment ago", "leave the key file alone while quizgen runs")
            people, gone = dict(content.people), 0
            for pseudonym in drop:
                gone += people.pop(pseudonym, None) is not None
            for pseudonym, known in (add or {}).items():
                merged = people.get(pseudonym, {}) | known
                if people.get(pseudonym) != merged:
                    people[pseudonym], gone = merged, gone + 1
            self._content = _Content(FORMAT, 1, content.secret, people)
            if gone:
                _write(path, self._content)
        return gone


def open_key(path: Path | str) -> KeyFile:
    """The key file at a path. Raises BookError if it is not there, is open to others, or is no key file."""
    path = Path(path)
    if not path.exists():
        raise BookError(
            path,
            "the key file of the book is not there; without it nobody can say who is who",
            "bring it back or name its place with --book-key; what the book holds is safe",
        )
    return KeyFile(path, _read(path))


def make_key(path: Path | str) -> KeyFile:
    """Makes a key file with a new secret. One that somebody else made meanwhile is opened instead."""
    path = Path(path)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    try:
        with open(handle, "wb") as file:
            file.write(_encoded(_Content(FORMAT, 1, secrets.token_hex(32), {})))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(name, path)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(name)
    return open_key(path)


def _read(path: Path) -> _Content:
    if path.stat().st_mode & 0o077:
        raise BookError(path, "can be read by others, and it holds names", f"say: chmod 600 {path}")
    try:
        content = msgspec.json.decode(path.read_bytes(), type=_Content)
        known = content.format == FORMAT and content.version == 1 and len(bytes.fromhex(content.secret)) == 32
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError) as error:
        raise BookError(path, f"is no key file ({error})", "name the key file of this book with --book-key") from error
    if not known:
        raise BookError(
            path, "is no key file that this quizgen knows", "name the key file of this book with --book-key"
        )
    return content


def _encoded(content: _Content) -> bytes:
    return msgspec.json.format(msgspec.json.encode(content, order="deterministic"), indent=1) + b"\n"


def _write(path: Path, content: _Content) -> None:
    remove_unfinished_files(path)
    replace_file(path, [_encoded(content)], 0o600)


@contextmanager
def _locked(path: Path) -> Iterator[Path]:
    """The lock of a key file. Whoever waited for it locks the file that meanwhile took its place."""
    path = Path(os.path.realpath(path))
    while True:
        try:
            handle = os.open(path, os.O_RDONLY)
        except FileNotFoundError:
            open_key(path)  # says so
            continue
        fcntl.flock(handle, fcntl.LOCK_EX)
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(handle), os.stat(path)):
                break
        os.close(handle)
    try:
        yield path
    finally:
        os.close(handle)
