"""The sources for paper: Typst as Typst reads it, LaTeX as pylatexenc does, and formulas in both."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizgen.content import Code, CodeBlock, Emphasis, Formula, ListBlock, Paragraph, Strong, Table, Text, Tokens
from quizgen.exporters import format_of, plan
from quizgen.exporters.paper.extent import surely_fits
from quizgen.exporters.paper.formula_signs import ACCENTS, FONTS, FUNCTIONS, IGNORED, MATRICES, SIGNS, TEXTS, TWO
from quizgen.exporters.paper.formulas import _read, typst_math
from quizgen.exporters.paper.latex_notation import Latex, latex_math
from quizgen.exporters.paper.notation import Sheet
from quizgen.exporters.paper.typst_notation import Typst, escaped
from quizgen.exporters.rendering.phrases import phrase
from quizgen.exporters.rendering.text import printable
from quizgen.exporters.rendering.wording import wording
from quizgen.model import KINDS
from tests.conftest import not_run
from tests.exporters import example_items as examples
from tests.exporters.paper_reader import read_by_typst, typst, written
from tests.exporters.whole_bank import whole_bank

ITEMS = examples.everything()


def latex_nodes(source: str) -> Any:
    """The source as pylatexenc reads it, strictly."""
    try:
        from pylatexenc.latexwalker import LatexWalker
    except ImportError:
        not_run("pylatexenc", "pip install pylatexenc")
    return LatexWalker(source, tolerant_parsing=False).get_latex_nodes()[0]


def read_by_latex(source: str) -> str:
    """The text of LaTeX without formulas."""
    from pylatexenc.latex2text import LatexNodes2Text

    source = source.replace("\\textquotedbl{}", '{}"{}')  # it does not know this command
    return str(
        LatexNodes2Text(strict_latex_spaces=True, keep_braced_groups=False).nodelist_to_text(latex_nodes(source))
    ).replace("ˆ", "^")


def said(text: str) -> str:
    return " ".join(printable(text).split())


@pytest.mark.parametrize(
    "text",
    [*examples.AWKWARD, "= x", "- x", "+ x", "/ x: y", "1. x", "12. x", "a--b", "a---b", "...", "x-?y", "-5",
     "http://a.b/c", "@a", "<b>", "\\", "\\u{41}", "~", "// no", "/* no */", "`x`", "$x$", "#let x = 1", "[x]", "]",
     "*b*", "_e_", "it's", "“q”", "?`", "!`", ",,", "<<a>>", "a ^ b", "x & y", "%"],
    ids=lambda text: repr(text[:12]),
)  # fmt: skip
def test_nothing_in_a_text_is_markup(text: str) -> None:
    assert " ".join(read_by_typst(escaped(text)).split()) == said(text)
    between = read_by_typst("#emph[x];" + escaped(text) + "#emph[x];")
    assert " ".join(between.replace("‹emph›", "").split()) == said(text)
    assert " ".join(read_by_latex(Latex().text(text)).split()) == said(text)


@settings(max_examples=60)
@given(st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=40))
def test_any_text_reads_back(text: str) -> None:
    assert " ".join(read_by_typst(escaped(text)).split()) == said(text)


def test_text_next_to_a_piece_stays_text() -> None:
    content = (Strong((Text("a"),)), Text("(b)[c].d;e"), Code("x"), Text("[y]"), examples.log_pr(2, "a"), Text("(z)"))
    assert read_by_typst(Typst().inline(content)) == "‹strong›(b)[c].d;e‹raw›[y]‹equation›(z)"


@pytest.mark.parametrize("text", examples.AWKWARD, ids=lambda text: repr(text[:12]))
def test_latex_with_awkward_text_is_whole(tmp_path: Path, text: str) -> None:
    items = examples.awkward_items(text)
    quiz = examples.quiz_of(items, title=text)
    ids = tuple(generated.item.id for generated in items)
    files = written(tmp_path, "latex", items, msgspec.structs.replace(quiz, forms=(("ada", ids),)))
    for path, data in files.items():
        source = data.decode().partition("\\begin{document}\n")[2]
        assert source.endswith("\\label{quizlast}\n\\end{document}\n")
        body = source.removesuffix("\\end{document}\n")
        assert set(re.findall(r"\\([A-Za-z]+)", body)) <= set(COMMANDS.split()), path
        assert body.count("{") - body.count("\\{") == body.count("}") - body.count("\\}")
        if len(body) < 100_000:  # the reader is slow
            assert latex_nodes(body)
    learner = files["learners/ada.tex"].decode()
    latex = Latex()
    for mark in ("one", "two", "three"):
        assert learner.count(latex.text(f"{text} {mark}") + "}") == 7
    assert files == written(tmp_path / "again", "latex", items, msgspec.structs.replace(quiz, forms=(("ada", ids),)))


COMMANDS = """
    quiztitle quizabout quizname quiznote quizsection quizslot quizpage quizquestion quizlongquestion quizpart
    quizhelp quizoption quizboxed quizblankentry quizpairs quizgap quizline quizspace quizrow quizlongrow quizbox
    quizblank quizof quizkey quizright quizhead quizknown quizform quizanswer quizcodeline textbackslash textasciicircum
    textasciitilde textquotedbl textquotesingle textasciigrave texttt textbf emph newline par begin end item hline
    label linewidth log Pr text bar mathbf mid quad
