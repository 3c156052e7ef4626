"""What earlier quizzes showed, so that a make-up exam shows something else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec

from quizgen.findings import Finding, FindingsError, Place

if TYPE_CHECKING:
    from quizgen.archive import Archive


class Used(msgspec.Struct, frozen=True):
    """signatures: of every item that could be met. scenes: (template, sentence) of those that somebody met."""

    signatures: frozenset[bytes] = frozenset()
    scenes: frozenset[tuple[str, str]] = frozenset()


def used_in(archives: Iterable[Archive]) -> Used:
    """What these archives showed.

    With forms, the items of the forms were met; without them, any item of a pool may have been. Raises FindingsError
    for an archive without keys: what two items have in common is seen by their keys as well.
    """
    from quizgen.generator import Generator

    signatures: set[bytes] = set()
    scenes: set[tuple[str, str]] = set()
    for archive in archives:
        if not archive.has_keys:
            message = "the archive to be avoided was given away without its keys"
            raise FindingsError([Finding(Place(str(archive.folder)), "Q715", message, "name the whole archive")])
        met = {id_ for _, form in archive.quiz.forms for id_ in form}
        for generated in archive.generated():
            signatures.add(Generator.signature(generated))
            if generated.item.sentence and (not met or generated.item.id in met):
                scenes.add((generated.item.template, generated.item.sentence))
    return Used(frozenset(signatures), frozenset(scenes))
