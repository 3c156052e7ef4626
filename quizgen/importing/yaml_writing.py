"""Templates as YAML: block style, the keys in the order of our own templates, one question a document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from quizgen.exporters.rendering.decimals import decimal
from quizgen.importing.contract import Data, Question, Wrong
from quizgen.importing.markdown import slug

WIDTH = 110
_FLOW = re.compile(r"[\w./]?[\w./+-]*(?: %)?")
"""What may stand between brackets and braces as it is."""
_SAFE = re.compile(r"[^\W_]|-(?=\d)|[(\\$/“„«¿¡+.^√−]")
_TOLD = re.compile(r": |:$| #|^\.\.\.|^---|^<<$|^=$|^[-?:] |^[-?:]$")


def template_text(question: Question, id_: str) -> str:
    """The YAML of a template.

    >>> from quizgen.findings import Place
    >>> print(template_text(Question(Place("q.xml"), "Sum", "numeric", "What is 1 + 1?", key=("2",)), "sum"), end="")
    template: sum
    kind: numeric
    stem: What is 1 + 1?
    key: 2
    """
    return mapping_text(template_data(question, id_))


def template_data(question: Question, id_: str) -> dict[str, Data]:
    """What the YAML of a template says."""
    data: dict[str, Data] = {"template": id_}
    if question.title and question.title != _title_of(id_):
        data["title"] = question.title
    data["kind"] = question.kind
    if question.bloom:
        data["bloom"] = question.bloom
    if question.tags:
        data["concepts"] = list(question.tags)
    data["stem"] = question.stem
    if question.parts:
        data["parts"] = {name: _part(part) for name, part in question.parts}
    else:
        data |= _answer(question)
    if question.points != 1:
        data["points"] = number(question.points)
    if question.hints:
        data["hints"] = list(question.hints)
    if question.solution:
        data["solution"] = question.solution
    return data


def _part(part: Question) -> dict[str, Data]:
    prompt: dict[str, Data] = {"prompt": part.stem} if part.stem else {}
    return {"kind": part.kind} | prompt | _answer(part)


def _title_of(id_: str) -> str:
    words = id_.replace("-", " ")
    return words[:1].upper() + words[1:]


def number(value: Fraction) -> str:
    """A number as authors write it: a decimal if it is a short one, else a fraction.

    >>> number(Fraction(3, 4)), number(Fraction(1, 3)), number(Fraction(-5))
    ('0.75', '1/3', '-5')
    """
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if value.denominator == 1:
        return str(value.numerator)
    short = decimal(value, 40)
    return short if rest == 1 and Fraction(short) == value else f"{value.numerator}/{value.denominator}"


def _answer(question: Question) -> dict[str, Data]:
    data: dict[str, Data] = {}
    settings = dict(question.settings)
    weight = {"weight": settings.pop("weight")} if "weight" in settings else {}
    match question.kind:
        case "matching":
            data["key"] = dict(question.pairs)
        case "multiple-answer":
            left_out = dict(question.left_out)
            data["key"] = [{left_out[text]: text} if text in left_out else text for text in question.key]
        case "ordering":
            data["key"] = list(question.key)
        case "essay":
            pass
        case "numeric" if settings:
            data["key"] = {"value": question.key[0], **settings}
            settings = {}
        case _:
            data["key"] = question.key[0]
    if question.accept:
        data["accept"] = list(question.accept)
    if question.wrong:
        named = question.kind in ("numeric", "short-answer")
        data["wrong"] = _named(question.wrong) if named else [_entry(wrong) for wrong in question.wrong]
    return data | settings | weight


def _entry(wrong: Wrong) -> Data:
    said: dict[str, Data] = {"text": wrong.text}
    if wrong.misconception:
        said["misconception"] = wrong.misconception
    if wrong.credit:
        said["credit"] = number(wrong.credit)
    if wrong.instead_of:
        said["instead_of"] = list(wrong.instead_of)
    if wrong.feedback:
        said["feedback"] = wrong.feedback
    if list(said) == ["text", "misconception"]:
        return {wrong.misconception: wrong.text}
    return said if len(said) > 1 else wrong.text


def _named(wrongs: tuple[Wrong, ...]) -> dict[str, Data]:
    """Wrong values by a name: that of the misconception (a list if it leads to several), or made of the text."""
    named: dict[str, list[Data]] = {}
    for place, wrong in enumerate(wrongs, 1):
        name = wrong.misconception or f"answer-{slug(wrong.text, 20) or place}"
        while name in named and not wrong.misconception:
            name = f"{name}-{place}"
        said: dict[str, Data] = {"value": wrong.text}
        if wrong.credit:
            said["credit"] = number(wrong.credit)
        if wrong.feedback:
            said["feedback"] = wrong.feedback
        named.setdefault(name, []).append(said if len(said) > 1 else wrong.text)
    return {name: entries[0] if len(entries) == 1 else entries for name, entries in named.items()}


# ---------------------------------------------------------------- YAML


def mapping_text(data: dict[str, Data]) -> str:
    """A mapping as YAML in block style; reads back as exactly this data.

    >>> print(mapping_text({"a": "x: y", "b": ["1", {"c": "two" + chr(10) + "lines"}], "d": {}}), end="")
    a: 'x: y'
    b:
      - 1
      - c: |-
          two
          lines
    d: {}
    """
    return "".join(line + "\n" for line in _mapping(data, 0))


def _mapping(data: dict[str, Data], depth: int) -> Iterator[str]:
    pad = "  " * depth
    for key, value in data.items():
        yield from _placed(f"{pad}{_key(key, pad)}:", value, depth)


def _placed(head: str, value: Data, depth: int) -> Iterator[str]:
    """A value behind its head, or below it."""
    if isinstance(value, str):
        first, *more = _scalar(value, len(head) + 1)
        yield f"{head} {first}"
        yield from ("  " * (depth + 1) + line if line else "" for line in more)
    elif (short := _flow(value)) and len(head) + len(short) < WIDTH:
        yield f"{head} {short}"
    elif isinstance(value, dict):
        yield head
        yield from _mapping(value, depth + 1)
    else:
        yield head
        for entry in value:
            yield from _entry_lines(entry, depth + 1)


def _flow(value: Data) -> str:
    """A list or mapping of short words and numbers on one line; "" if it holds anything else."""
    if isinstance(value, list):
        texts = [entry for entry in value if isinstance(entry, str) and _FLOW.fullmatch(entry)]
        return f"[{', '.join(texts)}]" if len(texts) == len(value) else ""
    if isinstance(value, dict):
        shown = {key: entry if isinstance(entry, str) else _flow(entry) for key, entry in value.items()}
        fits = all(_FLOW.fullmatch(key) for key in shown) and all(
            text and (isinstance(value[key], dict) or _FLOW.fullmatch(text)) for key, text in shown.items()
        )
        return "{" + ", ".join(f"{key}: {text}" for key, text in shown.items()) + "}" if fits else ""
    return ""


def _entry_lines(entry: Data, depth: int) -> Iterator[str]:
    pad = "  " * depth
    if isinstance(entry, dict) and not _flow(entry):
        lines = list(_mapping(entry, depth + 1))
        yield pad + "- " + lines[0][len(pad) + 2 :]
        yield from lines[1:]
    else:
        yield from _placed(pad + "-", entry, depth)


def _key(text: str, pad: str) -> str:
    """A key; YAML wants a question mark in front of one that is longer than a thousand characters."""
    shown = next(_scalar(text, WIDTH, flat=True))
    return shown if len(shown) < 900 else f"? {shown}\n{pad}"


def _scalar(text: str, used: int, flat: bool = False) -> Iterator[str]:
    """The lines of a text: plain, quoted, or a block of lines."""
    lines = text.split("\n")
    if len(lines) > 1 and not text.strip():
        yield '"' + text.replace("\n", "\\n") + '"'
    elif len(lines) > 1 and not flat:
        indent = "2" if lines[0][:1] in (" ", "") else ""
        ends = len(text) - len(text.rstrip("\n"))
        yield "|" + indent + ("-" if not ends else "" if ends == 1 else "+")
        yield from lines[: -1 if ends else None]
    elif not flat and len(text) + used > WIDTH + 10 and _folds(text):
        yield ">-"
        yield from _wrapped(text)
    elif _SAFE.match(text) and not _TOLD.search(text) and text == text.strip() and "\t" not in text:
        yield text
    else:
        yield "'" + text.replace("'", "''") + "'"


def _folds(text: str) -> bool:
    return text == text.strip() and "  " not in text and "\t" not in text and " " in text


def _wrapped(text: str) -> Iterator[str]:
    line = ""
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > WIDTH:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield line
