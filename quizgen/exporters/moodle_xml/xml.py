"""The one place where anything becomes Moodle XML: escaping, fractions, content.

Moodle refuses a whole file for one control character, one unescaped ``&`` and one fraction that is not on its list,
and typesets ``\\( … \\)`` wherever it stands.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache
from html import escape

from quizgen.content import Formula, Tokens
from quizgen.exporters.rendering.html import Dialect, escaped, inline_html, with_entities
from quizgen.exporters.rendering.phrases import phrase
from quizgen.exporters.rendering.text import printable, remembering_short
from quizgen.exporters.rendering.typesetting import APART, drawn_apart

NAME_LENGTH = 251
ID_LENGTH = 100
"""Of an id number. Moodle drops one that another question of the category has."""

PERCENTAGES = (
    "100", "90", "83.33333", "80", "75", "70", "66.66667", "60", "50", "40", "33.33333", "30", "25", "20", "16.66667",
    "14.28571", "12.5", "11.11111", "10", "5", "0",
)  # fmt: skip
"""What Moodle accepts as the fraction of an answer, and the negatives of these."""

_STEPS = {text: int(Fraction(text) * 10**5) for text in PERCENTAGES}
"""Each as a share, in units of its last digit."""

WITHIN = Fraction(1, 10**5)

_MARKUP = re.compile("[<>&]")
_TAG_OR_ENTITY = re.compile("<|&[A-Za-z0-9#]{1,8};")
_AT_SIGN = re.compile("@(?=@)")


def percentage(credit: Fraction) -> str:
    """The percentage on Moodle's list that is nearest to a credit in [-1, 1].

    >>> percentage(Fraction(1, 3)), percentage(Fraction(-1, 7)), percentage(Fraction(3, 8))
    ('33.33333', '-14.28571', '40')
    """
    return _percentage(*credit.as_integer_ratio())


@lru_cache(maxsize=1024)
def _percentage(above: int, below: int) -> str:
    size = 10**7 * abs(above)
    nearest = min(PERCENTAGES, key=lambda text: abs(_STEPS[text] * below - size))
    return "-" + nearest if above < 0 and nearest != "0" else nearest


@lru_cache(maxsize=1024)
def is_kept(credit: Fraction) -> bool:
    """Whether Moodle's list holds this credit.

    >>> is_kept(Fraction(1, 3)), is_kept(Fraction(3, 8))
    (True, False)
    """
    return abs(Fraction(percentage(credit)) / 100 - credit) <= WITHIN


def id_number(text: str) -> str:
    """An id as Moodle keeps it: a longer one is cut, and ends in a digest of the whole, so that no two become one.

    >>> id_number("quiz/slot/1"), id_number("q" * 200 + "/1")[-20:], id_number("q" * 200 + "/2")[-20:]
    ('quiz/slot/1', 'qqq-4ac03cf8519df287', 'qqq-66af134e24a609b9')
    """
    kept = printable(text)
    if len(kept) <= ID_LENGTH:
        return kept
    digest = hashlib.sha256(kept.encode()).hexdigest()[:16]
    return f"{kept[: ID_LENGTH - 17]}-{digest}"


def character_data(text: str) -> str:
    """Text as character data of XML: as it is, or as CDATA where that is easier to read.

    >>> character_data("a < b ]]> c")
    '<![CDATA[a < b ]]]]><![CDATA[> c]]>'
    """
    return _data(printable(text))


def _data(text: str) -> str:
    """text: without what no file may hold."""
    if not _MARKUP.search(text):
        return text
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"


def attribute(text: str) -> str:
    """Text as the value of an attribute, with its quotation marks."""
    return f'"{escaped(text)}"'


def element(tag: str, text: str) -> str:
    """``<tag>text</tag>`` on a line of its own."""
    return f"<{tag}>{character_data(text)}</{tag}>\n"


def text_element(tag: str, text: str, attributes: str = "") -> str:
    """``<tag><text>…</text></tag>``."""
    return f"<{tag}{attributes}><text>{character_data(text)}</text></{tag}>\n"


def html_element(tag: str, html: str, within: str = "") -> str:
    """A field that Moodle reads as HTML.

    html: its pieces escaped, so that it holds nothing that no file may hold. within: elements behind the text.
    """
    return f'<{tag} format="html"><text>{_data(html)}</text>{within}</{tag}>\n'


def comment(text: str) -> str:
    """A comment for people who open the file."""
    return f"<!-- {escaped(text).replace('--', '- -')} -->\n"


def category_path(*names: str) -> str:
    """A path of nested categories; a slash inside a name is doubled, one at its end drawn apart from the next level.

    >>> category_path("Quiz", "nats/bits"), category_path("and/or/", "1")
    ('$course$/top/Quiz/nats//bits', '$course$/top/and//or// /1')
    """
    return "$course$/top/" + "/".join(map(_category_name, names))


@lru_cache(maxsize=256)
def _category_name(name: str) -> str:
    kept = " ".join(printable(name).split())[:NAME_LENGTH].replace("/", "//") or "-"
    return " " * kept.startswith("/") + kept + " " * kept.endswith("/")


def untypeset(html: str) -> str:
    r"""Escaped text in which nothing is taken for a formula, also not for one between ``@@``.

    >>> untypeset("costs $$6$$ @@x@@")
    'costs $<span></span>$6$<span></span>$ @<span></span>@x@<span></span>@'
    """
    html = drawn_apart(html)
    return _AT_SIGN.sub(f"@{APART}", html) if "@@" in html else html


def _moodle_text(text: str) -> str:
    """A drawn or written text as HTML for Moodle."""
    return untypeset(escaped(text))


moodle_text = remembering_short(_moodle_text)


def moodle_texts(texts: Sequence[str]) -> list[str]:
    """`moodle_text` of each; they are looked at together, since in most there is hardly anything to do.

    >>> moodle_texts(["the bird", "a & b"])
    ['the bird', 'a &amp; b']
    """
    together = "\n".join(texts)
    plain = together.replace("\n", "")
    each_on_a_line = len(together) - len(plain) == len(texts) - 1
    if each_on_a_line and plain.isprintable() and not any(sign in plain for sign in _DRAWN_APART):
        return with_entities(together).split("\n")
    return list(map(moodle_text, texts))


_DRAWN_APART = "\\", "$$", "@@"
"""One of these is in every text that `untypeset` changes."""


def menu_text(text: str) -> str:
    """A plain text for a menu, from which Moodle takes whatever looks like a tag, and in which it reads entities.

    >>> menu_text("<mask> & co"), menu_text("AT&T > 1")
    ('&lt;mask&gt; &amp; co', 'AT&T > 1')
    """
    return escape(text, quote=False) if _TAG_OR_ENTITY.search(text) else text


def moodle_formula(formula: Formula) -> str:
    r"""A formula between ``\(`` and ``\)``, or ``\[`` and ``\]``."""
    opening, closing = (r"\[", r"\]") if formula.display else (r"\(", r"\)")
    return f"{opening} {escaped(formula.latex)} {closing}"


@lru_cache(maxsize=1024)
def moodle_tokens(tokens: Tokens) -> str:
    """A token sequence as code, positions as subscripts."""
    if not tokens.numbered:
        return f"<code>{moodle_text(' '.join(tokens.tokens))}</code>"
    shown = [f"{moodle_text(token)}<sub>{place}</sub>" for place, token in enumerate(tokens.tokens, tokens.first)]
    return f"<code>{' '.join(shown)}</code>"


def moodle_dialect(gap: Callable[[str], str]) -> Dialect:
    """HTML for Moodle. gap: what stands at the place of a part."""
    return Dialect(moodle_text, moodle_formula, moodle_tokens, gap, table="generaltable")


def blank(part: str) -> str:
    """A gap where it cannot be filled in."""
    return "____"


DIALECT = moodle_dialect(blank)


@lru_cache(maxsize=4096)
def phrase_html(text: str) -> str:
    """The words of a hint or feedback as HTML; "" stays ""."""
    return inline_html(phrase(text), DIALECT)
