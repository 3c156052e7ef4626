"""Keys as QTI: the response that is declared, and the rules by which it gets its points and its feedback.

Numbers are compared with two bounds, one after the other, as players disagree about tolerances; lists of points are
mappings. Every rule stands behind the question whether there is a response at all: players differ in what comparing
nothing means.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import lru_cache

import msgspec

from grading.answersheet import PartKey
from grading.keys import (
    ChoiceKey,
    MatchingKey,
    MultipleAnswerKey,
    NumericKey,
    OrderingKey,
    Rival,
    TextKey,
)
from quizgen.exporters.accepted_numbers import accepted_numbers
from quizgen.exporters.accepted_texts import accepted_texts
from quizgen.exporters.qti.content import BRACES
from quizgen.exporters.qti.names import Version, identifier
from quizgen.exporters.qti.rules import constant, counter, is_there, mapped, put, put_constant, variable, when, within
from quizgen.exporters.rendering.decimals import decimal, to_digits, written
from quizgen.exporters.rendering.html import escaped
from quizgen.exporters.rendering.text import printable
from quizgen.exporters.rendering.wording import Wording

RESPONSE, SCORE, FEEDBACK = "RESPONSE", "SCORE", "FEEDBACK"
LEFT, RIGHT = "left-", "right-"
"""Before the ids of the two sides of a matching, as a player may compare pairs without their order."""

MISSED = "missed"
"""The identifier of what is said about a right option that was left out; its words are the id of the option."""


class Asked(msgspec.Struct, frozen=True):
    """One part of an item while it is written.

    suffix: of the names of its variables, "" in an item of one part. points: what it is worth. feedback: whether
    anything is said about answers. in_text: its field stands inside a sentence.
    """

    version: Version
    part_key: PartKey
    suffix: str
    points: Fraction
    words: Wording
    feedback: bool
    in_text: bool

    @property
    def response(self) -> str:
        return RESPONSE + self.suffix

    @property
    def score(self) -> str:
        return SCORE + self.suffix

    @property
    def places(self) -> str:
        """The variable that counts what stands at its place."""
        return "PLACES" + self.suffix

    @property
    def said(self) -> str:
        return FEEDBACK + self.suffix


class Rules(msgspec.Struct, frozen=True):
    """How one part is scored.

    declaration: of the response. rules: what happens after an answer. outcomes: (name, cardinality) of the variables
    that decide which feedback is shown. said: (variable, identifier, words of the author) shown below the question.
    counters: the declarations of what is counted with.
    """

    declaration: str
    rules: str = ""
    outcomes: tuple[tuple[str, str], ...] = ()
    said: tuple[tuple[str, str, str], ...] = ()
    counters: str = ""


def spoken_words(rivals: Sequence[Rival]) -> str:
    """What is said to a learner about known wrong answers, a line each: the title unless there is more to say."""
    if len(rivals) == 1:
        return rivals[0].feedback or rivals[0].title
    return "\n".join(dict.fromkeys(filter(None, (rival.feedback or rival.title for rival in rivals))))


def rules_of(asked: Asked) -> Rules:
    """The rules for a part; those of a text that a person marks only declare the response."""
    key = asked.part_key.key
    match key:
        case ChoiceKey():
            return _choice(asked, key)
        case MultipleAnswerKey():
            return _multiple_answer(asked, key)
        case NumericKey():
            return _number(asked, key)
        case TextKey():
            return _text(asked, key)
        case MatchingKey():
            return _matching(asked, key)
        case OrderingKey():
            return _ordering(asked, key)
    return Rules(_declaration(asked, "single", "string", ()))


# ---------------------------------------------------------------- pieces


def _answered(asked: Asked, rules: str, blank: str = "") -> str:
    """Rules for a response that is there, and for none."""
    v = asked.version
    return when(v, [(is_there(v, asked.response), rules)], blank) + "\n"


def _points(asked: Asked, share: Fraction) -> str:
    (worth, parts), (above, below) = asked.points.as_integer_ratio(), share.as_integer_ratio()
    return _decimal(worth * above, parts * below)


@lru_cache(maxsize=4096)
def _decimal(above: int, below: int) -> str:
    return written(*to_digits(above, below))


def _earn(asked: Asked, share: Fraction) -> str:
    return put_constant(asked.version, asked.score, "float", _points(asked, share))


def _map(asked: Asked) -> str:
    return mapped(asked.version, asked.response)


def _say(asked: Asked, name: str) -> str:
    return put_constant(asked.version, asked.said, "identifier", name)


def _declaration(
    asked: Asked,
    cardinality: str,
    base: str,
    right: Iterable[str],
    shares: Iterable[tuple[str, Fraction]] = (),
    bounds: tuple[Fraction | None, Fraction | None] = (None, None),
    case_sensitive: bool | None = None,
) -> str:
    """The declaration of a response.

    right: the right answers, and shares: what answers earn, as plain text. bounds: of the points, as shares.
    """
    v = asked.version
    correct = _correct_response(v, tuple(right))
    entries = "".join([_map_entry(v, key, _points(asked, share), case_sensitive) for key, share in shares])
    low, high = (None if bound is None else _points(asked, bound) for bound in bounds)
    mapping = v.element("mapping", entries, lowerBound=low, upperBound=high, defaultValue="0") if entries else ""
    return v.element(
        "responseDeclaration",
        correct + mapping,
        identifier=asked.response,
        cardinality=cardinality,
        baseType=base,
    )


@lru_cache(maxsize=1024)
def _correct_response(version: Version, right: tuple[str, ...]) -> str:
    values = "".join([version.element("value", escaped(text)) for text in right])
    return version.element("correctResponse", values) if values else ""


@lru_cache(maxsize=1024)
def _map_entry(version: Version, key: str, points: str, case_sensitive: bool | None) -> str:
    return version.element("mapEntry", mapKey=key, mappedValue=points, caseSensitive=case_sensitive)


# ---------------------------------------------------------------- kinds


def _choice(asked: Asked, key: ChoiceKey) -> Rules:
    v = asked.version
    shares = [(key.correct, Fraction(1)), *((rival.value, rival.credit) for rival in key.rivals if rival.credit)]
    declared = _declaration(
        asked, "single", "identifier", [identifier(key.correct)], [(identifier(id_), share) for id_, share in shares]
    )
    told = asked.feedback and any(spoken_words([rival]) for rival in key.rivals)
    rules = put(v, asked.score, _map(asked)) + (put(v, asked.said, variable(v, asked.response)) if told else "")
    said = [(identifier(rival.value), spoken_words([rival])) for rival in key.rivals if told and asked.in_text]
    return Rules(
        declared,
        _answered(asked, rules),
        ((asked.said, "single"),) if told else (),
        tuple((asked.said, name, words) for name, words in said if words),
    )


def _multiple_answer(asked: Asked, key: MultipleAnswerKey) -> Rules:
    v, right, count = asked.version, frozenset(key.correct), len(key.options)
    names = [identifier(id_) for id_ in key.correct]
    told = asked.feedback and any(spoken_words([rival]) for rival in key.rivals if rival.value not in right)
    rules, blank, outcomes, said = "", "", [(asked.said, "multiple")] if told else [], []
    if told:
        rules = put(v, asked.said, variable(v, asked.response))
    missed = [rival for rival in key.rivals if rival.value in right and spoken_words([rival])] if asked.feedback else []
    for number, rival in enumerate(missed, 1):
        name = f"MISSED{asked.suffix}_{number}"
        outcomes.append((name, "single"))
        said.append((name, MISSED, rival.value))
        chosen = v.element("member", constant(v, "identifier", identifier(rival.value)) + variable(v, asked.response))
        rules += when(v, [(v.element("not", chosen), put(v, name, constant(v, "identifier", MISSED)))])
    shares: list[tuple[str, Fraction]] = []
    bounds: tuple[Fraction | None, Fraction | None] = (None, None)
    if not right:
        blank = _earn(asked, Fraction(1))
    elif key.scoring == "all-or-nothing":
        same = v.element("match", variable(v, asked.response) + v.element("correct", identifier=asked.response))
        rules += when(v, [(same, _earn(asked, Fraction(1)))])
    elif key.scoring == "per-option":
        shares = [(id_, Fraction(1 if id_ in right else -1, count)) for id_ in key.options]
        start = constant(v, "float", _points(asked, Fraction(count - len(right), count)))
        rules += put(v, asked.score, v.element("sum", start + _map(asked)))
    else:
        shares = [(id_, Fraction(1 if id_ in right else -1, len(right))) for id_ in key.options]
        bounds = (Fraction(0), Fraction(1))
        rules += put(v, asked.score, _map(asked))
    entries = [(identifier(id_), share) for id_, share in shares]
    declared = _declaration(asked, "multiple", "identifier", names, entries, bounds)
    return Rules(declared, _answered(asked, rules, blank), tuple(outcomes), tuple(said))


def _number(asked: Asked, key: NumericKey) -> Rules:
    entries = accepted_numbers(key)
    known = asked.words.group("band:") if key.bands else {}
    cases: list[tuple[str, str]] = []
    said: dict[str, str] = {}
    for entry in entries:
        words = spoken_words(entry.rivals) or known.get(entry.band, "") if asked.feedback else ""
        rules = _earn(asked, entry.credit) if entry.credit else ""
        if words:
            rules += _say(asked, said.setdefault(words, f"answer-{len(said) + 1}"))
        cases.append((within(asked.version, asked.response, entry), rules or _earn(asked, Fraction(0))))
    while cases and not entries[len(cases) - 1].credit and not (asked.feedback and entries[len(cases) - 1].rivals):
        cases.pop()
    declared = _declaration(asked, "single", "float", [decimal(entries[0].middle)])
    return Rules(
        declared,
        _answered(asked, when(asked.version, cases)),
        ((asked.said, "single"),) if said else (),
        tuple((asked.said, name, words) for words, name in said.items()),
    )


def _text(asked: Asked, key: TextKey) -> Rules:
    v = asked.version
    texts = [(xml_line(text), credit, rival) for text, credit, rival in accepted_texts(key)]
    found: dict[str, list[str]] = {}
    for text, _, rival in texts:
        words = spoken_words([rival]) if rival and asked.feedback else ""
        if words and text and BRACES not in text:
            right = variable(v, asked.response) + constant(v, "string", escaped(text))
            found.setdefault(words, []).append(v.element("stringMatch", right, caseSensitive=key.case_sensitive))
    names = {words: f"answer-{number}" for number, words in enumerate(found, 1)}
    cases = [
        (v.element("or", "".join(same)) if len(same) > 1 else same[0], _say(asked, names[words]))
        for words, same in found.items()
    ]
    declared = _declaration(
        asked,
        "single",
        "string",
        [text for text, credit, _ in texts if text and credit == 1 and BRACES not in text][:1],
        [(text, credit) for text, credit, _ in texts if text and credit],
        case_sensitive=key.case_sensitive,
    )
    scored = put(v, asked.score, _map(asked)) if any(text and credit for text, credit, _ in texts) else ""
    return Rules(
        declared,
        _answered(asked, scored + when(v, cases)),
        ((asked.said, "single"),) if found else (),
        tuple((asked.said, name, words) for words, name in names.items()),
    )


def xml_line(text: str) -> str:
    """A text as it is compared: on one line, without what no XML file may hold."""
    return " ".join(printable(text).split())


def _matching(asked: Asked, key: MatchingKey) -> Rules:
    pairs = [f"{identifier(left, LEFT)} {identifier(right, RIGHT)}" for left, right in key.pairs]
    each = Fraction(1, max(1, len(pairs)))
    declared = _declaration(asked, "multiple", "directedPair", pairs, [(pair, each) for pair in pairs])
    return Rules(declared, _answered(asked, put(asked.version, asked.score, _map(asked))))


def _ordering(asked: Asked, key: OrderingKey) -> Rules:
    v = asked.version
    names = [identifier(id_) for id_ in key.order]
    if key.scoring == "all-or-nothing":
        same = v.element("match", variable(v, asked.response) + v.element("correct", identifier=asked.response))
        rules = when(v, [(same, _earn(asked, Fraction(1)))])
    else:
        more = put(v, asked.places, v.element("sum", variable(v, asked.places) + constant(v, "integer", "1")))
        rules = "".join(when(v, [(_stands_at(asked, place, name), more)]) for place, name in enumerate(names, 1))
        each = constant(v, "float", _points(asked, Fraction(1, max(1, len(names)))))
        rules += put(v, asked.score, v.element("product", variable(v, asked.places) + each))
    said: dict[str, str] = {}
    cases = []
    for rival in key.rivals if asked.feedback else ():
        words, order = spoken_words([rival]), [identifier(id_) for id_ in rival.value.split()]
        if words and sorted(order) == sorted(names):
            condition = "".join(_stands_at(asked, place, name) for place, name in enumerate(order, 1))
            said.setdefault(words, f"answer-{len(said) + 1}")
            cases.append((v.element("and", condition), _say(asked, said[words])))
    return Rules(
        _declaration(asked, "ordered", "identifier", names),
        _answered(asked, rules + when(v, cases)),
        ((asked.said, "single"),) if said else (),
        tuple((asked.said, name, words) for words, name in said.items()),
        _counters(asked, key, bool(cases)),
    )


def _stands_at(asked: Asked, place: int, name: str) -> str:
    v = asked.version
    found = v.element("index", variable(v, asked.response), n=_place(asked, place) if v.dashed else place)
    return v.element("match", found + constant(v, "identifier", name))


def _place(asked: Asked, place: int) -> str:
    """The variable that holds the number of a place: the certified player reads no number there, only a variable."""
    return f"PLACE{asked.suffix}_{place}"


def _counters(asked: Asked, key: OrderingKey, told: bool) -> str:
    """The declarations of what is counted with."""
    v, counted = asked.version, key.scoring == "per-position"
    places = range(1, len(key.order) + 1) if v.dashed and (counted or told) else ()
    names = [(asked.places, 0)] if counted else []
    return "".join(counter(v, name, start) for name, start in [*names, *((_place(asked, k), k) for k in places)])
