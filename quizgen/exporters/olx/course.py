"""The course around the questions: a section of the quiz is a subsection, a slot a unit with an item bank."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import msgspec

from quizgen.exporters.olx.markup import element, olx_text, url_name
from quizgen.exporters.rendering.html import escaped
from quizgen.model import Quiz, Slot

RUN = "run"
ORG = "quizgen"
START, END = "2001-01-01T00:00:00Z", "2099-12-31T23:59:59Z"


class Place(msgspec.Struct, frozen=True):
    """A section of the quiz with its slots. number: from 1."""

    number: int
    title: str
    slots: tuple[Slot, ...]


def places(quiz: Quiz) -> tuple[Place, ...]:
    """The sections in their order; slots without a section stand below the title of the quiz."""
    groups: list[tuple[str, list[Slot]]] = []
    for slot in quiz.slots:
        if not groups or groups[-1][0] != slot.section:
            groups.append((slot.section, []))
        groups[-1][1].append(slot)
    title = quiz.title or quiz.id
    return tuple(Place(number, name or title, tuple(slots)) for number, (name, slots) in enumerate(groups, 1))


def course_files(quiz: Quiz) -> Iterator[tuple[str, bytes]]:
    """(path, content) of everything but the questions and the banks they are in."""
    title = quiz.title or quiz.id
    number = re.sub(r"[^A-Za-z0-9_.\-]", "-", quiz.id) or "quiz"
    yield "course.xml", element("course", "", url_name=RUN, org=ORG, course=number[:60]).encode()
    language = {"language": quiz.language} if quiz.language else {}
    inner = element("chapter", "", url_name="quiz")
    settings = {"display_name": title, "start": START, "end": END, **language}
    yield f"course/{RUN}.xml", element("course", "\n" + inner, **settings).encode()
    subsections = "".join(element("sequential", "", url_name=f"section-{place.number}") for place in places(quiz))
    yield "chapter/quiz.xml", element("chapter", "\n" + subsections, display_name=title).encode()
    for place in places(quiz):
        units = "".join(element("vertical", "", url_name=_unit(slot)) for slot in place.slots)
        graded = {"graded": True, "format": "Quiz"} if quiz.purpose == "exam" else {}
        yield (
            f"sequential/section-{place.number}.xml",
            element("sequential", "\n" + units, display_name=place.title, **graded).encode(),
        )
    for place in places(quiz):
        for slot in place.slots:
            said = _instructions(quiz, slot, first=slot is place.slots[0])
            bank = element("itembank", "", url_name=bank_name(slot))
            yield (
                f"vertical/{_unit(slot)}.xml",
                element("vertical", "\n" + said + bank, display_name=slot.title or slot.id).encode(),
            )
    yield from _policies()


def _instructions(quiz: Quiz, slot: Slot, first: bool) -> str:
    """What stands below the heading of a section, before its first question."""
    texts = [section.instructions for section in quiz.sections if section.title == slot.section] if first else []
    if not any(texts):
        return ""
    shown = f"<p>{olx_text(texts[0])}</p>"
    return element("html", shown, url_name=url_name(slot.id, "about-"), display_name=slot.section or quiz.title)


def _policies() -> Iterator[tuple[str, bytes]]:
    graders = [
        {"type": "Quiz", "short_label": "Quiz", "min_count": 1, "drop_count": 0, "weight": 1.0},
    ]
    policy: dict[str, object] = {f"course/{RUN}": {}}
    grading = {"GRADER": graders, "GRADE_CUTOFFS": {"Pass": 0.5}}
    for name, content in (("policy", policy), ("grading_policy", grading)):
        yield f"policies/{RUN}/{name}.json", (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def bank_name(slot: Slot) -> str:
    """The name of the block of a slot's item bank."""
    return url_name(slot.id, "bank-")


def _unit(slot: Slot) -> str:
    return url_name(slot.id, "unit-")


def bank_opening(slot: Slot) -> str:
    """The first tag of an item bank that shows each learner one of its questions."""
    title = escaped(" ".join((slot.title or slot.id).split()))
    return f'<itembank display_name="{title}" max_count="1">\n'
