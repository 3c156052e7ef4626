"""What a learner gave, before it means anything: a blank, a text, the name of an option, or nothing that can be read.

Shared by the graders of all kinds. A blank (`None`, white space, an empty list or object) is an answer that was
not given: it is incorrect with score 0 and the note ``blank``, as in every LMS. A response that was given but
cannot be read raises `Unreadable`, which becomes an INVALID grade with a refusal and costs nothing.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from fractions import Fraction

from grading.verdicts import Grade, Refusal, Verdict

BLANK = Grade(Verdict.INCORRECT, Fraction(0), "blank")
LONGEST_NAME = 10_000
"""Characters of a text that may name an option; the printed text of an option is never longer."""


class Unreadable(Exception):
    """A response that has no meaning for its kind of question. refusal: why, in words for the learner."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(refusal.message)


def refuse(sentence: str, offset: int = 0, length: int = 1, suggestion: str = "", /, **values: str | int) -> Unreadable:
    """The `Unreadable` to be raised; arguments as for `Refusal.of`."""
    return Unreadable(Refusal.of(sentence, offset, length, suggestion, **values))


def invalid(refusal: Refusal, response: object = "") -> Grade:
    """The grade of a response that could not be read: no score, the note ``invalid:<code>``.

    >>> invalid(Refusal("unknown-option", "…")).note
    'invalid:unknown-option'
    """
    reading = response[:200] if isinstance(response, str) else ""
    reading = reading.encode("utf-8", "replace").decode("utf-8")  # a lone surrogate cannot be written to a file
    return Grade(Verdict.INVALID, None, f"invalid:{refusal.code}", reading, refusal=refusal)


def is_blank(response: object) -> bool:
    """Whether nothing was given.

    >>> [is_blank(r) for r in (None, "  ", [], {}, ["", None], {"left": None}, "0", 0, False)]
    [True, True, True, True, True, True, False, False, False]
    """
    if isinstance(response, str):
        return not response or response.isspace()
    if response is None:
        return True
    if isinstance(response, Mapping):
        response = list(response.values())
    if isinstance(response, list | tuple):
        return all(entry is None or (isinstance(entry, str) and not entry.strip()) for entry in response)
    return False


def text_of(response: object, what: str) -> str:
    """The response as text; anything else is refused. what: what the question asks for, such as ``number``."""
    if isinstance(response, str):
        return response
    raise refuse(f"not-text:{what}")


def fold(text: str) -> str:
    """The text with every run of white space as one blank and none at the ends.

    >>> fold("  the early\\n bird ")
    'the early bird'
    """
    return " ".join(text.split())


def names_in(response: object, what: str) -> list[str]:
    """The separate names of a list of options: a list of texts, or one text with semicolons between them.

    what: what the question asks for, ``options`` or ``order``.

    >>> names_in("a; b", "options"), names_in(["a", "b"], "options")
    (['a', 'b'], ['a', 'b'])
    """
    if isinstance(response, str):
        return pieces_of(response)
    if isinstance(response, list | tuple) and all(isinstance(name, str) for name in response):
        return [name for name in response if name.strip()]
    raise refuse(f"not-a-list:{what}")


def pieces_of(text: str) -> list[str]:
    """What stands between the semicolons of a text.

    >>> pieces_of("a = b; c = d;")
    ['a = b', 'c = d']
    """
    return [piece for piece in map(str.strip, text.split(";")) if piece]


class OptionNames:
    """Finds options by id or by the text that was printed.

    ids: the options that may be named, in canonical order. texts: (id, printed text); ids that are not among
    `ids` are left out. A name that is the id of one option and the text of another is refused as ambiguous:
    a guess could mark a wrong answer as right.

    >>> OptionNames(("a", "b"), (("a", "A sum"), ("b", "A product"))).find(" A  product ")
    'b'
    """

    def __init__(self, ids: Iterable[str], texts: Iterable[tuple[str, str]] = ()) -> None:
        self.ids = tuple(dict.fromkeys(ids))
        self.texts = {option: text for option, text in texts if option in self.ids}
        self._meanings: dict[str, set[str]] = {}
        for option in self.ids:
            self._meanings.setdefault(fold(option), set()).add(option)
        for option, text in self.texts.items():
            self._meanings.setdefault(fold(text), set()).add(option)
        self._truth = set(self.ids) == {"true", "false"}

    def knows(self, name: str) -> bool:
        """Whether the name names at least one option."""
        return fold(name) in self._meanings

    def find(self, name: object, offset: int = 0) -> str:
        """The id of the option that is named. offset: where the name stands in the learner's text.

        Raises `Unreadable` if the name is no text, names no option or names two.
        """
        if not isinstance(name, str):
            raise refuse("not-text:name")
        folded = fold(name) if len(name) <= LONGEST_NAME else ""
        if self._truth and folded.lower() in ("true", "false") and folded not in self._meanings:
            folded = folded.lower()  # spreadsheets write TRUE
        meanings = self._meanings.get(folded, set())
        if len(meanings) == 1:
            return next(iter(meanings))
        if meanings:
            raise refuse("ambiguous-option", offset, len(name), name=_short(name))
        near = difflib.get_close_matches(folded, list(self._meanings), 1) if len(name) <= 200 else []
        raise refuse("unknown-option", offset, len(name), near[0] if near else "", name=_short(name))

    def text(self, option: str) -> str:
        """The printed text of an option, its id if it has none."""
        return self.texts.get(option, option)


def _short(text: str, most: int = 40) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def stray_name(names: Iterable[str]) -> str:
    """A name that is certainly none of these, for malformed canonical responses.

    >>> stray_name(["a", "no-such-option"])
    'no-such-option-x'
    """
    taken, name = {fold(known) for known in names}, "no-such-option"
    while name in taken:
        name += "-x"
    return name
