"""Exporting: every plan first, then every format beside its place, then renamed into it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import msgspec

from grading.answersheet import to_json
from quizgen.archive import EXPORT_MANIFEST, Archive, export_objection, read_archive
from quizgen.exporters.contract import ExportError, Format, Level, Noted, Options, Plan
from quizgen.exporters.formula_choice import WithFormulaChoices, stands_in
from quizgen.exporters.planning import plans
from quizgen.exporters.rendering.decimals import NoValue
from quizgen.folders import written_as_a_whole

NO_OPTIONS = Options()


class Exported(msgspec.Struct, frozen=True):
    """What one format wrote: its folder, the paths inside it, and the plan with the caveats."""

    format: str
    folder: Path
    files: tuple[str, ...]
    plan: Plan


class WrittenFile(msgspec.Struct, frozen=True):
    """A file of an export; sha256 of its content."""

    path: str
    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """``export.json``, beside the files of a format: what was exported, from which archive, with which caveats."""

    format: str
    quiz: str
    purpose: str
    sealed_items: str
    files: tuple[WrittenFile, ...]
    caveats: tuple[Noted, ...]


def export(
    archive: Archive | Path | str,
    formats: Sequence[Format | str] | str,
    folder: Path | str | None = None,
    strict: bool = False,
    options: Options = NO_OPTIONS,
) -> tuple[Exported, ...]:
    """Writes an archive in several formats, given by name or not, each into ``folder/FORMAT/``.

    archive: opened, or its folder. formats: several, or the name of one. folder: by default the archive itself.

    strict: items that a format cannot keep exactly are an error. Raises ExportError before anything is written if one
    of the formats refuses, FolderError if a folder is there that is not an export. Same archive, same bytes.
    """
    from quizgen.exporters.catalogue import format_of

    if not isinstance(archive, Archive):
        archive = read_archive(archive)
    target = archive.folder if folder is None else Path(folder)
    chosen = [
        format_of(format_) if isinstance(format_, str) else format_
        for format_ in ([formats] if isinstance(formats, str) else formats)
    ]
    try:
        planned_all = plans(archive, chosen, options)
        for planned in planned_all:
            _accept(archive, planned, strict, options)
        return tuple(
            _deliver(archive, format_, planned, target / format_.id, options)
            for format_, planned in zip(chosen, planned_all, strict=True)
        )
    except NoValue as error:
        message = f"a number of its keys cannot be written: {error}"
        raise ExportError(archive.folder, message, "leave the question with this number out") from error


def _accept(archive: Archive, planned: Plan, strict: bool, options: Options) -> None:
    place = f"{archive.folder} → {planned.format}"
    if options.learner and options.learner not in dict(archive.quiz.forms):
        message = f"there is no form for the learner {options.learner!r}"
        raise ExportError(archive.folder, message, "name a learner of the roster that the quiz was built with")
    if planned.refusals:
        raise ExportError(place, "; ".join(planned.refusals), "choose another format, or leave these items out")
    lossy = [note for note in planned.noted if note.caveat.level is not Level.EXACT]
    if strict and lossy:
        what = "; ".join(f"{note.caveat.code} ({note.count})" for note in lossy)
        raise ExportError(place, f"is not exact: {what}", "export without --strict, or leave these items out")


def _seen(archive: Archive, format_: Format, options: Options) -> Archive:
    """The archive as a format gets it."""
    return WithFormulaChoices(archive) if options.formulas == "choice" and stands_in(format_) else archive


def _deliver(archive: Archive, format_: Format, planned: Plan, folder: Path, options: Options) -> Exported:
    with written_as_a_whole(folder, export_objection) as beside:
        files = tuple(_write_files(beside, format_.write(_seen(archive, format_, options), options)))
        quiz = archive.quiz
        manifest = Manifest(format_.id, quiz.id, quiz.purpose, archive.seal.items_sha256, files, planned.noted)
        (beside / EXPORT_MANIFEST).write_bytes(msgspec.json.format(to_json(manifest), indent=2) + b"\n")
    return Exported(format_.id, folder, tuple(file.path for file in files), planned)


def _write_files(folder: Path, chunks: Iterable[tuple[str, bytes]]) -> Iterator[WrittenFile]:
    """Writes chunks; those of one file follow each other."""
    path, digest, size = "", hashlib.sha256(), 0
    file: BinaryIO | None = None
    try:
        for name, chunk in chunks:
            if name != path or file is None:
                if file is not None:
                    file.close()
                    yield WrittenFile(path, size, digest.hexdigest())
                _refuse_what_is_no_name(folder, name)
                path, digest, size = name, hashlib.sha256(), 0
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                file = (folder / name).open("xb")
            file.write(chunk)
            digest.update(chunk)
            size += len(chunk)
        if file is not None:
            yield WrittenFile(path, size, digest.hexdigest())
    finally:
        if file is not None:
            file.close()


def _refuse_what_is_no_name(folder: Path, name: str) -> None:
    """Raises ExportError for what would lie outside of the folder, or in the place of the manifest."""
    parts = name.split("/")
    if (
        name == EXPORT_MANIFEST
        or not name.isprintable()
        or "\\" in name
        or any(part in ("", ".", "..") for part in parts)
    ):
        raise ExportError(folder, f"{name!r} is no name for a file of an export", "choose another format")
