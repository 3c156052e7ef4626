"""How formulas are written, and that what is written reads back to the same tree."""

from __future__ import annotations

import msgspec
import pytest
import sympy
from hypothesis import example, given, settings
from latex2mathml.converter import convert
from lxml import etree

from grading.expressions import (
    Context,
    Event,
    Expression,
    Logarithm,
    Negation,
    Power,
    Probability,
    Product,
    Quotient,
    Sum,
    Symbol,
    rational,
)
from grading.parsing import Language, parse_expression
from grading.text import to_text, to_unicode
from quizgen.misconceptions.catalogue import CATALOGUE
from quizgen.misconceptions.operators import RecordMisconception, Refused, compose
from quizgen.objective.notation import Setting, spoken_number
from quizgen.objective.printers import Latex, MathML, Spoken
from quizgen.objective.record import Quantity, objective_of, to_tree
from quizgen.objective.rendering import render
from quizgen.objective.shapes import render_fast, shape_of

from .sentences import BIRD, MIXED, ODD_WORDS, sentence_of
from .shapes_at_random import TREES

LANGUAGE = Language(sentence=sentence_of(BIRD))
P, Q = Symbol("p_2"), Symbol("p_6")


def test_the_key_in_every_notation() -> None:
    formula = render(to_tree(objective_of(BIRD)))
    assert formula.latex == (
        r"\log \Pr(x_{2}=\text{early}\mid\bar{\mathbf{x}}) + \log \Pr(x_{6}=\text{worm}\mid\bar{\mathbf{x}})"
    )
    assert formula.plain == "log Pr(x_2=early | xbar) + log Pr(x_6=worm | xbar)"
    assert formula.unicode == "log Pr(x₂ = early | x̄) + log Pr(x₆ = worm | x̄)"
    assert formula.spoken == (
        "log of the probability that x two is early, given x bar, "
        "plus log of the probability that x six is worm, given x bar"
    )
    root = etree.fromstring(formula.mathml)
    space = "{http://www.w3.org/1998/Math/MathML}"
    assert root.tag == f"{space}math"
    assert [mover.get("accent") for mover in root.iter(f"{space}mover")] == ["true", "true"]
    assert [word.text for word in root.iter(f"{space}mtext")] == ["early", "worm"]


def test_german_speech_ln_decimal_comma_and_display() -> None:
    setting = Setting(language="de", natural="ln", decimal_comma=True)
    formula = render(Sum((Logarithm(P), Negation(parse_expression("0.05")))), setting=setting, display=True)
    assert formula.spoken == "Logarithmus von p zwei, minus 0,05"
    assert formula.latex == r"\ln p_{2} - 0{,}05"
    assert formula.unicode == "ln p₂ − 0,05"
    assert formula.plain == "log p_2 - 0.05"
    assert 'display="block"' in formula.mathml
    assert "<mi>ln</mi>" in formula.mathml
    atom = render(to_tree(objective_of(BIRD)), setting=setting)
    assert atom.spoken.startswith(
        "Logarithmus der Wahrscheinlichkeit, dass x zwei gleich early ist, gegeben x quer, plus"
    )


@pytest.mark.parametrize(
    ("given", "latex", "spoken"),
    [
        (BIRD.original_context(), r" \mathbf{x}", "x"),
        (BIRD.left_context(6), r"\bar{\mathbf{x}}_{<6}", "x bar before position six"),
        (BIRD.single_mask_context(2), r" \mathbf{x}_{\setminus 2}", "x without position two"),
        (BIRD.filled_context([2]), r"\bar{\mathbf{x}},\,x_{2}=\text{early}", "x bar and x two is early"),
        (BIRD.guessed_context([2]), r"\bar{\mathbf{x}},\,\hat{x}_{2}", "x bar and x hat two"),
    ],
)
def test_contexts(given: Context, latex: str, spoken: str) -> None:
    formula = render(Probability((Event(6, "worm"),), given))
    assert formula.latex == rf"\Pr(x_{{6}}=\text{{worm}}\mid{latex})"
    assert formula.spoken == f"probability that x six is worm, given {spoken}"


def test_the_other_probabilities() -> None:
    reverse = Probability((Event(6, "worm"),), BIRD.xbar_context(), reverse=True)
    assert render(reverse).latex == r"\Pr(\bar{\mathbf{x}}\mid x_{6}=\text{worm})"
    assert render(reverse).spoken == "probability of x bar, given that x six is worm"
    assert render(Probability((Event(6, "worm"),), None)).latex == r"\Pr(x_{6}=\text{worm})"
    joint = Probability((Event(2, "early"), Event(6, "worm")), BIRD.xbar_context())
    assert render(joint).latex == r"\Pr(x_{2}=\text{early},\,x_{6}=\text{worm}\mid\bar{\mathbf{x}})"
    nowhere = Probability((Event(-1, "jeep"),), BIRD.xbar_context())
    assert (render(nowhere).plain, render(nowhere).spoken) == (
        "Pr(jeep | xbar)",
        "probability that jeep, given x bar",
    )


