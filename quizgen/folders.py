"""Folders that are written as a whole: beside their place first, then renamed into it.

Whoever is interrupted (a full disk, a killed process) leaves what was there before. A folder that is not ours is
never replaced.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


class PlacedError(Exception):
    """An error for a person: where, what is wrong, what to do.

    >>> print(PlacedError("out/quiz.json", "is empty", "build the quiz again"))
    out/quiz.json: is empty; build the quiz again
    """

    def __init__(self, place: str | Path, message: str, remedy: str) -> None:
        self.place, self.message, self.remedy = str(place), message, remedy
        super().__init__(f"{place}: {message}; {remedy}")


class FolderError(PlacedError):
    """A folder cannot be written."""


@contextmanager
def written_as_a_whole(folder: Path, objection: Callable[[Path], str]) -> Iterator[Path]:
    """A new folder to write into; it takes the place of `folder` when the block ends without an error.

    objection: asked about a folder that is already there; "" if it may be replaced, else what speaks against it
        ("holds notes.txt"). Raises FolderError for that, and when the disk refuses.
    """
    folder = Path(os.path.abspath(folder))
    restore(folder)
    _refuse_what_is_not_ours(folder, objection)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".part", dir=folder.parent))
    except OSError as error:
        raise _disk(folder, error) from error
    try:
        yield beside
        _sync(beside)
        beside.chmod(0o755)
        _refuse_what_is_not_ours(folder, objection)
        _put_in_place(beside, folder)
    except OSError as error:
        raise _disk(folder, error) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def restore(folder: Path) -> None:
    """Puts back a folder whose replacement was interrupted between its two renames."""
    folder = Path(os.path.abspath(folder))
    former = _former(folder)
    if former.is_dir():
        if folder.exists():
            shutil.rmtree(former, ignore_errors=True)
        else:
            former.rename(folder)


def _former(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.former")


def _put_in_place(beside: Path, folder: Path) -> None:
    if not folder.exists():
        beside.rename(folder)
        return
    former = _former(folder)
    folder.rename(former)
    try:
        beside.rename(folder)
    except OSError:
        former.rename(folder)
        raise
    shutil.rmtree(former, ignore_errors=True)


def _refuse_what_is_not_ours(folder: Path, objection: Callable[[Path], str]) -> None:
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise FolderError(folder, "is not a folder", "choose another place with -o")
    if folder.is_dir() and any(folder.iterdir()) and (reason := objection(folder)):
        raise FolderError(folder, reason, "choose another place with -o, or move what is there")


def _sync(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())


def _disk(folder: Path, error: OSError) -> FolderError:
    reason = error.strerror or str(error)
    return FolderError(folder, f"could not be written ({reason})", "free space or rights, then try again")
