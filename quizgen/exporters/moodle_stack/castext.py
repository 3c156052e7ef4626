r"""The one place where HTML becomes CASText, and where the texts of a pool become one text with holes.

CASText gives a meaning to ``{@ … @}``, ``{# … #}``, ``[[ … ]]`` and dollar signs; they are written as HTML entities,
which mean nothing to STACK and the same to a browser. What differs between the items of a pool stands in the table of
the question, and a hole ``{@quizitem…@}`` in its place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

_SIGNS = re.compile(r"[$@]|\[{2,}|\]{2,}|\{(?=#)|(?<=#)\}|/(?=\*)|(?<=\*)/")
_MEANT = ("$", "@", "[[", "]]", "{#", "#}", "/*", "*/")
"""One of these stands in every text with such signs; looking for them is quicker than the pattern."""

_TOKEN = re.compile(r"\\\(.*?\\\)|\\\[.*?\\\]|<[^>]*>|&[^;\s]*;|\s+|\w+(?:[.,-]\w+)*|.", re.DOTALL)
_TAG = re.compile("(<[^>]*>)")

MARK = "\x00"
"""Around the number of an input until the text is CASText: no text of an item holds this character."""


def castext(html: str) -> str:
    """HTML in which nothing is taken for CASText.

    >>> castext("{@x@} {#y#} [[input:ans1]] $5 &#36;")
    '{&#64;x&#64;} &#123;#y#&#125; &#91;&#91;input:ans1&#93;&#93; &#36;5 &#36;'
    """
    if not any(sign in html for sign in _MEANT):
        return html
    return _SIGNS.sub(lambda match: "".join(f"&#{ord(letter)};" for letter in match[0]), html)


def marked(number: int) -> str:
    """The place of an input in HTML that is not CASText yet; see `with_inputs`."""
    return f"{MARK}{number}{MARK}"


Hole = Callable[[tuple[str, ...]], str]
"""Keeps the texts of a hole in the table, one for each item, and gives the CASText that shows the right one."""


def shared(texts: Sequence[str], hole: Hole) -> str:
    """One CASText that reads as each of these HTML texts for its item; inputs stand where they are marked.

    >>> kept = []
    >>> def hole(column):
    ...     kept.append(column)
    ...     return "{@x@}"
    >>> shared(["<p>In the sun</p>", "<p>In a shop</p>"], hole), kept
    ('<p>In {@x@}</p>', [('the sun', 'a shop')])
    """
    first = texts[0]
    if MARK not in first:
        return _shared(list(map(castext, texts)), hole) if not _same(texts) else castext(first)
    split = [text.split(MARK) for text in texts]
    written = []
    for place, column in enumerate(zip(*split, strict=True)):
        written.append(_input(column[0]) if place % 2 else shared(column, hole))
    return "".join(written)


def _same(texts: Sequence[str]) -> bool:
    return texts.count(texts[0]) == len(texts)


def _input(number: str) -> str:
    return f"[[input:ans{number}]] [[validation:ans{number}]]"


def _shared(texts: Sequence[str], hole: Hole) -> str:
    lines = [text.split("\n") for text in texts]
    if len(lines[0]) > 1 and all(len(line) == len(lines[0]) for line in lines):
        return "\n".join(column[0] if _same(column) else _line(column, hole) for column in zip(*lines, strict=True))
    return _line(texts, hole)


def _line(texts: Sequence[str], hole: Hole) -> str:
    """Between the same tags each text by itself."""
    split = [_TAG.split(text) for text in texts]
    if len(split[0]) > 1 and all(one[1::2] == split[0][1::2] for one in split):
        return "".join(column[0] if _same(column) else _words(column, hole) for column in zip(*split, strict=True))
    return _words(texts, hole)


def _words(texts: Sequence[str], hole: Hole) -> str:
    """Words, tags and formulas that are the same everywhere stay; each run of others becomes a hole."""
    tokens = [_TOKEN.findall(text) for text in texts]
    if any(len(one) != len(tokens[0]) for one in tokens):
        return _ends(tokens, hole)
    written: list[str] = []
    run: list[tuple[str, ...]] = []
    for column in zip(*tokens, strict=True):
        if _same(column) and not (run and column[0].isspace()):
            written += [*_hole(run, hole), column[0]]
            run = []
        else:
            run.append(column)
    return "".join([*written, *_hole(run, hole)])


def _hole(run: list[tuple[str, ...]], hole: Hole) -> list[str]:
    """A hole for a run of tokens; white space at its end stays in the text."""
    after = ""
    while run and run[-1][0].isspace() and _same(run[-1]):
        after = run.pop()[0] + after
    return [hole(tuple(map("".join, zip(*run, strict=True)))), after] if run else [after]


def _ends(tokens: Sequence[Sequence[str]], hole: Hole) -> str:
    """Where even the number of words differs: what all have in common before and behind, and one hole."""
    shortest = min(map(len, tokens))
    first = tokens[0]
    before = 0
    while before < shortest and all(one[before] == first[before] for one in tokens):
        before += 1
    behind = 0
    while behind < shortest - before and all(one[-1 - behind] == first[-1 - behind] for one in tokens):
        behind += 1
    middles = tuple("".join(one[before : len(one) - behind]) for one in tokens)
    return "".join(first[:before]) + hole(middles) + "".join(first[len(first) - behind :])