@pytest.mark.parametrize(
    ("tree", "latex"),
    [
        (Sum((Q, P)), "p_{6} + p_{2}"),
        (Sum((P, Sum((P, Q)))), r"p_{2} + \left(p_{2} + p_{6}\right)"),
        (Negation(Negation(P)), r"-\left(-p_{2}\right)"),
        (Product((Q, Negation(P))), r"p_{6} \cdot \left(-p_{2}\right)"),
        (Product((Logarithm(P), Logarithm(Q))), r"\log p_{2} \cdot \log p_{6}"),
        (Product((Logarithm(P), Q)), r"\log\left(p_{2}\right) \cdot p_{6}"),
        (Logarithm(P, rational(2)), r"\log_{2} p_{2}"),
        (Power(Logarithm(P), rational(2)), r"\left(\log p_{2}\right)^{2}"),
        (Quotient(Sum((P, Q)), rational(2)), r"\frac{p_{2} + p_{6}}{2}"),
        (Product((rational(3), P)), r"3 \cdot p_{2}"),
        (Symbol("theta_1"), r"\theta_{1}"),
        (Symbol("loss"), r"\mathrm{loss}"),
    ],
)
def test_order_and_brackets_are_kept(tree: Expression, latex: str) -> None:
    assert render(tree).latex == latex


def test_what_has_no_notation_raises() -> None:
    with pytest.raises(ValueError, match="whole base"):
        render(Logarithm(P, Symbol("b")))
    with pytest.raises(ValueError, match="cannot be written 'x y'"):
        render(Symbol("x y"))
    with pytest.raises(ValueError, match="cannot be written 'somewhere'"):
        render(Probability((Event(1, "a"),), Context("somewhere", ())))
    with pytest.raises(ValueError, match="cannot say"):
        render(Probability((Event(1, "a"),), Context("xbar, y", ())))
    with pytest.raises(ValueError, match="needs an event"):
        render(Probability((), None))
    with pytest.raises(TypeError, match="not an expression"):
        render("p_2")  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize("printer", [Latex, MathML, Spoken])
@pytest.mark.parametrize("node", [sympy.sin(sympy.Symbol("x")), sympy.Integer(2), sympy.Symbol("x"), sympy.pi])
def test_printers_raise_on_nodes_that_they_do_not_know(
    printer: type[Latex] | type[MathML] | type[Spoken], node: sympy.Expr
) -> None:
    with pytest.raises(TypeError, match="no notation for"):
        printer(Setting()).doprint(node)


@pytest.mark.parametrize("word", ODD_WORDS)
def test_words_are_text_in_every_notation(word: str) -> None:
    atom = Probability((Event(2, word),), BIRD.xbar_context())
    formula = render(Logarithm(atom))
    assert etree.fromstring(formula.mathml).findtext(".//{*}mtext") == word
    assert parse_expression(formula.plain, LANGUAGE) == Logarithm(atom)
    convert(formula.latex)
    assert word in formula.spoken


@given(TREES)
@example(Power(rational(2), Power(P, Q)))
@settings(derandomize=True, max_examples=150, deadline=None)
def test_print_parse_gives_the_same_tree(tree: Expression) -> None:
    formula = render(tree)
    assert formula.plain == to_text(tree)
    assert formula.unicode == to_unicode(tree)
    assert parse_expression(formula.plain, LANGUAGE) == tree
    etree.fromstring(formula.mathml)
    convert(formula.latex)
    assert formula.spoken.isprintable()


PATCHES = tuple(entry for entry in CATALOGUE if isinstance(entry, RecordMisconception))


@pytest.mark.parametrize("quantity", ["objective", "loss", "mean-loss", "perplexity"])
@pytest.mark.parametrize("symbols", [False, True])
def test_every_record_reads_back_from_every_notation(quantity: Quantity, symbols: bool) -> None:
    """Print → parse → the same tree, for the keys, all misconceptions and all pairs of them."""
    shapes = set()
    for masked in (BIRD, MIXED):
        language = Language(sentence=sentence_of(masked))
        for base in (None, 2):
            key = objective_of(masked, quantity, base)
            single = [patch.apply(key, masked) for patch in PATCHES]
            pairs = [compose(a, b).apply(key, masked) for a in PATCHES for b in PATCHES]
            for record in (key, *single, *pairs):
                if isinstance(record, Refused):
                    continue
                tree = to_tree(record, masked.symbols() if symbols else None)
                shape, _ = shape_of(tree)
                if (shape, masked) in shapes and not (record is key or record in single):
                    continue
                shapes.add((shape, masked))
                formula = render_fast(tree)
                for text in (formula.plain, formula.unicode, formula.latex):
                    assert parse_expression(text, language) == tree, text
                etree.fromstring(formula.mathml)
    assert len(shapes) > 20


@given(TREES)
@settings(derandomize=True, max_examples=40, deadline=None)
def test_formulas_are_values(tree: Expression) -> None:
    assert render(tree) == render(tree)
    assert msgspec.json.encode(render(tree)) == msgspec.json.encode(render(tree))


def test_an_unspoken_language_is_spoken_in_english() -> None:
    tree = to_tree(objective_of(BIRD))
    assert render(tree, setting=Setting("fi")).spoken == render(tree).spoken
    assert render(tree, setting=Setting("de-CH")).spoken == render(tree, setting=Setting("de")).spoken


def test_spoken_numbers() -> None:
    assert [spoken_number(k, "de") for k in (1, 16, 21, 30, 99)] == [
        "eins",
        "sechzehn",
        "einundzwanzig",
        "dreißig",
        "neunundneunzig",
    ]
    assert [spoken_number(k, "en") for k in (0, 13, 40, 67)] == ["zero", "thirteen", "forty", "sixty-seven"]
