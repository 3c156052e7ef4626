"""A bank as it is in a folder, or as it was in a revision of the git repository that the folder is in."""

from __future__ import annotations

import io
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

SECONDS = 60
"""After which git is not waited for."""


@contextmanager
def bank_folder(given: str) -> Iterator[Path]:
    """The folder that FOLDER or FOLDER@REVISION means; of a revision a copy that is gone when the block ends.

    A folder whose own name holds an @ is itself. Raises UsageError for what cannot be had.
    """
    if Path(given).is_dir():
        yield Path(given)
        return
    name, at, revision = given.rpartition("@")
    folder = Path(name or ".")
    if not at or not revision or not _nearest(folder).is_dir():
        raise click.UsageError(f"{given}: is no folder; write FOLDER, or FOLDER@REVISION for an earlier state of it")
    top = Path(_git(_nearest(folder), "rev-parse", "--show-toplevel").decode().rstrip("\n"))
    inside = folder.resolve().relative_to(top.resolve()).as_posix()
    commit = _git(top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}", what=given)
    tree = f"{commit.decode().strip()}:{'' if inside == '.' else inside}"
    packed = _git(top, "archive", "--format=tar", tree, what=given)
    with tempfile.TemporaryDirectory() as temporary:
        # The folder's own name is kept: a bank without a description is called by it, and draws by that name.
        target = Path(temporary, folder.resolve().name)
        target.mkdir()
        with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
            tar.extractall(target, filter="data")
        yield target


def _nearest(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there: the folder itself may have been removed since."""
    return next((place for place in (folder, *folder.resolve().parents) if place.is_dir()), folder)


def _git(folder: Path, *arguments: str, what: str = "") -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 - fixed words, a folder and a revision; no shell
            ["git", "-C", str(folder), *arguments],  # noqa: S607 - the git of whoever calls
            capture_output=True,
            check=False,
            timeout=SECONDS,
        )
    except FileNotFoundError:
        raise click.UsageError("git is not installed, so earlier states cannot be read") from None
    except subprocess.TimeoutExpired:
        raise click.ClickException(f"git has not answered for {SECONDS} seconds") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        why = said[0].removeprefix("fatal: ") if said else "there is no such revision"
        raise click.UsageError(f"{what or folder}: {why}")
    return done.stdout
