"""Every row of the tables of cases, and that what the judge says of it can be checked by somebody else."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from grading import grade
from grading.equivalence import Different, Equal, compare
from grading.keys import NumericKey, SymbolicKey
from grading.parsing import Language, parse_expression
from grading.text import to_text, to_unicode
from tests.tables.independent import Meant, NoValue, Undecidable, apart, evaluate, meanings, values_of
from tests.tables.reading import (
    Malformed,
    Row,
    digits,
    form,
    read,
    sentence,
    share_of_unknown,
    symbols,
    tables,
    tolerance,
    what_came_out,
)

ROWS = [row for table in tables() for row in table.rows]
FORMULAS = [row for row in ROWS if row.outcome in ("equal", "different")]
PRIMES = (3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.place)
def test_row(row: Row) -> None:
    assert what_came_out(grade(row.key, row.answer), row.key) == (row.outcome, row.score, row.note, row.believed)


@pytest.mark.parametrize("row", FORMULAS, ids=lambda row: row.place)
def test_it_reads_back_and_holds_both_ways_and_for_somebody_else(row: Row) -> None:
    key = _formula(row)
    language = Language.of(key)
    right, typed = parse_expression(key.value, language), parse_expression(row.answer, language)
    assert parse_expression(to_text(typed, language.log_base), language) == typed
    assert parse_expression(to_unicode(typed, language.log_base), language) == typed
    for left, other in ((right, typed), (typed, right)):
        found = compare(left, other, language)
        assert isinstance(found, Equal if row.outcome == "equal" else Different)
        if isinstance(found, Different):
            values = values_of(found.witness.values, key)
            if not found.undefined_at:
                assert apart(left, other, key, values.__getitem__)
                continue
            without, having = (left, other) if found.undefined_at == "left" else (other, left)
            evaluate(having, key, values.__getitem__)
            with pytest.raises(NoValue):
                evaluate(without, key, values.__getitem__)


@pytest.mark.parametrize("row", [row for row in FORMULAS if row.outcome == "equal"], ids=lambda row: row.place)
def test_equal_formulas_have_one_value(row: Row) -> None:
    key = _formula(row)
    language = Language.of(key)
    right, typed = parse_expression(key.value, language), parse_expression(row.answer, language)
    every = list(dict.fromkeys((*meanings(right, key), *meanings(typed, key))))
    for trial in range(3):
        values = _values(every, key, trial)
        try:
            evaluate(right, key, values.__getitem__)
            evaluate(typed, key, values.__getitem__)
        except (NoValue, Undecidable):
            continue  # equal formulas agree where both have a value
        assert not apart(right, typed, key, values.__getitem__)


def _values(every: list[Meant], key: SymbolicKey, trial: int) -> dict[Meant, Fraction]:
    """A point of the domain: probabilities below 1, positive numbers, numbers of both signs."""
    assumed = {symbol.name: symbol.assumption for symbol in key.symbols}
    values: dict[Meant, Fraction] = {}
    for index, meant in enumerate(every):
        prime = PRIMES[(index + trial) % len(PRIMES)]
        share = Fraction(1 + (index * 5 + trial * 3) % (prime - 1), prime)
        kind = assumed.get(str(meant), "probability")
        sign = (-1) ** (trial + index) if kind == "real" else 1
        values[meant] = share if kind == "probability" else sign * share * prime * Fraction(9, 7)
    return values


def _formula(row: Row) -> SymbolicKey:
    assert isinstance(row.key, SymbolicKey)
    return row.key


def test_the_tables_are_large_and_mostly_decided() -> None:
    numbers = sum(isinstance(row.key, NumericKey) for row in ROWS)
    share = share_of_unknown(ROWS)
    words = f"{len(ROWS)} rows, {numbers} of them numbers; {float(share):.2%} of the formulas are not decided"
    print(words)
    assert len(ROWS) >= 600, words
    assert share < Fraction(3, 100), words


def test_no_case_stands_twice() -> None:
    seen: dict[object, str] = {}
    twice = []
    for row in ROWS:
        case = (row.key, row.answer)
        if case in seen:
            twice.append(f"{seen[case]} and {row.place}")
        seen[case] = row.place
    assert twice == []


# --- the evaluator

REAL = SymbolicKey("a", symbols("a real, b real"))


def _at(text: str, **values: int) -> object:
    return evaluate(parse_expression(text, Language.of(REAL)), REAL, lambda name: Fraction(values[str(name)]))


@pytest.mark.parametrize(
    "text", ["log(-1)", "log(a)", "1/(a - a)", "sqrt(a - 1)", "log_1(2)", "0^(-1/2)", "(a^3)^(1/3)", "log(log(1/2))"]
)
def test_what_has_no_value_is_known(text: str) -> None:
    with pytest.raises(NoValue):
        _at(text, a=-2)


@pytest.mark.parametrize(
    ("text", "value"),
    [("a^3 - 1/a", "-15/2"), ("|a| + max(a, 3)", "5"), ("min(a, -a)^2", "4"), ("exp(log(1))", "1"), ("2^-3", "1/8")],
)
def test_rational_values_are_exact(text: str, value: str) -> None:
    assert _at(text, a=-2) == Fraction(value)


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("log 8", "3 log 2", False),
        ("log 8", "3 log 2 + 1e-60", True),
        ("sqrt(2)*sqrt(8)", "4", False),
        ("exp(a)*exp(b)", "exp(a + b)", False),
        ("exp(a)*exp(b)", "exp(a*b)", True),
        ("max(a, b)", "(a + b + |a - b|)/2", False),
        ("max(exp(a), exp(b))", "exp(a)", True),
    ],
)
def test_values_are_told_apart_if_they_differ(one: str, other: str, differ: bool) -> None:
    language = Language.of(REAL)
    left, right = parse_expression(one, language), parse_expression(other, language)
    assert apart(left, right, REAL, lambda name: Fraction({"a": -2, "b": 3}[str(name)])) is differ


def test_what_resolves_to_the_same_is_one_unknown() -> None:
    key = SymbolicKey("p_2", sentence=sentence("the *early* bird catches the *worm*"))
    language = Language.of(key)

    def meant(text: str) -> list[Meant]:
        return meanings(parse_expression(text, language), key)

    assert meant("Pr(worm | xbar_{<6})") == meant("p_6") == meant("Pr(Worm | x̄)")
    assert meant("Pr(early, worm | x̄)") == meant("p_2 p_6")
    assert len(meant("p_2 + Pr(early | x) + Pr(early) + Pr(x̄ | early) + Pr(x_2=early, x_2=late | x̄)")) == 5
    assert meant("n + m") == []


# --- the reader

HEAD = """# T

