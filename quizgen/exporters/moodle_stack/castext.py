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

_TOKEN = re.compile(r"\w+(?:[.,-]\w+)*|\s+|\\\(.*?\\\)|\\\[.*?\\\]|<[^>]*>|&[^;\s]*;|.", re.DOTALL)
_TAG = re.compile("(<[^>]*>)")

_ALIKE = re.compile(r"[^\\<&]*\s(?=[^\s\\<&])")
"""Words that are cut alike whatever follows: no formula, tag or entity begins among them."""

_ALIKE_BACKWARDS = re.compile(r"[^\\<>&]*[^\s\\<>&](?=\s)")
"""The same at the end of a text that is read backwards, whatever comes before them."""

_WORDS = re.compile(r"[^\\<&]*\s")
"""Words behind which a hole may begin."""

MARK = "\x00"
"""Around the number of an input until the text is CASText: no text of an item holds this character."""


def castext(html: str) -> str:
    """HTML in which nothing is taken for CASText.

    >>> castext("{@x@} {#y#} [[input:ans1]] $5 &#36;")
    '{&#64;x&#64;} &#123;#y#&#125; &#91;&#91;input:ans1&#93;&#93; &#36;5 &#36;'
    """
    if not _may_mean(html):
        return html
    return _SIGNS.sub(lambda match: "".join(f"&#{ord(letter)};" for letter in match[0]), html)


def _may_mean(html: str) -> bool:
    return any(sign in html for sign in _MEANT)


def _castexts(texts: Sequence[str]) -> Sequence[str]:
    """Each text as CASText; they are looked at together, since in most there is nothing to do."""
    return list(map(castext, texts)) if _may_mean("\n".join(texts)) else texts


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
        return castext(first) if _same(texts) else _shared(texts, hole)
    split = [text.split(MARK) for text in texts]
    written = []
    for place, column in enumerate(zip(*split, strict=True)):
        written.append(input_at(int(column[0])) if place % 2 else shared(column, hole))
    return "".join(written)


def shared_whole(texts: Sequence[str], hole: Hole) -> str:
    """The same for short texts on one line that differ as a whole, or not at all."""
    texts = _castexts(texts)
    return texts[0] if _same(texts) else hole(tuple(texts))


def _same(texts: Sequence[str]) -> bool:
    return texts.count(texts[0]) == len(texts)


def input_at(number: int) -> str:
    """The place of an input, as CASText."""
    return f"[[input:ans{number}]] [[validation:ans{number}]]"


def _shared(texts: Sequence[str], hole: Hole) -> str:
    lines = [text.split("\n") for text in texts]
    if len(lines[0]) > 1 and len(set(map(len, lines))) == 1:
        columns = zip(*lines, strict=True)
        return "\n".join([castext(column[0]) if _same(column) else _line(column, hole) for column in columns])
    return _line(texts, hole)


def _line(texts: Sequence[str], hole: Hole) -> str:
    """Between the same tags each text by itself. No sign of CASText reaches over a tag or the end of a line."""
    split = [_TAG.split(text) for text in texts]
    if len(split[0]) > 1 and all(one[1::2] == split[0][1::2] for one in split):
        columns = zip(*split, strict=True)
        return "".join([castext(column[0]) if _same(column) else shared_words(column, hole) for column in columns])
    return shared_words(texts, hole)


def shared_words(texts: Sequence[str], hole: Hole) -> str:
    """One CASText of texts on one line: what is the same stays, each run of other words, tags, formulas is a hole."""
    beginning, texts = _after_beginning(_castexts(texts), _ALIKE)
    texts, end = _before_end(texts)
    return beginning + _tokens(texts, hole) + end


def shared_sentence(texts: Sequence[str], hole: Hole) -> str:
    """The same for texts that differ throughout, whatever words they have in common behind those they begin with."""
    beginning, texts = _after_beginning(_castexts(texts), _WORDS)
    return beginning + hole(tuple(texts))


def _after_beginning(texts: Sequence[str], words: re.Pattern[str]) -> tuple[str, Sequence[str]]:
    """The words that all of these begin with, and what follows in each."""
    alike = words.match(_beginning(texts))
    return (alike[0], [text[alike.end() :] for text in texts]) if alike else ("", texts)


def _before_end(texts: Sequence[str]) -> tuple[Sequence[str], str]:
    """What stands in each before the words that all of them end with, and these words."""
    alike = _ALIKE_BACKWARDS.match(_beginning([text[::-1] for text in texts]))
    return ([text[: -alike.end()] for text in texts], alike[0][::-1]) if alike else (texts, "")


def _beginning(texts: Sequence[str]) -> str:
    """What all of these begin with.

    >>> _beginning(["In the sun", "In a shop", "In the end"])
    'In '
    """
    first, last = min(texts), max(texts)  # what both begin with, all between them do
    same = next((place for place, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))
    return first[:same]


def _tokens(texts: Sequence[str], hole: Hole) -> str:
    tokens = [_TOKEN.findall(text) for text in texts]
    first, count = tokens[0], len(tokens)
    if len(set(map(len, tokens))) > 1:
        return _ends(tokens, hole)
    same = [column.count(token) == count for token, column in zip(first, zip(*tokens, strict=True), strict=True)]
    written: list[str] = []
    start = 0
    while start < len(first):
        if same[start]:
            written.append(first[start])
            start += 1
            continue
        end = after = start + 1
        while after < len(first) and (not same[after] or first[after].isspace()):
            after += 1
            if not same[after - 1]:
                end = after  # white space at the end of a run stays in the text
        written.append(hole(tuple(["".join(one[start:end]) for one in tokens])))
        start = end
    return "".join(written)


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
