"""``markdown``: the whole quiz as one readable text for Git and for people; keys and solutions stand at the end.

Nothing is numbered through, so that a changed question changes its own lines only. A paragraph is one line. An exam
is written without keys.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from tempfile import SpooledTemporaryFile

from grading.answersheet import PartKey
from quizgen.archive import Archive
from quizgen.content import Inline
from quizgen.exporters.contract import Fidelity, Format, Level, Options
from quizgen.exporters.rendering.decimals import decimal
from quizgen.exporters.rendering.fields import field_instructions
from quizgen.exporters.rendering.markdown import blocks, code, entry, escaped, inline, line, one_line
from quizgen.exporters.rendering.phrases import phrase
from quizgen.exporters.rendering.text import subscript
from quizgen.exporters.rendering.wording import Wording, wording
from quizgen.exporters.slot_by_slot import read_by, slot_by_slot
from quizgen.exporters.told_answers import known_answers, offered, right_answers
from quizgen.model import (
    KINDS,
    ChoiceInteraction,
    Item,
    MultipleAnswerInteraction,
    NumericInteraction,
    NumericTupleInteraction,
    Part,
    Slot,
    TrueFalseInteraction,
    WorkedKey,
)

PATH = "quiz.md"
MOST_IN_MEMORY, AT_ONCE = 2**24, 2**16
"""Bytes of keys that are held in memory while the questions before them are written; bytes that are read again."""
CHOSEN = (ChoiceInteraction, MultipleAnswerInteraction, TrueFalseInteraction)


def fidelity(item: Item, key: WorkedKey | None) -> Fidelity:
    """Nothing is lost: everything is there to read."""
    return Fidelity()


def write(archive: Archive, options: Options) -> Iterator[tuple[str, bytes]]:
    """The file, one question a chunk, then every key; each item is read once, for its question and its key."""
    quiz, words = archive.quiz, wording(archive.quiz.language)
    yield PATH, _heading(1, quiz.title or quiz.id).encode()
    yield PATH, f"\n{code(quiz.id)} · {words(f'page:{quiz.purpose}')}\n".encode()
    with_keys = archive.has_keys and quiz.purpose != "exam"

    def write_one(slot: Slot, id_: str) -> tuple[bytes, bytes]:
        item = archive.item(id_)
        told = f"\n{answers(item, archive.key(id_))}" if with_keys else ""
        return f"\n{question(item, options)}".encode(), told.encode()

    section = ""
    with SpooledTemporaryFile(MOST_IN_MEMORY) as keys:
        wanted = read_by(options.learner, quiz)
        for (slot, written), (_, ids) in zip(slot_by_slot(wanted, write_one, options), wanted, strict=True):
            if slot.section != section:
                section = slot.section
                yield PATH, b"\n" + _section(archive, section).encode()
            if ids:
                yield PATH, b"\n" + _slot(slot, words).encode()
            for asked, told in written:
                yield PATH, asked
                keys.write(told)
        if with_keys:
            yield PATH, b"\n" + _heading(1, words("page:key")).encode()
            keys.seek(0)
            while told := keys.read(AT_ONCE):
                yield PATH, told
    if quiz.forms and not options.learner:
        yield from ((PATH, text.encode()) for text in _forms(archive, words))


def _heading(level: int, text: str) -> str:
    return f"{'#' * level} {escaped(' '.join(text.split()))}\n"


def _section(archive: Archive, title: str) -> str:
    told = next((section.instructions for section in archive.quiz.sections if section.title == title), "")
    return _heading(1, title or "…") + (f"\n{line(escaped(told))}\n" if told else "")


def _slot(slot: Slot, words: Wording) -> str:
    points = words("point" if slot.points == 1 else "points", points=decimal(slot.points, 6))
    return _heading(2, f"{slot.id} · {slot.title}") + f"\n{points}\n"


def question(item: Item, options: Options) -> str:
    """A question as it is asked."""
    words = wording(item.language)
    several = len(item.parts) > 1
    numbers = {part.id: number for number, part in enumerate(item.parts, 1)}
    met: set[str] = set()

    def gap(part: str) -> str:
        met.add(part)
        return "`____`" + (subscript(numbers[part]) if several else "")

    title = f" · {item.title}" if item.title else ""
    origin = f"{code(item.id)} · {code(item.revision[:16])} · {item.kind}"
    pieces = [_heading(3, item.code + title).rstrip(), origin, blocks(item.stem, gap)]
    in_text = frozenset(met)
    for part in item.parts:
        if several:
            pieces.append(f"**{words('part', number=numbers[part.id])}**")
        pieces += [blocks(part.prompt, gap), *_field(part, words, part.id in in_text)]
    return "\n\n".join(filter(None, pieces)) + "\n"


def _field(part: Part, words: Wording, in_text: bool) -> Iterator[str]:
    interaction = part.interaction
    lists = offered(interaction)
    mark = "[ ] " if isinstance(interaction, CHOSEN) else ""
    for sign, entries in zip("-*", lists, strict=False):
        yield "\n".join([f"{sign} {mark}**{one.label}.** {_line(one.content)}" for one in entries])
    if isinstance(interaction, NumericTupleInteraction):
        yield line("; ".join(f"{_line(number.content)} = `____`" for number in interaction.numbers))
    elif not lists and not in_text:
        unit = interaction.unit if isinstance(interaction, NumericInteraction) else ""
        yield "`____`" + (f" {escaped(unit)}" if unit else "")
    if asked := field_instructions(interaction, words):
        yield _phrase(asked, words.language)


def answers(item: Item, key: WorkedKey) -> str:
    """The key of a question with known wrong answers, hints and worked solution."""
    words = wording(item.language)
    part_keys = {part_key.id: part_key for part_key in key.parts}
    pieces = [f"## {item.code}"]
    for number, part in enumerate(item.parts, 1):
        if len(item.parts) > 1:
            pieces.append(f"**{words('part', number=number)}** ({part.weight})")
        pieces += _told(part, part_keys[part.id], words)
    if key.hints:
        hints = [entry("- ", _phrase(hint, words.language)) for hint in key.hints]
        pieces += [f"**{words('page:hint')}**", "\n".join(hints)]
    if key.solution:
        pieces += [f"**{words('solution')}**", blocks(key.solution)]
    return "\n\n".join(filter(None, pieces)) + "\n"


@lru_cache(maxsize=4096)
def _phrase(text: str, language: str) -> str:
    """A hint, or what is said beside a field, on one line: variants of a template have the same ones."""
    return one_line(phrase(text, language))


def _told(part: Part, part_key: PartKey, words: Wording) -> Iterator[str]:
    yield "\n".join([f"- ✓ {_line(right)}" for right in right_answers(part, part_key, words)])
    known = [
        f"- {line(_line(one.answer))}{f' (**{one.credit}**)' if one.credit else ''}: {_said(one.said)}".rstrip(": ")
        for one in known_answers(part, part_key, words)
    ]
    if known:
        yield f"**{words('known-answers')}**"
        yield "\n".join(known)


def _line(content: tuple[Inline, ...]) -> str:
    return inline(content).replace("\\\n", " ").strip()


_said = lru_cache(maxsize=4096)(_line)
"""What is said about a known wrong answer: the same words for all variants of a template."""


def _forms(archive: Archive, words: Wording) -> Iterator[str]:
    yield "\n" + _heading(1, words("page:forms")) + "\n"
    for learner, ids in archive.quiz.forms:
        yield f"- {escaped(learner)}: {', '.join(archive.label(id_).code for id_ in ids)}\n"


FORMAT = Format(
    id="markdown",
    title="Markdown",
    audience="people and Git",
    keys="file",
    kinds=dict.fromkeys(KINDS, Level.EXACT),
    fidelity=fidelity,
    write=write,
    next_step="read it in any editor, or keep it in Git and look at what changed (docs/exporting/markdown.md)",
)