Words.

## G

- symbols: p

| key | answer | outcome | score | note | why |
|---|---|---|---|---|---|
"""
GOOD = "| `p` | `p` | equal | 1 | `symbolic:equal` | |\n"


def _read(tmp_path: Path, text: str) -> tuple[Row, ...]:
    path = tmp_path / "t.md"
    path.write_text(text, encoding="utf-8")
    return read(path).rows


def test_a_row_is_read(tmp_path: Path) -> None:
    text = HEAD + GOOD + '| | `⟨"(" × 3⟩\\|⟨U+200B⟩` | invalid | – | `invalid:too-deep` | why not |\n'
    first, second = _read(tmp_path, text)
    assert (first.answer, first.score, first.place, first.group) == ("p", 1, "t.md:11", "G")
    assert (second.key, second.answer, second.score, second.why) == (first.key, "(((|\u200b", None, "why not")


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (("- symbols: p", "- symbol: p"), "t.md:7: there is no setting 'symbol'"),
        (("- symbols: p", "- symbols: p likely"), "t.md:7: 'p likely' declares no name"),
        (("- symbols: p", "- symbols: p\n- symbols: q"), "t.md:8: 'symbols' is set twice"),
        (("- symbols: p", "- unit: nats"), "t.md:11: 'unit' belongs to numbers"),
        (("- symbols: p", "- log: 2"), "t.md:7: '2' is none of"),
        (("# T", "T"), "t.md:1: a file begins"),
        (("answer", "response"), "t.md:9: a table has the columns"),
        (("| equal", "| same"), "t.md:11: 'same' is none of"),
        (("|---", "---"), "t.md:9: a rule stands below"),
        (("| equal | 1", "| equal | –"), "t.md:11: equal and the score"),
        (("| equal", "| different"), "t.md:11: equal rows alone have a note symbolic:equal"),
        (("| `p` | `p`", "| | `p`"), "t.md:11: the first row of a group has a key"),
        (("| `p` | `p`", "| `p` | p"), "t.md:11: 'p' is not one code span"),
        (("| `p` | `p`", "| `p` | `⟨nothing⟩`"), "t.md:11: a ⟨…⟩ that has no meaning"),
        (("| `p` | `p`", "| `p` | `p\u200b`"), "t.md:11: an invisible character: write ⟨U+200B⟩"),
        (("| `p` | `p`", "| `p` | `p` | `p`"), "t.md:11: 7 cells, 6 columns"),
        (("equal` | |\n", "equal` |\n"), "t.md:11: 5 cells, 6 columns"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_what_is_malformed_is_named_with_its_place(tmp_path: Path, change: tuple[str, str], place: str) -> None:
    with pytest.raises(Malformed) as malformed:
        _read(tmp_path, (HEAD + GOOD).replace(*change, 1))
    assert str(malformed.value).startswith(place)


def test_settings_are_read() -> None:
    masked = sentence("the *early* *bird→bird* *sings→sinks*")
    assert masked.tokens == ("[CLS]", "the", "early", "bird", "sings")
    assert masked.corrupted == ("[CLS]", "the", "[MASK]", "bird", "sinks")
    assert masked.selected == (2, 3, 4)
    assert [(s.name, s.assumption, s.aliases) for s in symbols("a real, p also prob also pi")] == [
        ("a", "real", ()),
        ("p", "probability", ("prob", "pi")),
    ]
    found = [tolerance(text) for text in ("exact", "within 0.005", "within 1 % of the key", "3 significant figures")]
    assert [(one.kind, one.amount) for one in found] == [
        ("exact", 0),
        ("absolute", Fraction(1, 200)),
        ("relative", Fraction(1, 100)),
        ("significant", 3),
    ]
    assert tolerance("within 0.01, boundary outside").boundary == "outside"
    asked = digits("3 figures, too few earns 1/2")
    assert (asked.kind, asked.count, asked.too_few, asked.last_digit) == ("figures", 3, Fraction(1, 2), 0)
    assert (form("expanded earns 1/2").form, form("expanded earns 1/2").credit) == ("expanded", Fraction(1, 2))


@pytest.mark.parametrize(
    ("setting", "text"),
    [
        (tolerance, "within 0.01, boundary near"),
        (tolerance, "about 1"),
        (digits, "three figures"),
        (digits, "3 figures, some earns 1/2"),
        (form, "short earns 1/2"),
        (sentence, "the *early bird*"),
    ],
)
def test_a_setting_that_means_nothing_is_refused(setting: Callable[[str], object], text: str) -> None:
    with pytest.raises(ValueError, match=r"is n|no digits|none of"):
        setting(text)


def test_rivals_and_relations_are_read(tmp_path: Path) -> None:
    rivals = "- rivals:\n- accept:\n\n| misconception | value | credit |\n|---|---|---|\n| a + b | `2p` | 1/2 |\n\n"
    accept = "| relation | misconception | credit |\n|---|---|---|\n| opposite-sign | | 1/4 |\n\n"
    (row,) = _read(tmp_path, (HEAD + GOOD).replace("| key", f"{rivals}{accept}| key", 1))
    assert isinstance(row.key, SymbolicKey)
    assert [(r.value, r.misconceptions, r.credit) for r in row.key.rivals] == [("2p", ("a", "b"), Fraction(1, 2))]
    assert [(r.kind, r.credit) for r in row.key.accept] == [("opposite-sign", Fraction(1, 4))]
