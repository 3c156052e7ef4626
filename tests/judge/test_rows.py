"""The table of cases."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from grading.equivalence import Different, compare, compare_texts
from grading.keys import Sentence, SymbolDeclaration, SymbolicKey
from grading.parsing import Language, Refused, parse_expression
from grading.text import to_text, to_unicode

SENTENCE = Sentence(
    ("[CLS]", "the", "early", "bird", "catches", "the", "worm"),
    ("[CLS]", "the", "[MASK]", "bird", "catches", "the", "[MASK]"),
    (2, 6),
)


def _rows() -> list[tuple[SymbolicKey, str, str]]:
    groups: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("rows.yaml").read_text("utf-8"))
    found = []
    for group in groups:
        key = SymbolicKey(
            group["key"],
            tuple(SymbolDeclaration(name, assumption) for name, assumption in group.get("symbols", {}).items()),
            SENTENCE if group.get("sentence") else None,
            group.get("log_base", 0),
            decimal_comma=group.get("decimal_comma", False),
        )
        found += [(key, row[0], row[1]) for row in group["rows"]]
    return found


ROWS = _rows()


def outcome(key: SymbolicKey, answer: str) -> str:
    try:
        return type(compare_texts(key, answer)).__name__.lower()
    except Refused as refused:
        return refused.refusal.code


@pytest.mark.parametrize(("key", "answer", "expected"), ROWS, ids=[repr(row[1])[:60] for row in ROWS])
def test_row(key: SymbolicKey, answer: str, expected: str) -> None:
    assert outcome(key, answer) == expected


def test_the_table_is_large_and_mostly_decided() -> None:
    outcomes = [expected for _, _, expected in ROWS]
    assert len(outcomes) >= 250
    assert outcomes.count("unknown") / len(outcomes) < 0.05


@pytest.mark.parametrize(("key", "answer", "expected"), [row for row in ROWS if row[2] in ("equal", "different")])
def test_echo_reads_back_and_judgement_is_symmetric(key: SymbolicKey, answer: str, expected: str) -> None:
    language = Language.of(key)
    tree = parse_expression(answer, language)
    assert parse_expression(to_text(tree, language.log_base), language) == tree
    assert parse_expression(to_unicode(tree, language.log_base), language) == tree
    backwards = compare(tree, parse_expression(key.value, language), language)
    assert type(backwards).__name__.lower() == expected
    if isinstance(backwards, Different) and not backwards.undefined_at:
        left, right = backwards.witness.left, backwards.witness.right
        assert left is not None
        assert right is not None
        assert left[1] < right[0] or right[1] < left[0]
