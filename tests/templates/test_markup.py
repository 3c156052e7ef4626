"""Markdown with formulas and holes: what it becomes, and that drawn words are never markup."""

from __future__ import annotations

import html

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from quizgen.content import (
    Code,
    CodeBlock,
    Emphasis,
    Formula,
    Gap,
    LineBreak,
    ListBlock,
    Paragraph,
    Strong,
    Table,
    Text,
    Tokens,
)
from quizgen.findings import CODES
from quizgen.markup import Hole, MisplacedHole, compile_blocks, compile_inline, inline_of
from quizgen.markup.latex_text import spoken_of, unicode_of
from quizgen.markup.mathml import LatexError, mathml_of


def fill(text: str, **values: object) -> tuple:
    compiled = compile_blocks(text)
    assert compiled.findings == ()
    return compiled.fill(lambda hole: values[hole.name])


def line(text: str, **values: object) -> tuple:
    (paragraph,) = fill(text, **values)
    return paragraph.content


def codes(text: str, **known: object) -> list[str]:
    findings = compile_blocks(text, **known).findings
    assert all(finding.code in CODES and finding.remedy for finding in findings)
    return [finding.code for finding in findings]


def test_inline_markup():
    assert line("a *b* **c** `d`  \ne\nf") == (
        Text("a "), Emphasis((Text("b"),)), Text(" "), Strong((Text("c"),)), Text(" "), Code("d"), LineBreak(),
        Text("e f"),
    )  # fmt: skip


def test_blocks():
    list_, code, table, paragraph = fill(
        "1. one\n2. two\n\n```python\nx = 1\n```\n\n| a | b |\n|---|---|\n| 1 | *2* |\n\n[CLS] & <mask>"
    )
    assert list_ == ListBlock(((Paragraph((Text("one"),)),), (Paragraph((Text("two"),)),)), ordered=True)
    assert code == CodeBlock("x = 1", "python")
    assert table == Table(((Text("a"),), (Text("b"),)), (((Text("1"),), (Emphasis((Text("2"),)),)),))
    assert paragraph == Paragraph((Text("[CLS] & <mask>"),))


def test_words_meet_their_neighbours_as_one_text():
    assert line("a {{ w }}, b", w="x") == (Text("a x, b"),)


@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.text(alphabet="*_`$<>&{}[]()\\|#-+.!ab \n%é", min_size=1, max_size=30))
def test_a_drawn_word_is_never_markup(word):
    assert line("x {{ w }} y", w=word) == (Text(f"x {word} y"),)
    assert line("**{{ w }}**", w=word) == (Strong((Text(word),)),)
    (formula,) = line("$\\text{a {{ w }}} + {{ w }}$", w=word)
    etree.fromstring(formula.mathml)
    assert word in "".join(etree.fromstring(formula.mathml).itertext()) or word.isspace()


def test_holes_take_content():
    tokens, table = Tokens(("[CLS]", "a")), Table((), ())
    assert line("a {{ t }} b", t=tokens) == (Text("a "), tokens, Text(" b"))
    assert line("{{ w }}!", w=(Emphasis((Text("x"),)), Text(" y"))) == (Emphasis((Text("x"),)), Text(" y"), Text("!"))
    assert fill("{{ t }}", t=table) == (table,)
    assert fill("- {{ t }}", t=table) == (ListBlock(((table,),)),)
    assert fill("| {{ g }} |\n|---|\n| {{ g }} |", g=Gap("p")) == (Table(((Gap("p"),),), (((Gap("p"),),),)),)
    assert line("`{{ t }}`", t=tokens) == (Code("[CLS] a"),)
    assert fill("```\n{{ t }}\n```", t=tokens) == (CodeBlock("[CLS] a"),)


def test_a_table_inside_a_line_is_refused():
    with pytest.raises(MisplacedHole, match="a paragraph of its own"):
        fill("see {{ t }}", t=Table((), ()))
    with pytest.raises(MisplacedHole, match="inside a formula or code"):
        fill("`{{ t }}`", t=Table((), ()))


