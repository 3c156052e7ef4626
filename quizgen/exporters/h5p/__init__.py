r"""``h5p``: content packages for H5P in Moodle, WordPress, Drupal, Lumi and others, without the libraries in them.

A package is a Question Set. H5P draws from one pool for a whole set, so that a quiz with pools becomes a package for
each slot, which shows one question of its pool; a quiz whose slots hold one question each is one package. H5P marks on
the learner's machine, so that an exam is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from quizgen.archive import Archive
from quizgen.exporters.contract import Format, Options
from quizgen.exporters.h5p import labels
from quizgen.exporters.h5p.fidelity import KIND_LEVELS, fidelity
from quizgen.exporters.h5p.questions import VERSIONS, question
from quizgen.exporters.packaging import zipped
from quizgen.exporters.pool_files import pool_path
from quizgen.exporters.rendering.text import printable
from quizgen.exporters.rendering.wording import wording
from quizgen.exporters.slot_by_slot import pools, slot_by_slot
from quizgen.exporters.stand_in import writing_choices
from quizgen.model import Quiz, Slot

WHOLE = "quiz.h5p"
SET_VERSION, MATH_VERSION = "1.20", "1.0"
_PASS_PERCENTAGE = 50
_LONGEST_TITLE = 127
"""H5P takes 255 units of UTF-16."""
_FORMULA = (b"\\\\(", b"\\\\[")
"""How a formula begins in JSON."""

Written = tuple[str, bytes]
"""The library of a question, and the question in JSON."""


@writing_choices
def write(archive: Archive, options: Options) -> Iterator[tuple[str, bytes]]:
    """The packages."""
    quiz = archive.quiz
    title = quiz.title or quiz.id

    def write_one(slot: Slot, id_: str) -> Written:
        made = question(archive.item(id_), archive.key(id_), options.code_in_stem)
        return str(made["library"]), msgspec.json.encode(made)

    written = slot_by_slot(pools(quiz), write_one, options)
    if all(len(slot.pool) == 1 for slot in quiz.slots):
        yield from zipped(WHOLE, _members(quiz, title, (one for _, questions in written for one in questions), False))
        return
    for number, (slot, questions) in enumerate(written, 1):
        path = pool_path(number, slot, len(quiz.slots)).removesuffix("txt") + "h5p"
        yield from zipped(path, _members(quiz, f"{title}: {slot.title or slot.id}", questions, len(slot.pool) > 1))


def _members(quiz: Quiz, title: str, questions: Iterable[Written], drawn: bool) -> Iterator[tuple[str, bytes]]:
    """The content and then what it needs, which is known once all questions are written."""
    path, used, has_formulas = "content/content.json", set[str](), False
    before, after = _around(quiz, drawn)
    yield path, before
    for place, (library, encoded) in enumerate(questions):
        used.add(library)
        has_formulas = has_formulas or any(sign in encoded for sign in _FORMULA)
        yield path, (b",\n" if place else b"\n") + encoded
    yield path, after
    yield "h5p.json", _manifest(quiz, title, used, has_formulas)


def _around(quiz: Quiz, drawn: bool) -> tuple[bytes, bytes]:
    """The Question Set before and after its questions. drawn: it shows one of them, another one at each try."""
    words = wording(quiz.language)
    pool: dict[str, Any] = {"poolSize": 1} if drawn else {}
    settings = {
        "introPage": {"showIntroPage": False, "startButtonText": words("h5p:start"), "title": "", "introduction": ""},
        "progressType": "textual",
        "passPercentage": _PASS_PERCENTAGE,
        "disableBackwardsNavigation": False,
        "randomQuestions": drawn,
        **pool,
        "texts": labels.named(words, labels.SET),
        "endGame": {
            "showResultPage": True,
            "showSolutionButton": True,
            "showRetryButton": True,
            "overallFeedback": [{"from": 0, "to": 100}],
            "showAnimations": False,
            "skippable": False,
            **labels.named(words, labels.END),
        },
        "override": {"checkButton": True},
    }
    whole = msgspec.json.encode(settings)
    return whole[:-1] + b',"questions":[', b"\n]}\n"


def _manifest(quiz: Quiz, title: str, used: set[str], has_formulas: bool) -> bytes:
    """``h5p.json``: what the platform must have installed."""
    needed = [("H5P.QuestionSet", SET_VERSION)]
    needed += [(f"H5P.{name}", version) for name, version in VERSIONS.items() if f"H5P.{name} {version}" in used]
    needed += [("H5P.MathDisplay", MATH_VERSION)] if has_formulas else []
    dependencies = []
    for name, version in needed:
        major, minor = map(int, version.split("."))
        dependencies.append({"machineName": name, "majorVersion": major, "minorVersion": minor})
    manifest = {
        "title": " ".join(printable(title).split())[:_LONGEST_TITLE] or quiz.id,
        "language": quiz.language,
        "mainLibrary": "H5P.QuestionSet",
        "embedTypes": ["iframe"],
        "license": "U",
        "defaultLanguage": quiz.language,
        "preloadedDependencies": dependencies,
    }
    return msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"


FORMAT = Format(
    id="h5p",
    title="H5P",
    audience="learners at practice, in Moodle, WordPress, Drupal, Lumi and others with H5P",
    keys="learner",
    kinds=KIND_LEVELS,
    fidelity=fidelity,
    write=write,
    forms=False,
    next_step="add an H5P activity for each file and upload it there; where a quiz has pools, each file shows one "
    "question of its pool (docs/exporting/h5p.md)",
    best_effort=True,
)
