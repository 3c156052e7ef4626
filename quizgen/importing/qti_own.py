"""Items of QTI that quizgen wrote itself: what stands in them beside the question is taken off and understood.

Such an item names quizgen as its tool. Its code is printed below the text, what its field asks for above the field,
and what is said about answers in blocks that the scoring rules show.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, get_args

import msgspec

from quizgen.exporters.qti.interactions import BEFORE_WORDS
from quizgen.exporters.rendering.decimals import decimal
from quizgen.exporters.rendering.html import escaped
from quizgen.importing import own_marks
from quizgen.importing.contract import Data, NotCarried, Notes, Question
from quizgen.importing.html_text import element_line
from quizgen.importing.known_answers import Believed
from quizgen.importing.markdown import slug
from quizgen.importing.number_answers import NumberAnswer
from quizgen.importing.qti_tree import attribute, children, descendants, first, name_of, value_of
from quizgen.importing.shares import exact_number, share
from quizgen.importing.yaml_writing import number
from quizgen.model import Bloom

_OUTSIDE = 1 - Fraction(1, 10**9)


class Own(msgspec.Struct):
    """What an item of ours says beside its question.

    unit, words: what its field asks for. said: (variable, identifier) → feedback, as elements. left_out: (identifier of
    a right option, what is said about leaving it out). rubric: lines of it. known: what is said about wrong pairs, as
    (words before, element).
    """

    code: str
    language: str
    unit: str = ""
    words: tuple[int, int] = (0, 0)
    said: dict[tuple[str, str], Any] = {}
    left_out: tuple[tuple[str, Any], ...] = ()
    rubric: tuple[tuple[str, Any], ...] = ()
    known: tuple[tuple[str, Any], ...] = ()
    formula: bool = False

    def heard(self, element: Any, notes: Notes) -> tuple[str, str]:
        """(feedback, misconceptions): words of ours about some are told by their ids alone."""
        lines = list(children(element, "p")) or [element]
        read = [element_line(line, notes).strip().removeprefix(BEFORE_WORDS.strip()).strip() for line in lines]
        beliefs = [own_marks.belief_of_line(line, self.language) for line in read]
        return ("", " ".join(beliefs)) if all(beliefs) else (" ".join(read), "")

    def listed(self, named: list[tuple[str, Any]], notes: Notes) -> tuple[tuple[str, ...], Believed]:
        """Known wrong answers, named in words, as other formats list them below the solution."""
        entries = tuple(f"{escaped(words)} <p>{place}" for place, (words, _) in enumerate(named))
        elements = {f"<p>{place}": element for place, (_, element) in enumerate(named)}
        return entries, lambda html: self.heard(elements[html], notes)[1] if html in elements else ""


def own_of(root: Any, body: Any) -> Own | None:
    """What an item of ours says; its body and solution are left with the question alone. None for items of others."""
    if attribute(root, "toolName") != "quizgen":
        return None
    language = (root.get("{http://www.w3.org/XML/1998/namespace}lang") or "").partition("-")[0].lower()
    own = Own(" ".join((root.get("label") or "").split()), language, said={})
    for block in list(descendants(body, "feedbackBlock")):
        name = attribute(block, "outcomeIdentifier"), block.get("identifier") or ""
        own.said[name] = _content(block)
        _remove(block)
    for block in list(descendants(body, "rubricBlock")):
        texts = {words("graded-on-return") for words in own_marks.languages()}
        own.formula = own.formula or any(value_of(line) in texts for line in block.iterdescendants())
        own.rubric = tuple(own_marks.rubric_of(_content(block)))
        _remove(block)
    own.left_out = tuple(_left_out(root, own))
    own.known = tuple(_known(root))
    _take_off_code(body, own.code)
    _take_off_field(body, own)
    return own


def _content(element: Any) -> Any:
    inner = first(element, "contentBody")
    return element if inner is None else inner


def _remove(element: Any) -> None:
    parent, before, tail = element.getparent(), element.getprevious(), element.tail or ""
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


def _take_off_code(body: Any, code: str) -> None:
    paragraphs = list(children(body, "p"))
    last = paragraphs[-1] if paragraphs else None
    if last is not None and [name_of(inner) for inner in last] == ["small"] and value_of(last) == code:
        _remove(last)


def _take_off_field(body: Any, own: Own) -> None:
    """The line about the field, and the unit behind it."""
    for paragraph in list(children(body, "p")):
        if len(paragraph) == 1 and name_of(paragraph[0]) == "em" and not (paragraph.text or "").strip():
            text = value_of(paragraph)
            for words in own_marks.languages():
                unit, asked = own_marks.unit_asked(text, words), own_marks.words_asked(text, words)
                if unit is not None or asked is not None:
                    own.unit, own.words = own_marks.unit_named(unit or "", words.language), asked or (0, 0)
                    _remove(paragraph)
                    break
    for entry in descendants(body, "textEntryInteraction"):
        if own.unit and (entry.tail or "").strip():
            entry.tail = ""


def _left_out(root: Any, own: Own) -> Iterator[tuple[str, Any]]:
    """What is said where a right option is not among those chosen."""
    for rule in descendants(root, "responseIf"):
        option = next(
            (value_of(value) for inner in children(rule, "not") for value in descendants(inner, "baseValue")), ""
        )
        for put in children(rule, "setOutcomeValue"):
            block = own.said.get((put.get("identifier") or "", value_of(put)))
            if option and block is not None and (put.get("identifier") or "").startswith("MISSED"):
                yield option, _marked(block)


def _known(root: Any) -> Iterator[tuple[str, Any]]:
    """The list of known wrong answers below the solution, which is taken out of it."""
    for feedback in children(root, "modalFeedback"):
        content = _content(feedback)
        titles = {words("known-answers") for words in own_marks.languages()}
        for title in [line for line in children(content, "p") if value_of(line) in titles]:
            listed = title.getnext()
            if listed is not None and name_of(listed) == "ul":
                yield from ((" ".join((entry.text or "").split()), _marked(entry)) for entry in children(listed, "li"))
                _remove(listed)
                _remove(title)


def _marked(element: Any) -> Any:
    """The part of a sentence that is the feedback itself."""
    return next((inner for inner in element.iterdescendants() if inner.get("class") == "feedback"), element)


# ---------------------------------------------------------------- keys


def number_answers(root: Any, own: Own, most: Fraction, notes: Notes) -> list[NumberAnswer]:
    """The numbers that are compared, one after the other, with what they earn."""
    answers = []
    for rule in root.iterdescendants():
        if name_of(rule) not in ("responseIf", "responseElseIf"):
            continue
        bounds = next((_bounds(condition) for condition in children(rule, "and")), None)
        if bounds is None:
            continue
        earned, heard = Fraction(0), ("", "")
        for put in children(rule, "setOutcomeValue"):
            if put.get("identifier") == "SCORE":
                earned = share((exact_number(value_of(put)) or Fraction(0)) / most)
            block = own.said.get((put.get("identifier") or "", value_of(put)))
            heard = own.heard(block, notes) if block is not None else heard
        answers.append(NumberAnswer(*bounds, earned, *heard))
    return answers


def _bounds(condition: Any) -> tuple[Fraction, Fraction] | None:
    """(middle, radius); where the bounds are outside, as if they were inside and nearer by a billionth."""
    found = [
        (name_of(part), exact_number(value_of(value))) for part in condition for value in descendants(part, "baseValue")
    ]
    if len(found) != 2 or found[0][0] not in ("gte", "gt") or found[1][0] not in ("lte", "lt"):
        return None
    (least, low), (_, high) = found
    if low is None or high is None:
        return None
    return Fraction(decimal((low + high) / 2)), (high - low) / 2 * (_OUTSIDE if least == "gt" else 1)


def wordings(root: Any, own: Own, notes: Notes) -> dict[str, tuple[str, str]]:
    """What is said about typed texts."""
    found: dict[str, tuple[str, str]] = {}
    for rule in root.iterdescendants():
        if name_of(rule) in ("responseIf", "responseElseIf"):
            texts = [
                value_of(value) for match in descendants(rule, "stringMatch") for value in children(match, "baseValue")
            ]
            for put in children(rule, "setOutcomeValue"):
                block = own.said.get((put.get("identifier") or "", value_of(put)))
                if block is not None and texts:
                    heard = own.heard(block, notes)
                    found |= {text: heard for text in texts if text not in found}
    return found


def orders(root: Any, own: Own, texts: dict[str, str]) -> list[tuple[str, Any]]:
    """Known wrong orders, each in words, with what is said about it. texts: of the entries, by identifier."""
    answered = own_marks.languages()[0]
    found = []
    for rule in root.iterdescendants():
        conditions = list(children(rule, "and")) if name_of(rule) in ("responseIf", "responseElseIf") else []
        for put in children(rule, "setOutcomeValue") if conditions else ():
            block = own.said.get((put.get("identifier") or "", value_of(put)))
            places = [value_of(value) for match in conditions[0] for value in children(match, "baseValue")]
            if block is not None and all(id_ in texts for id_ in places):
                shown = " → ".join(own_marks.shown_text(texts[id_]) for id_ in places)
                found.append((answered("if-answered", answer=shown), block))
    return found


def rubric_settings(own: Own, notes: Notes) -> tuple[tuple[str, Data], ...]:
    """The rubric and the number of words of an essay. Raises NotCarried for a formula."""
    if own.formula:
        raise NotCarried("a formula is marked by its expression, of which QTI keeps only words")
    rubric: list[Data] = [{"points": points, "text": element_line(entry, notes)} for points, entry in own.rubric]
    settings: list[tuple[str, Data]] = [("rubric", rubric)] if rubric else []
    least, most = own.words
    if least or most:
        settings.append(("words", [number(Fraction(least)), number(Fraction(most or max(least, 100_000)))]))
    return tuple(settings)


def origins(manifest: Any) -> dict[str, own_marks.Origin]:
    """Where the items of a package of ours come from, by the path of their file."""
    found = {}
    for resource in manifest.iter("{*}resource"):
        keywords = [value_of(word) for word in resource.iter("{*}keyword")]
        catalogue = next((value_of(name) for name in resource.iter("{*}catalog")), "")
        id_ = next((value_of(entry) for entry in resource.iter("{*}entry")), "")
        if catalogue == "quizgen" and keywords:
            bloom = next((word.removeprefix("bloom:") for word in keywords if word.startswith("bloom:")), "")
            template, *concepts = [word for word in keywords if not word.startswith("bloom:")] or [""]
            path = resource.get("href") or ""
            found[path] = own_marks.Origin("", id_, template, bloom, tuple(concepts))
    return found


def with_origin(question: Question, origin: own_marks.Origin) -> Question:
    """A question with the template that it comes from, its level and its concepts."""
    concepts = tuple(dict.fromkeys(filter(None, map(slug, origin.concepts))))
    bloom = origin.bloom if origin.bloom in get_args(Bloom) else ""
    return msgspec.structs.replace(question, id=slug(origin.template, 80), bloom=bloom, tags=concepts)