def test_holes_are_read_once_with_filters_and_attributes():
    compiled = compile_blocks("{{ a.b | f(3, 'x') | g }} {{ c }} {{ c }}")
    assert compiled.holes == (Hole("a", ("b",), (("f", (3, "x")), ("g", ()))), Hole("c"))
    assert str(compiled.holes[0]) == "{{ a.b | f(3, 'x') | g }}"


def test_numbers_words_and_formulas_inside_formulas():
    (formula,) = line("$\\frac{ {{ a }} }{p_{ {{ k }} }}$", a="−2", k="12")
    assert formula.latex == "\\frac{ -2 }{p_{ 12 }}"
    assert formula.unicode == "−2/p₁₂"
    assert formula.spoken == "−2 over p sub 12"
    assert "<mrow><mo>−</mo><mn>2</mn></mrow>" in formula.mathml
    (formula,) = line("$x = {{ w }}$", w="a&b")
    assert (formula.latex, formula.unicode) == ("x = \\text{a\\&b}", "x = a&b")
    assert "<mtext>a&amp;b</mtext>" in formula.mathml
    (inner,) = line("$\\log p$")
    (formula,) = line("$1 + {{ f }}$", f=inner)
    assert (formula.latex, formula.unicode) == ("1 + {\\log p}", "1 + log p")
    etree.fromstring(formula.mathml)


def test_display_formulas():
    (paragraph,) = fill("$$\n\\sum_i p_i\n$$")
    assert paragraph.content[0].display
    assert 'display="block"' in paragraph.content[0].mathml


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ 'a'*10**8 }}", ["Q200"]),
        ("{{ a() }} {{ a[0] }} {{ a is defined }} {{ 1 }} {{ }}", ["Q200"] * 5),
        ("{% if a %}x{% endif %} {# c #}", ["Q200"] * 3),
        ("{{ a | f(b) }} {{ a | f(x=1) }} {{ a | f(*a) }}", ["Q200"] * 3),
        ("{{ a", ["Q200"]),
        ("{{" + "(" * 90 + "a" + ")" * 90 + "}}", ["Q200"]),
        ("{{ " + "a" * 500 + " }}", ["Q200"]),
        ("{{ x }}", ["Q201"]),
        ("{{ a | valu }}", ["Q202"]),
        ("a $b", ["Q203"]),
        ("cost $5 and $6", ["Q203"]),
        ("$ a $", ["Q203"]),
        (r"cost \$5", []),
        ("$\\frac{a$ $a}$ $\\foo$ $x_$ $\\frac{a}$ $$", ["Q204", "Q204", "Q204", "Q204", "Q204", "Q203"]),
        ("<script>alert(1)</script>", ["Q205", "Q205"]),
        ("a < b, <mask>, <s>", []),
        ("# Heading", ["Q206"]),
        ("> quotation", ["Q206"]),
        ("[a](http://b) ![c](d)", ["Q206", "Q206"]),
        ("a \U000f0000 b", ["Q005"]),
    ],
)
def test_findings(text, expected):
    assert codes(text, names={"a"}, filters={"f", "value"}) == expected


def test_html_is_shown_as_it_is_written():
    compiled = compile_blocks("<script>alert(1)</script>")
    assert compiled.fill(lambda hole: "") == (Paragraph((Text("<script>alert(1)</script>"),)),)
    assert {finding.severity.value for finding in compiled.findings} == {"warning"}


def test_a_broken_text_can_still_be_filled():
    assert compile_blocks("$\\foo$ {{ a() }}").fill(lambda hole: "") == (Paragraph((Text("$\\foo$ {{ a() }}"),)),)


def test_inline_texts():
    compiled = compile_inline("It is {{ a }}\n  **so**.")
    assert compiled.fill(lambda hole: "x") == (Text("It is x "), Strong((Text("so"),)), Text("."))
    assert inline_of("the *log* of $p_1$, {{ a }}")[1:3] == (Emphasis((Text("log"),)), Text(" of "))
    assert inline_of("{{ a }}") == (Text("{{ a }}"),)


