r"""The one place where anything becomes GIFT: escaping, shares, comments.

A sign that is not escaped does not fail: an open brace silently becomes the answers, a blank line a new question, and
``\n`` of ``\nabla`` a new line. So every sign that means something is escaped, the backslash too, and a question has
no line break but between its answers.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

from quizgen.exporters.moodle_xml.xml import category_path, percentage
from quizgen.exporters.rendering.text import printable, remembering_short

_SIGNS = "\\#=~{}:"
_FORMAT = re.compile(r"\s*\[(?=(?:html|markdown|moodle|plain)\])", re.IGNORECASE)
_SHARE = re.compile(r"\s*%")


def escaped(text: str) -> str:
    r"""Text or HTML so that it reads back as itself.

    >>> escaped(r"x^{2} \neq 1: a")
    'x^\\{2\\} \\\\neq 1\\: a'
    """
    return escaped_html(printable(text))


def escaped_html(text: str) -> str:
    """The same for HTML whose pieces were escaped, so that it holds nothing that cannot be printed."""
    for sign in _SIGNS:
        text = text.replace(sign, "\\" + sign)
    return text.replace("\n", "\\n").replace("\r", "")


def html(text: str) -> str:
    r"""A piece of HTML as an option, a left side or feedback: never taken for a share or the name of a format.

    >>> html("%50% [x]"), html("[html] x"), html("[CLS]")
    ('&\\#37;50% [x]', '&\\#91;html] x', '[CLS]')
    """
    text = text.strip()
    if text[:1] in ("%", "[") and (_SHARE.match(text) or _FORMAT.match(text)):
        text = f"&#{ord(text[0])};{text[1:]}"
    return escaped_html(text)


def answer(share: Fraction, text: str, feedback: str = "") -> str:
    r"""An answer that earns its share if it is typed. text: as it is compared, not HTML.

    >>> answer(Fraction(1), "a=b", "<p>Yes</p>"), answer(Fraction(1, 3), "2"), answer(Fraction(1), "%5%")
    ('=a\\=b#<p>Yes</p>', '=%33.33333%2', '=%100%%5%')
    """
    text = " ".join(text.split())
    head = _earning(*share.as_integer_ratio())
    if head == "=" and _SHARE.match(text):
        head = f"=%{percentage(share)}%"
    return head + ("[plain]" if _FORMAT.match(text) else "") + escaped(text) + _comment(feedback)


def number(share: Fraction, middle: str, reach: str, feedback: str = "") -> str:
    """A number that earns its share, and how far from it an answer may be.

    >>> number(Fraction(3, 4), "1.5", "0.02"), number(Fraction(1), "-2", "0")
    ('=%75%1.5:0.02', '=-2:0')
    """
    return f"{_earning(*share.as_integer_ratio())}{middle}:{reach}{_comment(feedback)}"


@lru_cache(maxsize=1024)
def _earning(above: int, below: int) -> str:
    """The beginning of an answer that earns a share."""
    return "=" if above == below else f"=%{percentage(Fraction(above, below))}%"


def option(share: Fraction, text: str, feedback: str = "", single: bool = True) -> str:
    """An option that adds its share if it is chosen. text: HTML. single: no other may be chosen beside it.

    >>> option(Fraction(1), "a"), option(Fraction(0), "b"), option(Fraction(-1, 2), "c", single=False)
    ('=a', '~b', '~%-50%c')
    """
    if share == 1 and single:
        return "=" + html(text) + _comment(feedback)
    head = f"~%{percentage(share)}%" if share else "~"
    return head + html(text) + _comment(feedback)


@lru_cache(maxsize=4096)
def _comment(feedback: str) -> str:
    return f"#{html(feedback)}" if feedback else ""


def name(text: str) -> str:
    """The name of a question, between double colons."""
    return f"::{escaped(' '.join(text.split()))}::"


def category(*names: str) -> str:
    r"""The line that begins a category, and the blank line after it.

    >>> category("Quiz", "nats/bits")
    '$CATEGORY: $course$/top/Quiz/nats//bits\n\n'
    """
    return "$CATEGORY: " + category_path(*names).replace("\\", "\\\\") + "\n\n"


def comment(text: str, id_: str = "", tags: tuple[str, ...] = ()) -> str:
    """Comments before a question, which give it an id number and tags.

    >>> print(comment("Q-1", "loss-1", ("loss",)), end="")
    // Q-1
    // [id:loss-1] [tag:loss]
    """
    marks = [f"[id:{_mark(id_)}]"] if id_ else []
    marks += [f"[tag:{_tag(tag)}]" for tag in tags]
    second = f"// {' '.join(marks)}\n" if marks else ""
    return f"// {' '.join(printable(text).split()).replace('[', '(')}\n{second}"


def _mark(text: str) -> str:
    return " ".join(printable(text).replace("[", "(").replace("]", ")").split())


_tag = remembering_short(_mark)
"""Most tags are those of a template."""
