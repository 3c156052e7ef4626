"""What SCORM and xAPI have in common: the page that `html` writes as a package that reports the answers.

The page asks, checks what it can check, and reports: for each part of a question an interaction, of practice with its
result and a score, of an exam without, because an exam's page holds no keys. `quizgen grade` marks what was reported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain

from quizgen.archive import Archive
from quizgen.exporters import html_page
from quizgen.exporters.contract import Caveat, Fidelity, Format, Level, Options
from quizgen.exporters.packaged_page.document import document
from quizgen.exporters.packaged_page.manifests import MANIFESTS, PAGE
from quizgen.exporters.packaging import zipped
from quizgen.model import KINDS, EssayInteraction, Item, SymbolicInteraction, WorkedKey

PATH = "quiz.zip"

UNSCORED = Caveat(
    "platform:marked-on-return",
    "formulas, essays and numbers whose digits count are reported without a score, which the platform's score then "
    "leaves out; `quizgen grade` marks what is reported",
)
NO_KEYS = Caveat(
    "platform:no-keys",
    "a page without keys reports answers and no score; `quizgen grade` marks them",
)
LONG_TEXTS = Caveat(
    "scorm12:long-texts",
    "SCORM 1.2 takes 255 characters of an answer and keeps 4,096 of all: longer texts are reported in pieces, and "
    "may be gone when a learner comes back, who is told before",
    Level.EXACT,
)


def fidelity_on(platform: str) -> Callable[[Item, WorkedKey | None], Fidelity]:
    """What becomes of an item on a platform: what the page does, and what is not scored there."""

    def fidelity(item: Item, key: WorkedKey | None) -> Fidelity:
        caveats = list(html_page.fidelity(item, key).caveats)
        essay = any(isinstance(part.interaction, EssayInteraction) for part in item.parts)
        formula = any(isinstance(part.interaction, SymbolicInteraction) for part in item.parts)
        if key and (essay or formula or html_page.DIGITS in caveats):
            caveats = [caveat for caveat in caveats if caveat not in (html_page.NOT_HERE, html_page.DIGITS)]
            caveats.append(UNSCORED)
        if key is None:
            caveats.append(NO_KEYS)
        if essay and platform == "scorm12":
            caveats.append(LONG_TEXTS)
        return Fidelity(tuple(caveats))

    return fidelity


def package(platform: str, archive: Archive, options: Options) -> Iterator[tuple[str, bytes]]:
    """The zip, in pieces: the manifest and the page."""
    return zipped(PATH, _members(platform, archive, options))


def _members(platform: str, archive: Archive, options: Options) -> Iterator[tuple[str, bytes]]:
    """In the order of their names."""
    name, manifest = MANIFESTS[platform]
    page = ((PAGE, piece.encode()) for piece in document(archive, options, platform))
    around = [(name, manifest(archive.quiz).encode())]
    yield from chain(around, page) if name < PAGE else chain(page, around)


def described(
    platform: str,
    title: str,
    audience: str,
    write: Callable[[Archive, Options], Iterator[tuple[str, bytes]]],
    next_step: str,
) -> Format:
    """The format of a platform. title, audience: for people. next_step: what to do with the package."""
    levels = dict.fromkeys(KINDS, Level.EXACT) | dict.fromkeys(("symbolic", "essay"), Level.DEGRADED)
    return Format(
        id=platform,
        title=title,
        audience=audience,
        keys="learner",
        kinds=levels,
        fidelity=fidelity_on(platform),
        write=write,
        forms=False,
        next_step=next_step,
        best_effort=True,
    )
