"""What depends on a draw: formulas by case, wrong answers under a condition, units, lists with equal values."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from quizgen.bank import load_bank
from quizgen.checks import check_template
from quizgen.findings import FindingsError
from quizgen.formulas import ValueProblem, evaluate, exact_value, holds, parse_condition, parse_formula
from quizgen.generator import Generator
from quizgen.sampling.draws import Source
from quizgen.source import read_text
from quizgen.template import Cases, Different, Template, examine_template, read_template
from tests.bank.templates import BANK

LOSS = """
template: loss-in-a-unit
kind: numeric
draw:
  unit: [nats, bits]
  p: {several: 2, from: [0.25, 0.5, 0.75]}
let:
  n: count(p)
  here: {by: unit, nats: -sum(log(p)), bits: -sum(log2(p))}
texts:
  base: {by: unit, nats: natural logarithms, bits: logarithms to base 2}
  words: {by: n, 1: 'one word ({{ p | list }})', otherwise: several words}
radicals: {unit: [nats, bits], p.several: [2, 1]}
stem: Loss of {{ words }} with {{ base }}?
key: {value: here, tolerance: 0.005, unit: '{{ unit }}'}
wrong:
  product-of-logs: {value: product(-log(p)), when: n > 1 and unit = nats}
  linear-loss: {value: n - sum(p), when: unit != bits}
translations:
  de:
    texts:
      base: {nats: natürlichen Logarithmen, bits: Logarithmen}
      words: {1: einem Wort, otherwise: mehreren Wörtern}
    stem: Verlust von {{ words }} mit {{ base }}?
"""


def template(text: str = LOSS) -> Template:
    return read_template(read_text(text).documents[0])


def generator(language: str = "en", **radicals: str) -> Generator:
    names = {name.replace("_", "."): value for name, value in radicals.items()}
    return Generator(template(), BANK, Source(seed=1), language=language, radicals=names)


def findings(old: str, new: str) -> list[str]:
    assert old in LOSS
    found, shapes = examine_template(read_text(LOSS.replace(old, new)).documents[0])
    rules = check_template(BANK, found) if found is not None else ()
    return [f"{finding.code} {finding.message}" for finding in (*shapes, *rules) if finding.severity.value == "error"]


def stem(language: str = "en", **radicals: str) -> str:
    from quizgen.content import text_of

    item = generator(language, **radicals).item(0).item
    return text_of(item.stem[0].content)  # type: ignore[union-attr]


def test_it_is_read_as_cases() -> None:
    read = template()
    cases = dict(read.let)["here"]
    assert isinstance(cases, Cases)
    assert (str(cases.of("nats")), str(cases.of("bits")), cases.of("hartleys")) == (
        "-sum(log(p))",
        "-sum(log2(p))",
        None,
    )
    assert dict(read.draws)["p"] == Different(2, (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4)), 2, True)
    assert findings("unit: [nats", "unit: [nats") == []


@pytest.mark.parametrize(
    ("radicals", "words", "unit", "wrong"),
    [
        ({"unit": "nats", "p_several": "2"}, "Loss of several words with natural logarithms?", "nats", 2),
        ({"unit": "bits", "p_several": "2"}, "Loss of several words with logarithms to base 2?", "bits", 0),
    ],
)
def test_a_case_holds_by_what_is_drawn(radicals: dict[str, str], words: str, unit: str, wrong: int) -> None:
    part = generator(**radicals).item(0).key.parts[0].key
    assert stem(**radicals) == words
    assert part.unit == unit
    assert len(part.rivals) == wrong


def test_a_unit_of_nats_or_bits_is_the_judge_s_in_every_language() -> None:
    item = generator("de", unit="bits", p_several="2").item(0)
    assert item.key.parts[0].key.unit == "bits"
    assert item.item.parts[0].interaction.unit == "Bits"


def test_a_value_may_come_again() -> None:
    lists = [generator().space.draw(number).values["p"] for number in range(60)]
    assert all(len(values) == 2 for values in lists)
    assert any(values[0] == values[1] for values in lists)
    assert len(set(lists)) == 9


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("{by: unit, nats: -sum", "{nats: -sum", "Q102 `by` is missing: the name whose value chooses"),
        ("{by: unit, nats: -sum", "{by: units, nats: -sum", 'Q301 nothing is named "units"'),
        ("unit = nats", "unit = nits", 'Q301 "unit" is never "nits"'),
        ("unit = nats", "unit < nats", 'Q300 "unit" is a word; it is one of its words or is not'),
        ("n > 1 and", "k > 1 and", 'Q301 nothing is named "k"'),
        ("p.several: [2, 1]", "p.size: [2, 1]", 'Q407 the draw "p" has no "size"'),
        ("product(-log(p))", "product(2)", "Q300 product needs a list, and this names none"),
    ],
)
def test_what_does_not_fit_is_a_finding(old: str, new: str, finding: str) -> None:
    try:
        found = findings(old, new)
    except FindingsError as error:
        found = [f"{entry.code} {entry.message}" for entry in error.findings]
    assert any(entry.startswith(finding) for entry in found), found


# ---------------------------------------------------------------- formulas of lists, conditions on words

P = {"p": (Fraction(1, 2), Fraction(1, 4)), "q": (Fraction(3), Fraction(5)), "a": Fraction(2), "w": "bits"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("product(p)", Fraction(1, 8)),
        ("sum(1/p)", 6),
        ("sum(-log2(p))", 3),
        ("product(-log2(p))", 2),
        ("sum(p*q)", Fraction(11, 4)),
        ("1 + a*sum(a*p)/count(p)", Fraction(5, 2)),
        ("max(p) - min(p)", Fraction(1, 4)),
    ],
)
def test_sums_and_products_of_members(text: str, expected: Fraction | int) -> None:
    assert exact_value(parse_formula(text, P), P) == expected


def test_sums_of_logarithms_stay_exact() -> None:
    from grading.text import to_text

    formula = parse_formula("-sum(log(p))/a", P)
    assert exact_value(formula, P) is None
    assert to_text(evaluate(formula, P)) == "-(log(1/2) + log(1/4))/2"


@pytest.mark.parametrize("text", ["sum(1/a)", "product(a)", "sum(p*r)", "sum(sum(p) - p)"])
def test_what_is_no_list_has_no_sum(text: str) -> None:
    values = {**P, "r": (Fraction(1),)}
    with pytest.raises(ValueProblem):
        exact_value(parse_formula(text, values), values)


def test_a_word_is_no_number() -> None:
    with pytest.raises(ValueProblem, match="is a word"):
        exact_value(parse_formula("w + 1", P), P)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("w = bits", True),
        ("w == nats or a > 1", True),
        ("not w = bits", False),
        ("w != in nats and a = 2", True),
    ],
)
def test_conditions_on_words(text: str, expected: bool) -> None:
    words = {"w": ("nats", "bits", "in nats")}
    assert holds(parse_condition(text, P, words=words), P) is expected


def test_a_bank_with_it_loads_from_a_folder(tmp_path: Path) -> None:
    (tmp_path / "loss.yaml").write_text(LOSS, encoding="utf-8")
    assert [entry.id for entry in load_bank(tmp_path).templates] == ["loss-in-a-unit"]
