"""Folders that are written as a whole: beside their place first, then renamed into it.

Whoever is interrupted (a full disk, a killed process) leaves what was there before. A folder that is not ours is
never replaced. A killed process leaves its unfinished folder; the next one that writes there removes it, which it may
because the lock of the dead process is gone.
"""

from __future__ import annotations

import errno
import fcntl
import glob
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_UNFINISHED = ".part"


class PlacedError(Exception):
    """An error for a person: where, what is wrong, what to do.

    >>> print(PlacedError("out/quiz.json", "is empty", "build the quiz again"))
    out/quiz.json: is empty; build the quiz again
    """

    def __init__(self, place: str | Path, message: str, remedy: str) -> None:
        self.place, self.message, self.remedy = str(place), message, remedy
        super().__init__(f"{place}: {message}; {remedy}")

    def __reduce__(self) -> tuple[type[PlacedError], tuple[str, str, str]]:
        return type(self), (self.place, self.message, self.remedy)


class FolderError(PlacedError):
    """A folder cannot be written."""


@contextmanager
def written_as_a_whole(folder: Path, objection: Callable[[Path], str]) -> Iterator[Path]:
    """A new folder to write into; it takes the place of `folder` when the block ends without an error.

    objection: asked about a folder that is already there; "" if it may be replaced, else what speaks against it
        ("holds notes.txt"). Raises FolderError for that, and when the disk refuses.
    """
    folder = Path(os.path.abspath(folder))
    try:
        with locked(folder.parent):
            if folder.name:
                _restore(folder)
            _refuse_what_is_not_ours(folder, objection)
        folder.parent.mkdir(parents=True, exist_ok=True)
        with locked(folder.parent):
            remove_unfinished(folder.parent, glob.escape(folder.name))
            beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=_UNFINISHED, dir=folder.parent))
            lock = _opened_and_locked(beside)
    except OSError as error:
        raise _disk(folder, error) from error
    try:
        yield beside
        _sync(beside)
        beside.chmod(0o755)
        with locked(folder.parent):
            _refuse_what_is_not_ours(folder, objection)
            _put_in_place(beside, folder)
    except OSError as error:
        raise _disk(folder, error) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
        if lock is not None:
            os.close(lock)


def replace_file(path: Path, chunks: Iterable[bytes], mode: int = 0o644) -> None:
    """Writes a file beside its place and renames it into it; whoever is interrupted leaves what was there before."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=_UNFINISHED, dir=path.parent)
    try:
        with open(handle, "wb") as file:
            file.writelines(chunks)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, mode)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def remove_unfinished_files(path: Path) -> None:
    """Removes what killed processes left of this file; the lock of whoever writes it must be held."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.*{_UNFINISHED}"):
        if left.is_file():
            left.unlink(missing_ok=True)


def restore(folder: Path) -> None:
    """Puts back a folder whose replacement was interrupted between its two renames."""
    folder = Path(os.path.abspath(folder))
    if folder.name and _former(folder).is_dir():
        with locked(folder.parent):
            _restore(folder)


def remove_unfinished(parent: Path, pattern: str = "*") -> None:
    """Removes what killed processes left inside `parent` of folders whose names match the pattern.

    >>> remove_unfinished(Path("no-such-folder"))
    """
    for path in parent.glob(f".{pattern}.*{_UNFINISHED}"):
        if path.is_dir() and not path.is_symlink() and (lock := _opened_and_locked(path)) is not None:
            shutil.rmtree(path, ignore_errors=True)
            os.close(lock)


def _restore(folder: Path) -> None:
    former = _former(folder)
    if former.is_dir():
        if folder.exists():
            shutil.rmtree(former, ignore_errors=True)
        else:
            former.rename(folder)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """One process at a time changes something in this folder; where the file system has no locks, all may."""
    handle: int | None = None
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        yield
    finally:
        if handle is not None:
            os.close(handle)


def _opened_and_locked(folder: Path) -> int | None:
    """A handle that holds the lock of a folder until it is closed; None if another process holds it."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


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
    if folder.is_symlink():
        raise FolderError(folder, "is a symbolic link", "name the folder itself with -o")
    if folder.exists() and not folder.is_dir():
        raise FolderError(folder, "is not a folder", "choose another place with -o")
    if Path.cwd().is_relative_to(folder.resolve()):
        raise FolderError(
            folder, "is the folder that you are in, or holds it", "name a new folder with -o; it is made for you"
        )
    if folder.is_dir() and any(folder.iterdir()) and (reason := objection(folder)):
        raise FolderError(folder, reason, "choose another place with -o, or move what is there")


def _sync(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())


def _disk(folder: Path, error: OSError) -> FolderError:
    reason = error.strerror or str(error)
    if error.errno in (errno.ENOSPC, errno.EDQUOT) and (temporary := _fuller_for_temporary_files(folder)):
        what = f"could not be written: the folder for temporary files, {temporary}, is full"
        return FolderError(folder, what, "free space there, or let TMPDIR name a folder with more")
    remedy = _REMEDIES.get(error.errno or 0, "free space or rights, then try again")
    return FolderError(folder, f"could not be written ({reason})", remedy)


def _fuller_for_temporary_files(folder: Path) -> str:
    """The folder for temporary files if it lies on another disk that has less space than this folder's; else "".

    The system says that a disk is full, not which one.
    """
    temporary = tempfile.gettempdir()
    try:
        if os.stat(temporary).st_dev == os.stat(folder.parent).st_dev:
            return ""
        return temporary if shutil.disk_usage(temporary).free < shutil.disk_usage(folder.parent).free else ""
    except OSError:
        return ""


_REMEDIES = {
    errno.ENAMETOOLONG: "choose a shorter name",
    errno.ENOTDIR: "choose a place inside a folder, not inside a file",
    errno.EEXIST: "choose a place inside a folder, not inside a file",
}