"""


def test_every_command_that_is_used_is_defined() -> None:
    folder = Path(format_of("typst").fidelity.__code__.co_filename).parent
    used = set()
    for path in folder.glob("*.py"):
        used |= set(re.findall(r"notation\.(?:call|short)\(\s*\"(\w+)\"", path.read_text("utf-8")))
    assert len(used) > 18
    for name in used | {"boxed", "blankentry", "option", "longquestion", "space", "box", "blank"}:
        assert re.search(rf"#let quiz{name}\b", (folder / "booklet.typ").read_text("utf-8")), name
        assert re.search(rf"\\quiz{name}\b", (folder / "booklet.tex").read_text("utf-8")), name


# --- formulas


def every_command() -> list[str]:
    """A formula for each entry of the tables."""
    formulas = [f"a \\{name} b" for name in SIGNS] + [f"\\{name} x" for name in (*FUNCTIONS, *IGNORED)]
    formulas += [f"\\{name}{{x}}" for name in (*ACCENTS, *FONTS)] + [f"\\{name}{{a}}{{b}}" for name in TWO]
    formulas += [f"\\{name}{{some words}}" for name in TEXTS]
    formulas += [f"\\begin{{{name}}} a & b_1 \\\\ c^2 & -d \\end{{{name}}}" for name in MATRICES]
    formulas += [
        r"\sqrt[3]{x}",
        r"\sqrt{x}",
        r"\left( \frac{a}{b} \right]",
        r"\left. x \right|",
        r"{ab}^2",
        r"x''",
        "x_1'",
    ]
    formulas += [r"0{,}5 + 1.25", r"f(a, b; c): d! \, [x] / y", r"\operatorname{abs}(x)", r"\text{AT\&T \{x\} 5\%}"]
    return formulas


def test_typst_sets_every_command_of_the_tables_and_says_what_is_spoken() -> None:
    formulas = [Formula(latex, "", latex, latex, f"spoken {n}") for n, latex in enumerate(every_command())]
    assert [formula.latex for formula in formulas if typst_math(formula.latex) is None] == []
    from quizgen.exporters.pdf import _compiler

    typst()
    notation = Typst()
    source = notation.begin(Sheet("t", wording("en"))) + "".join(
        notation.paragraph(notation.formula(formula)) for formula in formulas
    )
    data = _compiler().compile(source.encode(), format="pdf", pdf_standards=["ua-1"])
    assert len(data) > 10_000


def test_every_formula_of_the_bank_is_a_formula() -> None:

    assembly = whole_bank()
    formulas: set[str] = set()

    def walk(value: object) -> None:
        if isinstance(value, Formula):
            formulas.add(value.latex)
        elif isinstance(value, tuple):
            for inner in value:
                walk(inner)
        elif isinstance(value, msgspec.Struct):
            for name in value.__struct_fields__:
                walk(getattr(value, name))

    for generated in assembly.items():
        walk(generated.item)
        walk(generated.key.solution)
        for part in generated.key.parts:
            for rival in getattr(part.key, "rivals", ()):
                walk(phrase(rival.feedback))
    assert len(formulas) > 60
    assert [latex for latex in formulas if typst_math(latex) is None or latex_math(latex) is None] == []


@pytest.mark.parametrize(
    "latex",
    [r"\input{/etc/passwd}", r"\write18{rm}", r"a}b", r"{a", r"x_1_2", r"x^2'", r"\left( a", r"a \right)",
     "a $ b", "a # b", "a % b", r"\def\x{y}", r"\begin{document}", r"\begin{pmatrix} a", "a & b",
     r"\catcode`\%", "\\", "",
     r"\csname x\endcsname", r"x^",
     "{" * 100 + "}" * 100, "a" * 30_000, r"\text{a \input{b}}", r"\frac{a}"],
)  # fmt: skip
def test_what_is_not_known_of_a_formula_is_text(latex: str) -> None:
    assert typst_math(latex) is None
    assert latex_math(latex) is None
    formula = Formula(latex, "", "shown $", "", "said")
    assert r"shown \$" in Latex().formula(formula)
    assert '"shown $"' in Typst().formula(formula)


SIGNS_OF_FORMULAS = (
    r"\text{", "{", "}", "\\", "0.5", "12.25", "1", "a", " ", "_", "^", r"\frac", r"\left(", r"\right)", r"\sqrt", "[",
    "]", r"\mathrm{", r"\operatorname{", '"', "'", "&", "\\\\", r"\begin{matrix}", r"\end{matrix}", "{,}",
    "1000000000.5", r"\textbf{", r"\bar", "+", r"\text{early}", r'\text{a "b"}', "\n", "#", "٣.٥",
)  # fmt: skip


@given(st.lists(st.sampled_from(SIGNS_OF_FORMULAS), min_size=1, max_size=9).map("".join))
@settings(max_examples=500)
def test_a_formula_is_the_same_read_by_its_form(latex: str) -> None:
    assert typst_math(latex) == _read(latex)


def test_formulas_of_latex_are_of_letters_that_tex_has() -> None:
    assert latex_math("x ≤ θ") == r"x \le \theta"
    assert latex_math(r"\text{größer ≤} ≤ x") == r"\text{größer ≤} \le x"
    assert latex_math("x ⟦ y") is None
    formula = examples.log_pr(2, "früh")
    assert Latex().formula(formula) == f"${formula.latex}$"


# --- what is said of an export


def test_all_kinds_are_kept_and_emoji_need_a_font_in_latex(tmp_path: Path) -> None:
    from quizgen.archive import write_archive

    for format_id in ("pdf", "typst", "latex"):
        assert set(format_of(format_id).kinds) == set(KINDS)
        assert format_of(format_id).keys == "apart"
        assert "docs/exporting/pdf.md" in format_of(format_id).next_step
    items = examples.awkward_items("🦊")
    archive = write_archive(tmp_path / "quiz", examples.quiz_of(items), items)
    assert [noted.caveat.code for noted in plan(archive, format_of("latex")).noted] == ["text:emoji"]
    assert plan(archive, format_of("typst")).noted == ()


def test_what_is_long_is_measured() -> None:
    item = examples.choice().item
    assert surely_fits(item, with_fields=True, large=False)
    word = (Text("word " * 8),)
    for block, enough in (
        (Paragraph((Text("word " * 700),)), True),
        (CodeBlock("x = 1\n" * 40), True),
        (ListBlock(((Paragraph(word),),) * 40), True),
        (Table((word,), ((word,),) * 40), True),
        (Paragraph((Emphasis(word), Tokens(("a",) * 900))), True),
        (Paragraph(word), False),
    ):
        long = msgspec.structs.replace(item, stem=(block,))
        assert surely_fits(long, with_fields=False, large=False) != enough
    assert not surely_fits(examples.essay().item, with_fields=True, large=False)


def test_latex_makes_no_other_signs_of_hyphens_and_angle_brackets() -> None:
    """LuaTeX joins ``--``, ``<<`` and ``,,`` whatever stands between them; only the font's setting forbids it."""
    fonts = [line for line in Latex().begin(Sheet("t", wording("en"))).splitlines() if line.startswith("\\setmainfont")]
    assert fonts
    assert all("Ligatures=TeXOff" in line for line in fonts)


def test_latex_has_no_table_that_is_longer_than_a_page() -> None:
    """TeX does not break a table: a long one becomes several, each with the header."""
    for width, count in ((1, 2), (20, 6)):
        rows = tuple(tuple((Text(f"{'x' * width} {row}"),) for _ in range(5)) for row in range(60))
        table = Table(tuple((Text(f"column {place}"),) for place in range(5)), rows)
        source = Latex().blocks((table,))
        assert (source.count("\\begin{tabular}"), source.count("column 0")) == (count, count)
        assert all(f"x {row} " in source for row in range(60))


def test_latex_has_narrower_tables_in_large_print() -> None:
    table = Table((), (tuple((Text("ten signs."),) for _ in range(4)),))
    for large, columns in ((False, "{llll}"), (True, "{p{")):
        latex = Latex()
        latex.begin(Sheet("t", wording("en"), large=large))
        assert columns in latex.blocks((table,))