@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.text(alphabet="*_`$<>{}[]()\\|#-+.!ab \n%1>", max_size=60))
def test_no_text_raises(text):
    compile_blocks(text).fill(lambda hole: "x")
    compile_inline(text).fill(lambda hole: "x")


# ---------------------------------------------------------------- LaTeX


@pytest.mark.parametrize(
    ("latex", "text", "spoken"),
    [
        (r"\log\Pr(x_2=\text{early}\mid\bar{\mathbf{x}})", "log Pr(x₂=early | x̄)",
         "log the probability of x sub 2 equals early given x bar"),
        (r"-\sum_{i\in\mathcal{A}} \log p_i", "−∑_{i∈A} log pᵢ", "minus the sum sub i in A log p sub i"),
        (r"e^{-x}", "e^(−x)", "e to the power minus x"),
        (r"x^2 + \sqrt{a+b}", "x² + √(a+b)", "x to the power 2 plus the square root of a plus b"),
        (r"\frac{1}{n}", "1/n", "1 over n"),
        (r"x_{t-1} - z_{\text{true}}", "xₜ₋₁ − z_true", "x sub t minus 1 minus z sub true"),
        (r"\theta \le 0.5", "θ ≤ 0.5", "theta is at most 0.5"),
        (r"\unknown{x}", r"\unknown{x}", r"\unknown{x}"),
    ],
)  # fmt: skip
def test_latex_as_text_and_as_words(latex, text, spoken):
    assert unicode_of(latex) == text
    assert spoken_of(latex) == spoken


@pytest.mark.parametrize("latex", ["", "{", "}", r"\frac{a}", r"\foo", "x_", "a_b_c", "{" * 60 + "}" * 60, "x" * 3000])
def test_bad_latex_is_refused(latex):
    with pytest.raises(LatexError):
        mathml_of(latex)


@settings(max_examples=300, derandomize=True, deadline=None)
@given(st.text(alphabet=r"\{}_^abfrctex12+- $%&", max_size=25))
def test_latex_is_refused_or_becomes_well_formed_mathml(latex):
    unicode_of(latex)
    try:
        mathml = mathml_of(latex)
    except LatexError:
        return
    assert etree.fromstring(mathml).tag == "{http://www.w3.org/1998/Math/MathML}math"


@pytest.mark.parametrize("words", ["a & b", r"a \& b", "a < b", "a > b", "50 \\% é"])
def test_words_inside_a_formula(words):
    mathml = mathml_of(f"p = \\text{{{words}}}")
    assert words.replace("\\", "") in "".join(etree.fromstring(mathml).itertext()).replace("\xa0", " ")


@pytest.mark.parametrize(("latex", "term"), [(r"[0, \infty)", "∞"), (r"a + \dots - b", "…"), (r"p_1 \cdots p_n", "⋯")])
def test_infinity_and_dots_stand_without_the_room_of_an_operator(latex: str, term: str) -> None:
    mathml = html.unescape(mathml_of(latex))
    assert f"<mi>{term}</mi>" in mathml
    assert f"<mo>{term}</mo>" not in mathml


def test_formulas_carry_every_notation():
    (formula,) = line("$p_1$")
    assert isinstance(formula, Formula)
    assert all((formula.latex, formula.mathml, formula.unicode, formula.plain, formula.spoken))


def test_formulas_of_authors_are_spoken_in_the_language_of_the_text():
    spoken = [
        node.spoken
        for language in ("en", "de")
        for node in compile_inline(r"$\frac{1}{\ln 2} \approx 1.44$", language=language).fill(lambda hole: "")
    ]
    assert spoken == ["1 over natural log 2 is about 1.44", "1 durch natürlicher Logarithmus 2 ist ungefähr 1.44"]
