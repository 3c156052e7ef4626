r"""Reads the tables of cases: plain Markdown for people, rows for the tests.

A file has a heading, a few words, and groups. A group is a heading ``##``, a list of settings, and a table whose
columns are those of `COLUMNS`. Key and answer stand in code spans, in which ``\|`` is a bar, ``⟨empty⟩`` is nothing,
``⟨U+202E⟩`` is a character that cannot be seen or could be mistaken, and ``⟨"(" × 5000⟩`` is a repetition. An empty
key means "as above". Whatever does not follow these rules is an error that names the file and the line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from grading.keys import (
    FORMS,
    RELATIONS,
    Band,
    Digits,
    NumericKey,
    Relation,
    Requirement,
    Rival,
    Sentence,
    SymbolDeclaration,
    SymbolicKey,
    Tolerance,
)
from grading.verdicts import Grade, Verdict

FOLDER = Path(__file__).resolve().parent
APART = ("disagreements.md",)
"""Files of the folder whose rows are not run."""
COLUMNS = ("key", "answer", "outcome", "score", "note", "why")
RIVAL_COLUMNS = ("misconception", "value", "credit")
RELATION_COLUMNS = ("relation", "misconception", "credit")
FORMULA_OUTCOMES = ("equal", "different", "unknown", "invalid", "blank")
NUMBER_OUTCOMES = ("correct", "partial", "incorrect", "undecided", "invalid", "blank")
NO_SCORE = ("unknown", "undecided", "invalid")


class Malformed(ValueError):
    """A file of cases that does not follow the rules, with its place."""


class Row(NamedTuple):
    """One case. score: None where the table has a dash. believed: the ids of every diagnosis, ties side by side.

    hostile: made to deceive or to exhaust, so that not deciding it is no failure.
    """

    file: str
    line: int
    group: str
    key: SymbolicKey | NumericKey
    answer: str
    outcome: str
    score: Fraction | None
    note: str
    believed: tuple[tuple[str, ...], ...]
    why: str
    hostile: bool

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}"


class Table(NamedTuple):
    """One file. title and words: what stands above its groups."""

    file: str
    title: str
    words: str
    rows: tuple[Row, ...]


def tables(folder: Path = FOLDER) -> tuple[Table, ...]:
    """Every file of the folder that is run, by name.

    Raises Malformed.
    """
    return tuple(read(path) for path in sorted(folder.glob("*.md")) if path.name not in APART)


def read(path: Path) -> Table:
    """One file; raises Malformed."""
    lines = path.read_text(encoding="utf-8").split("\n")
    return _Reader(path.name, lines).table()


def what_came_out(graded: Grade, key: SymbolicKey | NumericKey) -> tuple[str, Fraction | None, str, Any]:
    """(outcome, score, note, believed) of a grade, in the words of the tables."""
    believed = tuple(d.misconceptions for d in graded.diagnoses if d.misconceptions)
    if graded.note == "blank":
        outcome = "blank"
    elif isinstance(key, NumericKey) or graded.verdict is Verdict.INVALID:
        outcome = graded.verdict.value
    elif graded.verdict is Verdict.UNDECIDED:
        outcome = "unknown"
    else:
        outcome = "equal" if graded.note.startswith("symbolic:equal") else "different"
    return outcome, graded.score, graded.note, believed


def share_of_unknown(rows: list[Row]) -> Fraction:
    """The share of formulas that are not decided, hostile ones and those that cannot be read left out."""
    decided = [row for row in rows if not row.hostile and isinstance(row.key, SymbolicKey) and row.outcome != "invalid"]
    return Fraction(sum(row.outcome == "unknown" for row in decided), len(decided) or 1)


# --- code spans

_ESCAPE = re.compile(r'⟨(?:(?P<empty>empty)|(?:U\+(?P<code>[0-9A-F]{4,6})|"(?P<text>[^"⟩]+)")(?: × (?P<times>\d+))?)⟩')
_HIDDEN = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


def written_out(span: str) -> str:
    r"""The text that the inside of a code span stands for.

    >>> written_out(r'⟨"(" × 3⟩p⟨U+200B⟩'), written_out("⟨empty⟩"), written_out(r"Pr(a \| b)")
    ('(((p\u200b', '', 'Pr(a | b)')
    """
    if "\\\\|" in span:
        raise ValueError("write ⟨U+005C⟩ for a backslash in front of a bar")
    rest = _ESCAPE.sub("", span)
    if "⟨" in rest or "⟩" in rest:
        raise ValueError("a ⟨…⟩ that has no meaning")
    if hidden := [c for c in rest if unicodedata.category(c) in _HIDDEN or (c.isspace() and c != " ")]:
        raise ValueError(f"an invisible character: write ⟨U+{ord(hidden[0]):04X}⟩")
    return _ESCAPE.sub(_meant, span.replace("\\|", "|"))


def _meant(found: re.Match[str]) -> str:
    if found["empty"]:
        return ""
    piece = chr(int(found["code"], 16)) if found["code"] else found["text"]
    return piece * int(found["times"] or 1)


# --- settings

_MASKED = re.compile(r"\*([^*→]+)(?:→([^*]+))?\*")
_DECLARED = re.compile(r"(\w+)(?: (probability|positive|real))?((?: also \w+)*)")
_LOG_BASES = {"natural": 0, "base 2": 2, "base 10": 10}


def sentence(text: str) -> Sentence:
    """``the *early* bird``: starred words are selected and show [MASK], ``*early→late*`` shows another word instead.

    >>> sentence("the *early* *bird→bird*").corrupted
    ('[CLS]', 'the', '[MASK]', 'bird')
    """
    tokens, corrupted, selected = ["[CLS]"], ["[CLS]"], []
    for word in text.split():
        if found := _MASKED.fullmatch(word):
            selected.append(len(tokens))
            tokens.append(found[1])
            corrupted.append(found[2] or "[MASK]")
        elif "*" in word:
            raise ValueError(f"{word!r} is not one starred word")
        else:
            tokens.append(word)
            corrupted.append(word)
    return Sentence(tuple(tokens), tuple(corrupted), tuple(selected))


def symbols(text: str) -> tuple[SymbolDeclaration, ...]:
    """``a positive, p, q also prob``: the assumption is ``probability`` where none is given."""
    found = []
    for piece in text.split(", "):
        declared = _DECLARED.fullmatch(piece)
        if declared is None:
            raise ValueError(f"{piece!r} declares no name")
        assumption: Any = declared[2] or "probability"
        aliases = tuple(name for name in declared[3].split(" also ") if name)
        found.append(SymbolDeclaration(declared[1], assumption, aliases))
    return tuple(found)


_TOLERANCES = (
    (re.compile(r"exact"), "exact", Fraction(1)),
    (re.compile(r"within ([\d./]+)"), "absolute", Fraction(1)),
    (re.compile(r"within ([\d./]+) % of the key"), "relative", Fraction(1, 100)),
    (re.compile(r"(\d+) significant figures?"), "significant", Fraction(1)),
    (re.compile(r"(\d+) decimal places?"), "decimals", Fraction(1)),
)


def tolerance(text: str) -> Tolerance:
    """``exact``, ``within 0.005``, ``within 1 % of the key``, ``3 significant figures`` or ``2 decimal places``.

    Behind it may stand ``, boundary outside``.
    """
    text, _, outside = text.partition(", boundary ")
    boundary: Any = "outside" if outside else "inside"
    _one_of(outside or "outside", {"outside": True})
    for pattern, kind, unit in _TOLERANCES:
        if found := pattern.fullmatch(text):
            amount = Fraction(found[1]) * unit if found.groups() else Fraction(0)
            return Tolerance(kind, amount, boundary)  # type: ignore[arg-type]  # one of the literals above
    raise ValueError(f"{text!r} is no tolerance")


def band(text: str) -> Band:
    """``within 0.02 earns 3/4``."""
    if found := re.fullmatch(r"within ([\d./]+) earns ([\d./]+)", text):
        return Band(Fraction(found[1]), Fraction(found[2]))
    raise ValueError(f"{text!r} is no band")


def digits(text: str) -> Digits:
    """``3 figures`` or ``2 places``, then what earns something: ``, too few earns 1/2, last digit earns 3/4``."""
    asked, *credits = text.split(", ")
    found = re.fullmatch(r"(\d+) (figures|places)", asked)
    if found is None:
        raise ValueError(f"{asked!r} asks for no digits")
    names = {"too few": "too_few", "too many": "too_many", "last digit": "last_digit"}
    earned: dict[str, Any] = {}
    for credit in credits:
        name, _, share = credit.partition(" earns ")
        earned[_one_of(name, names)] = Fraction(share)
    return Digits("figures" if found[2] == "figures" else "decimals", int(found[1]), **earned)


def form(text: str) -> Requirement:
    """``expanded earns 1/2``: what the right formula earns in another form."""
    name, _, share = text.partition(" earns ")
    return Requirement(_one_of(name, dict(zip(FORMS, FORMS, strict=True))), Fraction(share))


def _one_of(text: str, allowed: dict[str, Any]) -> Any:
    if text not in allowed:
        raise ValueError(f"{text!r} is none of {', '.join(allowed)}")
    return allowed[text]


_SETTINGS: dict[str, Callable[[str], Any]] = {
    "sentence": sentence,
    "symbols": symbols,
    "log": lambda text: _one_of(text, _LOG_BASES),
    "comma": lambda text: _one_of(text, {"decimal": True, "unclear": False}),
    "number": tolerance,
    "band": band,
    "digits": digits,
    "unit": str,
    "form": form,
    "accept": lambda text: _one_of(text, {"": ()}),
    "rivals": lambda text: _one_of(text, {"": ()}),
    "hostile": lambda text: _one_of(text, {"yes": True}),
}
_OF_NUMBERS = {"number", "band", "unit", "digits"}
_OF_FORMULAS = {"sentence", "symbols", "log", "form", "accept"}

_SETTING_OF = {COLUMNS: "", RIVAL_COLUMNS: "rivals", RELATION_COLUMNS: "accept"}


def _key(value: str, settings: dict[str, Any]) -> SymbolicKey | NumericKey:
    rivals, comma = settings.get("rivals", ()), settings.get("comma", False)
    if "number" not in settings:
        if misplaced := _OF_NUMBERS & settings.keys():
            raise ValueError(f"{misplaced.pop()!r} belongs to numbers")
        declared, masked = settings.get("symbols", ()), settings.get("sentence")
        forms = (settings["form"],) if "form" in settings else ()
        accept = settings.get("accept", ())
        return SymbolicKey(value, declared, masked, settings.get("log", 0), rivals, comma, forms, accept)
    if misplaced := _OF_FORMULAS & settings.keys():
        raise ValueError(f"{misplaced.pop()!r} belongs to formulas")
    bands = (settings["band"],) if "band" in settings else ()
    asked = settings.get("digits")
    return NumericKey(value, settings["number"], bands, settings.get("unit", ""), rivals, comma, asked)


# --- files


class _Reader:
    """One pass over the lines of one file."""

    def __init__(self, file: str, lines: list[str]) -> None:
        self.file, self.lines, self.number = file, lines, 0
        self.group = ""
        self.settings: dict[str, Any] = {}
        self.key: SymbolicKey | NumericKey | None = None
        self.columns: tuple[str, ...] = ()

    def table(self) -> Table:
        title, words, rows = "", [], list[Row]()
        for line in self.lines:
            self.number += 1
            try:
                if line.startswith("# ") and not title:
                    title = line[2:]
                elif not title or (line.startswith("#") and not line.startswith("## ")):
                    self.expect(not line, "a file begins with its title")
                elif not self.group and not line.startswith("## "):
                    words.append(line)
                else:
                    rows += self.line(line)
            except ValueError as problem:
                raise Malformed(f"{self.file}:{self.number}: {problem}") from None
        return Table(self.file, title, " ".join(" ".join(words).split()), tuple(rows))

    def expect(self, holds: object, otherwise: str) -> None:
        if not holds:
            raise ValueError(otherwise)

    def line(self, line: str) -> Iterator[Row]:
        if line.startswith("## "):
            self.group, self.settings, self.key, self.columns = line[3:], {}, None, ()
        elif line.startswith("- "):
            self.setting(line[2:])
        elif line.startswith("|"):
            yield from self.cells(line)
        else:
            self.expect(not line or not self.columns, "words stand above the table of a group")

    def setting(self, text: str) -> None:
        name, colon, value = text.partition(":")
        self.expect(colon and name in _SETTINGS, f"there is no setting {name!r} ({', '.join(_SETTINGS)})")
        self.expect(name not in self.settings, f"{name!r} is set twice")
        self.expect(self.columns != COLUMNS, "settings stand above the table")
        self.settings[name] = _SETTINGS[name](value.strip())

    def cells(self, line: str) -> Iterator[Row]:
        self.expect(line.endswith("|") and len(line) > 1, "a row ends with a bar")
        cells = tuple(cell.strip() for cell in re.split(r"(?<!\\)\|", line[1:-1]))
        previous = self.lines[self.number - 2]
        if not previous.startswith("|"):
            self.expect(cells in _SETTING_OF, f"a table has the columns {' | '.join(COLUMNS)}")
            setting = _SETTING_OF[cells]
            self.expect(not setting or setting in self.settings, f"write '- {setting}:' above this table")
            self.expect(
                re.fullmatch(r"\|(:?-+:?\|)+", self.next_line()), "a rule stands below the names of the columns"
            )
            self.columns = cells
            return
        self.expect(len(cells) == len(self.columns), f"{len(cells)} cells, {len(self.columns)} columns")
        if all(re.fullmatch(":?-+:?", cell) for cell in cells):
            self.expect(not self.lines[self.number - 3].startswith("|"), "a second rule in one table")
        elif self.columns == RIVAL_COLUMNS:
            self.settings["rivals"] += (self.rival(*cells),)
        elif self.columns == RELATION_COLUMNS:
            self.settings["accept"] += (self.relation(*cells),)
        else:
            yield self.row(*cells)

    def next_line(self) -> str:
        return self.lines[self.number] if self.number < len(self.lines) else ""

    def rival(self, beliefs: str, value: str, credit: str) -> Rival:
        return Rival(self.code(value), tuple(beliefs.split(" + ")) if beliefs else (), Fraction(credit))

    def relation(self, kind: str, beliefs: str, credit: str) -> Relation:
        named: Any = _one_of(kind, dict(zip(RELATIONS, RELATIONS, strict=True)))
        return Relation(named, Fraction(credit), tuple(beliefs.split(" + ")) if beliefs else ())

    def code(self, cell: str) -> str:
        found = re.fullmatch(r"`([^`]+)`", cell)
        if found is None:
            raise ValueError(f"{cell!r} is not one code span")
        return written_out(found[1])

    def row(self, key: str, answer: str, outcome: str, score: str, note: str, why: str) -> Row:
        if key:
            self.key = _key(self.code(key), self.settings)
        if self.key is None:
            raise ValueError("the first row of a group has a key")
        outcomes = NUMBER_OUTCOMES if isinstance(self.key, NumericKey) else FORMULA_OUTCOMES
        self.expect(outcome in outcomes, f"{outcome!r} is none of {', '.join(outcomes)}")
        self.expect((score == "–") == (outcome in NO_SCORE), f"{outcome} and the score {score!r} exclude each other")
        points = None if score == "–" else Fraction(score)
        code, _, beliefs = note.partition("` ")
        stable = self.code(code + "`" if beliefs else note)
        for one, start in (("invalid", "invalid:"), ("equal", "symbolic:equal")):
            self.expect((outcome == one) == stable.startswith(start), f"{one} rows alone have a note {start}…")
        believed = tuple(tuple(names.split(" + ")) for names in beliefs.split(", ")) if beliefs else ()
        hostile = "hostile" in self.settings
        given = self.code(answer)
        return Row(self.file, self.number, self.group, self.key, given, outcome, points, stable, believed, why, hostile)
