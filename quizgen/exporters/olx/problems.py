"""One item as one ``<problem>``: a response for each field, hints on demand, the worked solution.

Every field counts one point before Open edX scales their sum to what the problem is worth.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import count

import msgspec

from grading.answersheet import PartKey
from grading.keys import (
    ChoiceKey,
    MatchingKey,
    MultipleAnswerKey,
    NumericKey,
    OrderingKey,
    Rival,
    SymbolicKey,
    TextKey,
)
from quizgen.content import Formula
from quizgen.exporters.accepted_texts import accepted_texts
from quizgen.exporters.olx.formulas import Sampled, sampled
from quizgen.exporters.olx.markup import (
    DIALECT,
    answer_element,
    element,
    line,
    olx_dialect,
    olx_text,
    phrase_html,
    read_twice,
)
from quizgen.exporters.olx.numbers import comparison
from quizgen.exporters.rendering.decimals import decimal
from quizgen.exporters.rendering.fields import field_instructions, named_answer
from quizgen.exporters.rendering.gaps import gaps
from quizgen.exporters.rendering.html import block_html, escaped, inline_html
from quizgen.exporters.rendering.text import inline_text
from quizgen.exporters.rendering.wording import Wording
from quizgen.exporters.told_answers import letter
from quizgen.model import Item, MatchingInteraction, Option, Part, WorkedKey

_ALL = Fraction(1)

LONGEST_ENTRY = 80
"""Characters of an entry of a drop-down; longer ones stand above it, and it offers their letters."""

_MISREAD = re.compile(r"\$|&#39;|\\$")
"""What an entry must not hold: a value may take its place, or Open edX takes it for a quotation mark, such as a
backslash before the one that ends the entry, and offers other entries than it marks."""


class Written(msgspec.Struct, frozen=True):
    """An item to write. feedback: whether anything is said about answers. code: print the code below the stem."""

    item: Item
    key: WorkedKey
    points: Fraction
    words: Wording
    feedback: bool = True
    code: bool = True


def problem_xml(written: Written) -> str:
    """The ``<problem>``; the file of its own."""
    item = written.item
    settings: dict[str, object] = {} if written.feedback else {"max_attempts": 1, "show_correctness": "never"}
    origin = f"\n<!-- {escaped(_origin(item)).replace('--', '- -')} -->\n"
    return element(
        "problem",
        origin + element("div", _body(written), lang=item.language) + _afterwards(written),
        display_name=f"{item.code} {item.title}",
        weight=decimal(written.points, 12),
        rerandomize="never",
        showanswer="attempted" if written.feedback else "never",
        **settings,
    )


def _origin(item: Item) -> str:
    return f"{item.code} · {item.id} · {item.revision[:16]}"


def _body(written: Written) -> str:
    item = written.item
    keys = {part_key.id: part_key for part_key in written.key.parts}
    numbers = {part: place for place, part in enumerate(dict.fromkeys(gaps(item.stem)), 1)}
    stem = "\n" + block_html(item.stem, olx_dialect(numbers)) + "\n"
    code = f"<p><small>{olx_text(item.code)}</small></p>\n" if written.code else ""
    several = len(item.parts) > 1
    fields = []
    for place, part in enumerate(item.parts, 1):
        label = ""
        if part.id in numbers:
            label = written.words("page:gap", number=numbers[part.id])
        elif several:
            label = written.words("part", number=place)
            fields.append(f"<h4>{olx_text(label)}</h4>\n")
        prompt = block_html(part.prompt, DIALECT)
        fields.append((prompt + "\n" if prompt else "") + field_xml(written, part, keys[part.id], label))
    return stem + code + "".join(fields)


def _afterwards(written: Written) -> str:
    """The solution and the hints, where the questions may be practised with."""
    if not written.feedback:
        return ""
    item, key, words = written.item, written.key, written.words
    known = "".join(
        f"<li>{olx_text(named_answer(rival, part_key, words))} {said}</li>"
        for rival, part_key in untold(item, key)
        if (said := rival_html(rival, item.language))
    )
    worked = f"<p>{olx_text(words('solution'))}</p>\n{block_html(key.solution, DIALECT)}\n" if key.solution else ""
    mistakes = f"<p>{olx_text(words('known-answers'))}</p>\n<ul>{known}</ul>\n" if known else ""
    solution = f"{worked}{mistakes}<p><small>{olx_text(_origin(item))}</small></p>"
    hints = "".join(element("hint", phrase_html(hint, item.language)) for hint in key.hints)
    return element("solution", element("div", solution, class_="detailed-solution", lang=item.language)) + (
        element("demandhint", "\n" + hints) if hints else ""
    )


def untold(item: Item, key: WorkedKey) -> Iterator[tuple[Rival, PartKey]]:
    """Known wrong answers of which Open edX can say nothing when they are given."""
    for part, part_key in zip(item.parts, key.parts, strict=True):
        if isinstance(part_key.key, NumericKey | OrderingKey):
            yield from ((rival, part_key) for rival in part_key.key.rivals)
        elif isinstance(part_key.key, MatchingKey):
            lefts = {option.id for option in getattr(part.interaction, "left", ())}
            yield from (
                (rival, part_key) for rival in part_key.key.rivals if rival.value.partition("=")[0] not in lefts
            )


def rival_html(rival: Rival, language: str) -> str:
    """What is said to a learner: the title is for teachers unless it is all."""
    return phrase_html(rival.feedback or rival.title, language)


def field_xml(written: Written, part: Part, part_key: PartKey, label: str) -> str:
    """The responses of one part. label: what the field is called; "" for its usual name."""
    key, words = part_key.key, written.words
    match key:
        case ChoiceKey():
            return _choice(written, part, key, label or words("page:choose-one"))
        case MultipleAnswerKey():
            return _choices(written, part, key, label or words("page:choose-several"))
        case NumericKey():
            return _number(written, part, key, label or words("page:number"))
        case TextKey():
            return _text(written, key, label or words("page:tokens" if key.comparison == "tokens" else "page:text"))
        case SymbolicKey() if (asked := sampled(key)) is not None:
            return _formula(written, asked, label or words("page:formula"))
        case MatchingKey():
            return _matching(written, part, key)
        case OrderingKey():
            return _ordering(written, part, key)
    raise TypeError(f"no response can hold {key!r}")


def _label(text: str) -> str:
    return element("label", read_twice(olx_text(text)))


def _choice(written: Written, part: Part, key: ChoiceKey, label: str) -> str:
    options: tuple[Option, ...] = getattr(part.interaction, "options", ())
    rivals = {rival.value: rival for rival in key.rivals}
    language = written.item.language
    said = {
        id_: rival_html(rival, language) for id_, rival in rivals.items() if written.feedback and id_ != key.correct
    }
    shares = {id_: rival.credit for id_, rival in rivals.items() if rival.credit} | {key.correct: _ALL}
    partly = any(rival.credit and 0 < rival.credit < 1 for rival in key.rivals)
    choices = ""
    for place, option in enumerate(options):
        credit = shares.get(option.id)
        shared = credit is not None and 0 < credit < 1
        choices += element(
            "choice",
            read_twice(inline_html(option.content, DIALECT)),
            correct="partial" if shared else credit is not None and credit >= 1,
            point_value=decimal(credit, 17) if credit is not None and shared else None,
            **({"explanation-id": f"option-{place}"} if said.get(option.id) else {}),
        )
    shuffle = True if getattr(part.interaction, "shuffle", False) else None
    group = element("choicegroup", "\n" + choices, type="MultipleChoice", shuffle=shuffle)
    told = {"targeted-feedback": ""} if any(said.values()) else {}
    response = element(
        "multiplechoiceresponse", "\n" + _label(label) + group, partial_credit="points" if partly else None, **told
    )
    return response + _targeted(options, said) if told else response


def _targeted(options: tuple[Option, ...], said: dict[str, str]) -> str:
    """What is said of each option when it was chosen; it has to follow the response.

    Options are told apart by their place: the page of a learner must not hold their ids, which say what is right.
    """
    feedback = "".join(
        element(
            "targetedfeedback",
            element("div", f"<p>{said[option.id]}</p>", class_="detailed-targeted-feedback"),
            **{"explanation-id": f"option-{place}"},
        )
        for place, option in enumerate(options)
        if said.get(option.id)
    )
    return element("targetedfeedbackset", "\n" + feedback)


def scheme(key: MultipleAnswerKey) -> tuple[str, bool]:
    """How Open edX gives part of the points for some of the right options, and whether that is what the key says.

    >>> scheme(MultipleAnswerKey(("a", "b"), ("a", "b", "c"))), scheme(MultipleAnswerKey(("a",), ("a", "b")))
    (('halves', True), ('', True))
    """
    right, all_ = len(key.correct), len(key.options)
    if key.scoring == "all-or-nothing":
        return "", right > 0
    if key.scoring == "per-option":
        return "EDC", False
    if right == all_ and 100 % right == 0:
        return ("EDC", True) if right > 1 else ("", True)
    return ("halves", right == 2 and all_ in (3, 4)) if right > 1 else ("", right == 1)


def _choices(written: Written, part: Part, key: MultipleAnswerKey, label: str) -> str:
    options: tuple[Option, ...] = getattr(part.interaction, "options", ())
    language = written.item.language
    said = {rival.value: rival_html(rival, language) for rival in key.rivals} if written.feedback else {}
    choices = ""
    for option in options:
        right = option.id in key.correct
        hint = element("choicehint", said[option.id], selected=not right) if said.get(option.id) else ""
        choices += element("choice", read_twice(inline_html(option.content, DIALECT)) + hint, correct=right)
    group = element("checkboxgroup", "\n" + choices)
    return element("choiceresponse", "\n" + _label(label) + group, partial_credit=scheme(key)[0] or None)


def _number(written: Written, part: Part, key: NumericKey, label: str) -> str:
    asked = comparison(key)
    styles = [name for name, there in (("list", asked.half), ("close", asked.wider)) if there]
    inner = _label(label) + _described(field_instructions(part.interaction, written.words))
    inner += element("responseparam", "", type="tolerance", default=asked.tolerance)
    if asked.wider:
        inner += element("responseparam", "", partial_range=asked.wider)
    if asked.half:
        inner += element("responseparam", "", partial_answers=",".join(asked.half))
    inner += "".join([answer_element("additional_answer", number) for number in asked.further])
    inner += element("textline", "", size=20, trailing_text=_unread(getattr(part.interaction, "unit", "")) or None)
    return element("numericalresponse", "\n" + inner, answer=asked.answer, partial_credit=",".join(styles) or None)


def _unread(text: str) -> str:
    """A text for an attribute that is shown: Open edX would put a value in the place of ``$seed``."""
    return text.replace("$", "＄") if "$" in text else text


def _described(text: str) -> str:
    return element("description", read_twice(olx_text(text))) if text else ""


def _text(written: Written, key: TextKey, label: str) -> str:
    inner, right = "", ""
    for spelling, credit, rival in accepted_texts(key):
        answer = line(spelling)
        full = rival is None or credit == 1
        if full and not right:
            right = answer
        elif full and answer:
            inner += answer_element("additional_answer", answer)
        elif written.feedback and rival is not None and answer and (said := rival_html(rival, written.item.language)):
            inner += answer_element("stringequalhint", answer, said)
    field = element("textline", "", size=60 if key.comparison == "tokens" else 30)
    kind = "cs" if key.case_sensitive else "ci"
    return element("stringresponse", "\n" + _label(label) + inner + field, answer=right, type=kind)


def _formula(written: Written, asked: Sampled, label: str) -> str:
    names = ", ".join(dict.fromkeys(name for name, _ in asked.names if "{" not in name))
    inner = _label(label) + _described(written.words("olx:formula", names=names))
    inner += element("responseparam", "", type="tolerance", default=asked.tolerance)
    inner += element("formulaequationinput", "", size=60)
    # Of several that fit Open edX shows the last.
    ordered = sorted(asked.known, key=lambda known: -len(known.rival.misconceptions)) if written.feedback else []
    told = [(known, rival_html(known.rival, written.item.language)) for known in ordered]
    hints = parts = ""
    for place, (known, said) in enumerate(told, 1):
        if said:
            hints += element("formulahint", "", samples=asked.samples, answer=known.typed, name=f"known{place}")
            parts += element("hintpart", element("text", escaped(f"<p>{said}</p>")), on=f"known{place}")
    inner += element("hintgroup", "\n" + hints + parts) if hints else ""
    return element(
        "formularesponse", "\n" + inner, answer=asked.typed, samples=asked.samples, type="cs" if asked.case else "ci"
    )


def entries(options: tuple[Option, ...]) -> tuple[dict[str, str], bool]:
    """What a drop-down offers for each option, and whether that is their text; else letters, and the texts above it.

    >>> entries((Option("a", ()), Option("b", ())))
    ({'a': 'A', 'b': 'B'}, False)
    """
    texts = {option.id: line(inline_text(option.content)).replace("'", "’") for option in options}
    plain = not any(isinstance(piece, Formula) for option in options for piece in option.content)
    short = all(0 < len(text) <= LONGEST_ENTRY and not _MISREAD.search(text) for text in texts.values())
    if plain and short and len(set(texts.values())) == len(options):
        return texts, True
    return {option.id: letter(place) for place, option in enumerate(options)}, False


def _drop_down(label: str, offered: dict[str, str], correct: str, said: dict[str, str]) -> str:
    options = "".join(
        element(
            "option",
            escaped(text) + (element("optionhint", said[id_]) if said.get(id_) else ""),
            correct=id_ == correct,
        )
        for id_, text in offered.items()
    )
    return element(
        "optionresponse", "\n" + element("label", read_twice(label)) + element("optioninput", "\n" + options)
    )


def _matching(written: Written, part: Part, key: MatchingKey) -> str:
    assert isinstance(part.interaction, MatchingInteraction)
    offered, as_text = entries(part.interaction.right)
    right_of = dict(key.pairs)
    said: dict[str, dict[str, str]] = {}
    for rival in key.rivals if written.feedback else ():
        left, _, right = rival.value.partition("=")
        said.setdefault(left, {})[right] = rival_html(rival, written.item.language)
    legend = "" if as_text else _legend(part.interaction.right, offered)
    return legend + "".join(
        _drop_down(inline_html(left.content, DIALECT), offered, right_of.get(left.id, ""), said.get(left.id, {}))
        for left in part.interaction.left
    )


def _legend(options: tuple[Option, ...], letters: dict[str, str]) -> str:
    shown = "".join(
        f"<li><strong>{letters[option.id]}</strong> {inline_html(option.content, DIALECT)}</li>\n" for option in options
    )
    return element("ul", "\n" + shown, style="list-style: none")


def _ordering(written: Written, part: Part, key: OrderingKey) -> str:
    shown: tuple[Option, ...] = getattr(part.interaction, "entries", ())
    places = {id_: str(place) for place, id_ in zip(count(1), key.order, strict=False)}
    offered = {place: place for place in places.values()}
    asked = f"<p><em>{olx_text(written.words('olx:places'))}</em></p>\n"
    return asked + "".join(
        _drop_down(inline_html(entry.content, DIALECT), offered, places[entry.id], {}) for entry in shown
    )


def fields_of(part: Part, part_key: PartKey) -> int:
    """How many points Open edX counts a part, before it scales them."""
    if isinstance(part_key.key, MatchingKey):
        return len(part_key.key.pairs)
    return len(part_key.key.order) if isinstance(part_key.key, OrderingKey) else 1
