"""One question as one item: declarations, text with its fields, rules, and what is said after an answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import lru_cache

import msgspec

from grading.answersheet import PartKey
from grading.keys import ChoiceKey, EssayKey, MatchingKey, MultipleAnswerKey, Rival, SymbolicKey
from quizgen.exporters.qti.content import blank, dialect, phrase_xhtml, without_gaps, xhtml_text
from quizgen.exporters.qti.interactions import INLINE, Field, in_text, on_its_own
from quizgen.exporters.qti.names import HERE, Version, identifier, in_attribute
from quizgen.exporters.qti.rules import constant, put, put_constant, variable, when
from quizgen.exporters.qti.scoring import MISSED, SCORE, Asked, Rules, rules_of, spoken_words
from quizgen.exporters.rendering.decimals import decimal
from quizgen.exporters.rendering.fields import marking_notes, named_answer
from quizgen.exporters.rendering.gaps import gaps
from quizgen.exporters.rendering.html import block_html
from quizgen.exporters.rendering.text import printable
from quizgen.exporters.rendering.wording import Wording, wording
from quizgen.model import Item, ItemLabel, Part, WorkedKey

NEARLY = Fraction(1, 10**6)
"""By which a sum of points may miss the full mark and still is it."""

HINT, SOLUTION = "HINT", "SOLUTION"
SAID = "feedback"
"""The class of what is said about one answer among several."""


class Written(msgspec.Struct, frozen=True):
    """An item while it is written.

    points: what it is worth. feedback: whether anything is said after an answer. code: print its code below the text.
    """

    version: Version
    item: Item
    key: WorkedKey
    points: Fraction
    feedback: bool
    code: bool

    @property
    def words(self) -> Wording:
        return wording(self.item.language)


def item_xml(written: Written) -> bytes:
    """The file of an item, joined once: its parts are long, and a rare letter makes all of a text wide."""
    v, item = written.version, written.item
    keys = {part_key.id: part_key for part_key in written.key.parts}
    in_text = frozenset(gaps(item.stem))
    asked = [_asked(written, part, keys[part.id], part.id in in_text) for part in item.parts]
    rules = [rules_of(each) for each in asked]
    later = _shown_later(written, asked)
    pieces = [
        _head(v, item),
        "\n",
        _declarations(written, asked, rules, later),
        *_body(written, asked, rules),
        _response_processing(written, asked, rules, later),
        *_said_later(written, asked, later),
        f"</{v.tag('assessmentItem')}>\n",
    ]
    return b"".join([piece.encode() for piece in pieces])


def _head(version: Version, item: Item) -> str:
    """The first tag of an item: what all have in common, and between it what is its own."""
    own = [identifier(item.id), item_title(item), item.code, item.language, item.revision[:16]]
    if not item.language:
        del own[3]
    first, *rest = _head_between(version, bool(item.language))
    return first + "".join([in_attribute(text) + part for text, part in zip(own, rest, strict=True)])


@lru_cache(maxsize=4)
def _head_between(version: Version, language: bool) -> list[str]:
    return version.opening(
        "assessmentItem",
        identifier=HERE,
        title=HERE,
        label=HERE,
        xml_lang=HERE if language else None,
        adaptive=False,
        timeDependent=False,
        toolName="quizgen",
        toolVersion=f"revision {HERE}",
    ).split(HERE)


def item_title(item: Item | ItemLabel) -> str:
    """Code and title on one line."""
    return " ".join(printable(f"{item.code} {item.title}").split())


def _asked(written: Written, part: Part, part_key: PartKey, gap: bool) -> Asked:
    """gap: the part has a gap in the text."""
    suffix = "" if len(written.item.parts) == 1 else identifier(part.id, "_")
    points = written.points if part.weight == 1 else written.points * part.weight
    in_text = gap and isinstance(part.interaction, INLINE)
    return Asked(written.version, part_key, suffix, points, written.words, written.feedback, in_text)


def _declarations(written: Written, asked: list[Asked], rules: list[Rules], later: Later) -> str:
    v = written.version
    lines = [rule.declaration for rule in rules]
    by_person = [_is_marked_by_person(each) for each in asked]
    most, _ = _full_mark(*written.points.as_integer_ratio())
    lines.append(_number(v, SCORE, most, all(by_person)))
    for each, human in zip(asked, by_person, strict=True):
        if each.suffix:
            lines.append(_number(v, each.score, _full_mark(*each.points.as_integer_ratio())[0], human))
    lines.append(_most(v, most))
    lines += [rule.counters for rule in rules if rule.counters]
    names = [outcome for rule in rules for outcome in rule.outcomes]
    names += [(name, "single") for name, there in later.items() if there]
    lines += [_outcome(v, name, cardinality) for name, cardinality in names]
    return "\n".join(lines) + "\n"


def _is_marked_by_person(asked: Asked) -> bool:
    return isinstance(asked.part_key.key, EssayKey | SymbolicKey)


@lru_cache(maxsize=256)
def _full_mark(above: int, below: int) -> tuple[str, str]:
    """The points of a quotient as decimals: all of them, and those from which a mark is full."""
    points = Fraction(above, below)
    return decimal(points), decimal(points * (1 - NEARLY))


@lru_cache(maxsize=1024)
def _outcome(version: Version, name: str, cardinality: str) -> str:
    return version.element("outcomeDeclaration", identifier=name, cardinality=cardinality, baseType="identifier")


@lru_cache(maxsize=1024)
def _most(version: Version, points: str) -> str:
    most = version.element("defaultValue", version.element("value", points))
    return version.element("outcomeDeclaration", most, identifier="MAXSCORE", cardinality="single", baseType="float")


@lru_cache(maxsize=1024)
def _number(version: Version, name: str, most: str, human: bool) -> str:
    nothing = version.element("defaultValue", version.element("value", "0"))
    return version.element(
        "outcomeDeclaration",
        nothing,
        identifier=name,
        cardinality="single",
        baseType="float",
        normalMaximum=most,
        externalScored="human" if human and version.dashed else None,
    )


# ---------------------------------------------------------------- the text


def _body(written: Written, asked: list[Asked], rules: list[Rules]) -> Iterator[str]:
    """The text with its fields, in pieces."""
    before, behind = written.version.around("itemBody")
    yield before
    for piece in _pieces(written, asked, rules):
        if piece:
            yield "\n"
            yield piece
    yield f"\n{behind}\n"


def _pieces(written: Written, asked: list[Asked], rules: list[Rules]) -> Iterator[str]:
    v, item, words = written.version, written.item, written.words
    outside = without_gaps(v)
    fields = {
        part.id: Field(v, part, each.response, each.said, words, outside, _option_words(each))
        for part, each in zip(item.parts, asked, strict=True)
    }
    placed = {part.id: in_text(fields[part.id]) for part, each in zip(item.parts, asked, strict=True) if each.in_text}
    yield block_html(item.stem, dialect(v, lambda part: placed.get(part, blank(part))) if placed else outside)
    for number, (part, each, rule) in enumerate(zip(item.parts, asked, rules, strict=True), 1):
        if part.id not in placed:
            if len(item.parts) > 1:
                yield f"<p><strong>{xhtml_text(words('part', number=number))}</strong></p>"
            yield block_html(part.prompt, outside)
            yield on_its_own(fields[part.id])
        yield from _said(written, each, rule)
        yield _for_scorers(written, each)
    if written.code:
        yield f"<p><small>{xhtml_text(item.code)}</small></p>"


def _option_words(asked: Asked) -> Mapping[str, str]:
    key = asked.part_key.key
    if not asked.feedback or asked.in_text or not isinstance(key, ChoiceKey | MultipleAnswerKey):
        return {}
    right = key.correct if isinstance(key, MultipleAnswerKey) else (key.correct,)
    return {rival.value: spoken_words([rival]) for rival in key.rivals if rival.value not in right}


def _for_scorers(written: Written, asked: Asked) -> str:
    key, v = asked.part_key.key, written.version
    if not isinstance(key, EssayKey | SymbolicKey):
        return ""
    notes = marking_notes(key, written.words, xhtml_text, lambda text: phrase_xhtml(text, v))
    return v.element("rubricBlock", _content(v, notes), view="scorer", use="scoring" if v.dashed else None)


def _content(version: Version, xhtml: str) -> str:
    return version.element("contentBody", xhtml) if version.dashed else xhtml


# ---------------------------------------------------------------- after an answer


def _response_processing(written: Written, asked: list[Asked], rules: list[Rules], later: Later) -> str:
    v = written.version
    lines = "".join([rule.rules for rule in rules])
    if len(asked) > 1:
        lines += put(v, SCORE, v.element("sum", "".join([variable(v, each.score) for each in asked]))) + "\n"
    if any(later.values()):
        hints = len(written.key.hints) if later[HINT] else 0
        _, nearly = _full_mark(*written.points.as_integer_ratio())
        lines += _showing(v, nearly, hints, later[SOLUTION])
    return v.element("responseProcessing", "\n" + lines) + "\n" if lines else ""


@lru_cache(maxsize=1024)
def _showing(version: Version, nearly: str, hints: int, solution: bool) -> str:
    """The rules for what is said after an answer: hint after hint, and the solution at the full mark or behind them.

    nearly: the points from which a mark is full.
    """
    if not hints:
        return _show(version, SOLUTION) + "\n"
    full = version.element("gte", variable(version, SCORE) + constant(version, "float", nearly))
    cases = [(full, _show(version, SOLUTION) if solution else put(version, HINT, version.element("null")))]
    if solution:
        cases.append((_tries(version, "gt", hints), _show(version, SOLUTION)))
    cases += [(_tries(version, "gte", k), _show(version, HINT, f"hint-{k}")) for k in range(hints, 1, -1)]
    return when(version, cases, _show(version, HINT, "hint-1")) + "\n"


def _tries(version: Version, comparison: str, count: int) -> str:
    return version.element(comparison, variable(version, "numAttempts") + constant(version, "integer", str(count)))


def _show(version: Version, name: str, which: str = "solution") -> str:
    return put_constant(version, name, "identifier", which)


Later = dict[str, bool]
"""Whether there are hints and a solution to show."""


def _shown_later(written: Written, asked: list[Asked]) -> Later:
    told, key = written.feedback, written.key
    solution = told and (bool(key.solution) or any(_known_answers(written, each) for each in asked))
    return {HINT: told and bool(key.hints), SOLUTION: solution}


def _said(written: Written, asked: Asked, rules: Rules) -> Iterator[str]:
    """What is said about an answer, below its field: dialogs would hide each other."""
    v = written.version
    for name, which, told in rules.said:
        if which == MISSED:
            rival = next(rival for rival in getattr(asked.part_key.key, "rivals", ()) if rival.value == told)
            yield _block(v, name, which, f"<p>{_named(written, asked, rival)}</p>")
        else:
            yield _told(v, name, which, told)


def _block(version: Version, name: str, which: str, xhtml: str) -> str:
    shown = _content(version, xhtml)
    return version.element("feedbackBlock", shown, outcomeIdentifier=name, identifier=which, showHide="show")


@lru_cache(maxsize=4096)
def _told(version: Version, name: str, which: str, words: str) -> str:
    """Words that variants of a template share, a paragraph a line."""
    text = "".join(f"<p>{phrase_xhtml(line, version)}</p>" for line in words.splitlines() if line.strip())
    return _block(version, name, which, text)


def _said_later(written: Written, asked: list[Asked], later: Later) -> Iterator[str]:
    """The hints, one after the other, and the solution with known wrong answers that nothing else names; in pieces."""
    v, words = written.version, written.words
    if later[HINT]:
        title = words("page:hint")
        for number, hint in enumerate(written.key.hints, 1):
            yield _hint(v, number, hint, title)
    if later[SOLUTION]:
        before, behind = _modal(v, SOLUTION, "solution", words("solution"))
        yield before
        yield block_html(written.key.solution, without_gaps(v))
        if known := "".join([_known_answers(written, each) for each in asked]):
            yield f"\n<p>{xhtml_text(words('known-answers'))}</p>\n<ul>{known}</ul>"
        yield behind


@lru_cache(maxsize=4096)
def _hint(version: Version, number: int, words: str, title: str) -> str:
    before, behind = _modal(version, HINT, f"hint-{number}", title)
    return f"{before}<p>{phrase_xhtml(words, version)}</p>{behind}"


@lru_cache(maxsize=256)
def _modal(version: Version, outcome: str, name: str, title: str) -> tuple[str, str]:
    """What stands around what is shown after an answer."""
    before, behind = version.around(
        "modalFeedback", outcomeIdentifier=outcome, identifier=name, showHide="show", title=title
    )
    inner, end = version.around("contentBody") if version.dashed else ("", "")
    return before + inner, f"{end}{behind}\n"


def _known_answers(written: Written, asked: Asked) -> str:
    """Known wrong pairs: no player compares single pairs, so that all of them stand below the solution."""
    key = asked.part_key.key
    if not isinstance(key, MatchingKey):
        return ""
    return "".join(f"<li>{_named(written, asked, rival)}</li>" for rival in key.rivals if spoken_words([rival]))


def _named(written: Written, asked: Asked, rival: Rival) -> str:
    """What is said about a known wrong answer, after the words that say which one is meant."""
    said = phrase_xhtml(spoken_words([rival]), written.version)
    return f'{xhtml_text(named_answer(rival, asked.part_key, written.words))} <span class="{SAID}">{said}</span>'
