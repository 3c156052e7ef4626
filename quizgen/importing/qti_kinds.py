"""The kinds of questions that items of QTI carry, one function each."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import msgspec

from quizgen.findings import Place
from quizgen.importing import known_answers
from quizgen.importing.choices import Option, multiple_answer, single_choice
from quizgen.importing.contract import Data, NotCarried, Notes, Question, Wrong
from quizgen.importing.html_text import element_line
from quizgen.importing.markdown import escaped_text
from quizgen.importing.number_answers import NumberAnswer, number_key
from quizgen.importing.qti_own import Own, number_answers, orders, rubric_settings, wordings
from quizgen.importing.qti_scoring import Keys, numeric_range
from quizgen.importing.qti_tree import children, descendants, first
from quizgen.importing.shares import exact_number, share
from quizgen.importing.text_answers import TextAnswer, word_key
from quizgen.importing.yaml_writing import number

_TRUE = {"true", "richtig", "wahr", "vrai", "verdadero", "t"}
_FALSE = {"false", "falsch", "faux", "falso", "f"}


class Reading(msgspec.Struct, frozen=True):
    """One item while it is read.

    body: what the interaction is taken out of. own: what is in it beside the question, if we wrote it.
    """

    place: Place
    name: str
    root: Any
    body: Any
    interaction: Any
    keys: Keys
    notes: Notes
    own: Own | None = None

    def heard(self, element: Any) -> tuple[str, str]:
        """(feedback, misconception)."""
        return self.own.heard(element, self.notes) if self.own else (element_line(element, self.notes), "")


def _choices(item: Reading, kind: str) -> dict[str, str]:
    """The options of an interaction by identifier, with feedback taken out of them."""
    found: dict[str, str] = {}
    for choice in list(descendants(item.interaction, kind)):
        for inner in list(descendants(choice, "feedbackInline")):
            item.keys.inline.setdefault(choice.get("identifier") or "", item.heard(inner))
            _cut(inner)
        found[choice.get("identifier") or ""] = element_line(choice, item.notes)
    return found


def _cut(element: Any) -> None:
    """Takes an element out and leaves the text behind it."""
    parent, before, tail = element.getparent(), element.getprevious(), element.tail or ""
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


def _choice(item: Reading) -> Question:
    texts, keys = _choices(item, "simpleChoice"), item.keys
    most = item.interaction.get("maxChoices") or item.interaction.get("max-choices") or "1"
    single = keys.cardinality == "single" or (most == "1" and len(keys.correct) == 1)
    best = max((value for _, value in keys.mapping), default=Fraction(0))
    mapped = dict(keys.mapping)
    options = []
    for id_, text in texts.items():
        earned = Fraction(id_ in keys.correct)
        if mapped:
            earned = share(mapped.get(id_, keys.default) / best) if best > 0 else Fraction(0)
        options.append(Option(text, earned, *keys.inline.get(id_, ("", ""))))
    if single and item.own and set(texts) == {"true", "false"}:
        return _own_truth(item, dict(zip(texts, options, strict=True)))
    if single:
        if (truth := _truth(options)) and not any(0 < option.share < 1 or option.feedback for option in options):
            return Question(item.place, item.name, "true-false", "", (truth,))
        return single_choice(item.place, item.name, options, item.notes)
    several = _several(options, texts, item)
    question = multiple_answer(item.place, item.name, several, item.notes, own=item.own is not None)
    return _with_own_rules(item, question, texts) if item.own else question


def _own_truth(item: Reading, options: dict[str, Option]) -> Question:
    """A question of ours that asks whether something is true."""
    right = next((word for word, option in options.items() if option.share == 1), "")
    settings: tuple[tuple[str, Data], ...] = ()
    for word, option in options.items():
        if 0 < option.share < 1:
            return single_choice(item.place, item.name, list(options.values()), item.notes)
        if option.misconception:
            settings = (("wrong", option.misconception),)
        elif option.feedback:
            item.notes(f"what is said about the answer {word} is left out")
    return Question(item.place, item.name, "true-false", "", (right,), settings=settings)


def _with_own_rules(item: Reading, question: Question, texts: dict[str, str]) -> Question:
    """Multiple answers of ours, with their scoring and what is said about right options that are left out."""
    assert item.own is not None
    left_out = []
    for id_, element in item.own.left_out:
        _, belief = item.own.heard(element, item.notes)
        if belief and texts.get(id_) in question.key:
            left_out.append((texts[id_], belief))
        else:
            item.notes("what is said about leaving out a right option is left out")
    settings = (("scoring", "per-option"),) if _counts_decisions(item) else question.settings
    return msgspec.structs.replace(question, left_out=tuple(left_out), settings=settings)


def _counts_decisions(item: Reading) -> bool:
    """Whether every option counts alike, chosen or not: a sum of what is mapped and of the wrong options."""
    return any(first(rule, "mapResponse") is not None for rule in descendants(item.root, "sum"))


def _truth(options: list[Option]) -> str:
    """Whether two options are the words for true and false, and which is right."""
    words = {option.text.strip().lower(): option for option in options}
    for word, option in words.items():
        others = [other for other in words if other != word]
        if len(others) == 1 and word in _TRUE and others[0] in _FALSE:
            return "true" if option.share == 1 else "false" if words[others[0]].share == 1 else ""
    return ""


def _several(options: list[Option], texts: dict[str, str], item: Reading) -> list[Option]:
    """Options of which each right one counts alike, with the shares that they have of the whole."""
    keys = item.keys
    right = [texts[id_] for id_ in keys.correct if id_ in texts] or [o.text for o in options if o.share > 0]
    each = Fraction(1, max(1, len(right)))
    if not keys.mapping and item.own:
        return [msgspec.structs.replace(o, share=each if o.text in right else Fraction(-1)) for o in options]
    if not keys.mapping:
        item.notes("all of the right options are needed there; here each counts")
        return [msgspec.structs.replace(o, share=each if o.text in right else -each) for o in options]
    mapped = dict(keys.mapping)
    if item.own and _counts_decisions(item):
        return [msgspec.structs.replace(o, share=each if o.text in right else -each) for o in options]
    total = sum(
        (mapped.get(id_, keys.default) for id_, text in texts.items() if text in right), Fraction(0)
    ) or Fraction(1)
    if keys.upper is not None and 0 < keys.upper < total:
        total = keys.upper
    return [
        msgspec.structs.replace(option, share=share(mapped.get(id_, keys.default) / total))
        for id_, option in zip(texts, options, strict=True)
    ]


def _entry(item: Reading) -> Question:
    keys = item.keys
    if item.own:
        return _own_entry(item, item.own)
    bounds = numeric_range(item.root, item.notes)
    if bounds is not None or (keys.base in ("float", "integer") and keys.correct):
        middle, radius = bounds or (_number(keys.correct[0]), Fraction(0))
        answers = [NumberAnswer(middle, radius, Fraction(1))]
        for value, earned in keys.shares:
            written = exact_number(value)
            if written is not None and earned < 1:
                answers.append(NumberAnswer(written, radius, earned))
        key = number_key(answers, item.notes)
        return Question(item.place, item.name, "numeric", "", (key.value,), key.wrong, settings=key.settings)
    found = dict(keys.shares)
    for text in keys.correct:
        found.setdefault(text, Fraction(1))
    texts = [TextAnswer(text.replace("*", r"\*"), earned) for text, earned in found.items()]
    words = word_key(texts, keys.case_sensitive, item.notes)
    return Question(
        item.place, item.name, "short-answer", "", (words.key,), words.wrong, words.accept, settings=words.settings
    )


def _own_entry(item: Reading, own: Own) -> Question:
    """A number or a short text of ours, with what is said about wrong ones."""
    keys = item.keys
    if keys.base == "float":
        key = number_key(number_answers(item.root, own, keys.most, item.notes), item.notes)
        settings = (*key.settings, *((("unit", own.unit),) if own.unit else ()))
        return Question(item.place, item.name, "numeric", "", (key.value,), key.wrong, settings=settings)
    heard = wordings(item.root, own, item.notes)
    earned = dict(keys.shares) | {text: Fraction(0) for text in heard if text not in dict(keys.shares)}
    answers = [
        TextAnswer(text.replace("*", r"\*"), points, *heard.get(text, ("", ""))) for text, points in earned.items()
    ]
    words = word_key(answers, keys.case_sensitive, item.notes)
    return Question(
        item.place, item.name, "short-answer", "", (words.key,), words.wrong, words.accept, settings=words.settings
    )


def _number(text: str) -> Fraction:
    value = exact_number(text)
    if value is None:
        raise NotCarried(f"“{text[:30]}” is not a number", broken=True)
    return value


def _match(item: Reading) -> Question:
    sets = list(children(item.interaction, "simpleMatchSet"))
    if len(sets) != 2:
        raise NotCarried("a matching has two sets", broken=True)
    left, right = (
        {c.get("identifier") or "": element_line(c, item.notes) for c in descendants(part, "simpleAssociableChoice")}
        for part in sets
    )
    pairs = [tuple(pair.split()) for pair in item.keys.correct]
    if any(len(pair) != 2 or pair[0] not in left or pair[1] not in right for pair in pairs) or len(pairs) < 2:
        raise NotCarried("the right pairs are not pairs of the two sets, or fewer than two", broken=True)
    lefts, rights = {a for a, _ in pairs}, {b for _, b in pairs}
    if len(lefts) < len(pairs) or len(rights) < len(pairs):
        raise NotCarried("two left sides have the same answer, or one has two; our pairs are one to one")
    if set(left) - lefts:
        raise NotCarried("a left side has no answer")
    if len({value for _, value in item.keys.mapping if value > 0}) > 1:
        item.notes("right pairs have different shares there; here each counts alike")
    wrong = tuple(Wrong(text) for id_, text in right.items() if id_ not in rights)
    both = tuple((left[a], right[b]) for a, b in pairs)
    question = Question(item.place, item.name, "matching", "", wrong=wrong, pairs=both)
    if item.own:
        return known_answers.with_pairs(question, *item.own.listed(list(item.own.known), item.notes), item.notes)
    return question


def _order(item: Reading) -> Question:
    texts = _choices(item, "simpleChoice")
    order = [texts[id_] for id_ in item.keys.correct if id_ in texts]
    if len(order) < 2 or len(order) < len(texts):
        raise NotCarried("the right order does not name every entry", broken=True)
    settings: tuple[tuple[str, Data], ...] = (("scoring", "all-or-nothing"),) if not _by_place(item) else ()
    question = Question(item.place, item.name, "ordering", "", tuple(order), settings=settings)
    if item.own:
        listed = item.own.listed(orders(item.root, item.own, texts), item.notes)
        return known_answers.with_orders(question, *listed, item.notes)
    return question


def _by_place(item: Reading) -> bool:
    """Whether each entry at its place earns points."""
    if item.own:
        return any(True for rule in descendants(item.root, "product") if first(rule, "variable") is not None)
    return bool(item.keys.mapping)


def _essay(item: Reading) -> Question:
    if item.own and (settings := rubric_settings(item.own, item.notes)):
        return Question(item.place, item.name, "essay", "", settings=settings)
    if item.keys.correct and item.keys.base == "string" and not _lines(item.interaction):
        return _entry(item)
    item.notes("there is no rubric; a line of it was made up")
    points = number(item.keys.most if item.keys.most > 0 else Fraction(1))
    rubric: list[Data] = [{"points": points, "text": escaped_text("Answers the question.")}]
    return Question(item.place, item.name, "essay", "", settings=(("rubric", rubric),))


def _lines(interaction: Any) -> bool:
    return (interaction.get("expectedLines") or interaction.get("expected-lines") or "1") not in ("0", "1")


READ = {
    "choiceInteraction": _choice,
    "textEntryInteraction": _entry,
    "matchInteraction": _match,
    "orderInteraction": _order,
    "extendedTextInteraction": _essay,
}
