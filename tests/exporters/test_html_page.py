"""Web pages as bytes: what an exam must not hold, forms, and what hostile content becomes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from fractions import Fraction as F
from pathlib import Path
from typing import Any

import msgspec
import pytest

from grading.answersheet import PartKey, to_json
from grading.keys import Digits, NumericKey, Tolerance
from quizgen import Source, assemble, load_bank
from quizgen.archive import Archive, read_archive, write_archive
from quizgen.blueprint import plan_blueprint, read_blueprint
from quizgen.content import Formula, Paragraph
from quizgen.exporters import export, format_of, html_page
from quizgen.exporters.contract import Options
from quizgen.exporters.html_page import fidelity, quiz_page, write
from quizgen.exporters.html_page.checking import checking_data, explained_answers
from quizgen.exporters.html_page.page import digest, page
from quizgen.exporters.html_page.questions import Mode, render_question
from quizgen.exporters.preview import contact_sheet
from quizgen.exporters.rendering.mathml import formula_html
from quizgen.model import NumericInteraction, Purpose
from quizgen.roster import Learner
from tests.exporters import example_items as examples

ITEMS = examples.everything()


def archive_of(folder: Path, purpose: Purpose = "practice", forms: dict[str, tuple[str, ...]] | None = None) -> Archive:
    quiz = examples.quiz_of(ITEMS, purpose)
    quiz = msgspec.structs.replace(quiz, forms=tuple((forms or {}).items()))
    return write_archive(folder / "quiz", quiz, ITEMS)


def pages(archive: Archive, options: Options | None = None) -> dict[str, str]:
    found: dict[str, str] = {}
    for path, chunk in write(archive, options or Options()):
        found[path] = found.get(path, "") + chunk.decode()
    return found


def strings(value: Any) -> Iterator[str]:
    """All texts inside a JSON value."""
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from strings(inner)


def data_of(html: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="quiz-data">(.*?)</script>', html, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


def test_an_exam_page_holds_nothing_of_the_keys(tmp_path: Path) -> None:
    exam = pages(archive_of(tmp_path, "exam"))["index.html"]
    practice = pages(archive_of(tmp_path / "p"))["index.html"]
    shown = " ".join(text for generated in ITEMS for text in strings(json.loads(to_json(generated.item))))
    secrets = {
        text
        for generated in ITEMS
        for part in generated.key.parts
        for rival in getattr(part.key, "rivals", ())
        for text in (rival.title, rival.hint, rival.feedback.partition("$")[0], *rival.misconceptions)
    }
    secrets |= {hint for generated in ITEMS for hint in generated.key.hints}
    secrets |= {"1.6094379124341003746", "0.69314718", "names the log", "log-probability of its", "rounded too early"}
    secrets = {secret for secret in secrets if len(secret) > 6 and secret not in shown}
    assert len(secrets) > 25
    assert [secret for secret in secrets if secret in exam] == []
    assert sum(secret in practice for secret in secrets) > 15
    assert not any("check" in part for question in data_of(exam)["items"] for part in question["parts"])
    for name in ("credits", "radius", "data-when", "feedback"):
        assert not re.search(rf'"{name}"|class="{name}', exam), name


def test_a_page_needs_nothing_else_and_allows_nothing_else(tmp_path: Path) -> None:
    html = pages(archive_of(tmp_path))["index.html"]
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)
    assert policy is not None
    assert policy[1].startswith("default-src 'none'; ")
    assert "unsafe" not in policy[1]
    script, style = (
        re.search(r"<script>(.*?)</script>", html, re.DOTALL),
        re.search(r"<style>(.*?)</style>", html, re.DOTALL),
    )
    assert script is not None
    assert style is not None
    assert digest(script[1]) in policy[1]
    assert digest(style[1]) in policy[1]
    assert not re.search(r"""(src|href)=["'](?!#)|url\(|@import|https?://|style=["']|\son\w+=["']""", html)


def test_no_text_ends_the_data_of_the_script(tmp_path: Path) -> None:
    body = page("t", "<main></main>", data={"text": "</script><script>alert(1)</script>\u2028"}).decode()
    assert body.count("</script>") == 2
    assert data_of(body) == {"text": "</script><script>alert(1)</script>\u2028"}


def test_the_first_of_each_pool_or_the_form_of_a_learner(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, forms={"ada": (ITEMS[0].item.id, ITEMS[6].item.id), "Bob/x": (ITEMS[1].item.id,)})
    found = pages(archive)
    assert list(found) == ["index.html", "ada.html", "bob-x.html"]
    assert 'href="ada.html">ada</a>' in found["index.html"]
    assert [question["item"] for question in data_of(found["ada.html"])["items"]] == [
        ITEMS[0].item.id,
        ITEMS[6].item.id,
    ]
    assert 'value="Bob/x"' in found["bob-x.html"]
    assert list(pages(archive, Options(learner="ada"))) == ["index.html"]
    (tmp_path / "exam").mkdir()
    exam = archive_of(tmp_path / "exam", "exam", {"ada": (ITEMS[0].item.id,), "bob": (ITEMS[1].item.id,)})
    assert list(pages(exam)) == ["ada.html", "bob.html"]


def test_a_page_is_the_same_each_time_and_can_be_made_without_keys(tmp_path: Path) -> None:
    archive = archive_of(tmp_path)
    assert pages(archive) == pages(archive)
    (tmp_path / "quiz" / "keys.jsonl").unlink()
    given_away = read_archive(tmp_path / "quiz")
    export(given_away, [format_of("html")])
    assert not any("check" in part for q in data_of(pages(given_away)["index.html"])["items"] for part in q["parts"])


def test_an_item_of_another_language_has_its_words() -> None:
    generated = examples.numeric()
    german = msgspec.structs.replace(generated.item, language="de")
    assert "Prüfen" in render_question(german, generated.key)
    assert "Check" in render_question(msgspec.structs.replace(german, language="xx"), generated.key)


@pytest.mark.parametrize(
    "mathml",
    [
        "<math><mi onclick='x()'>p</mi><script>alert(1)</script></math>",
        "<math><annotation-xml encoding='text/html'><img src='x'></img></annotation-xml></math>",
        "<!DOCTYPE math [<!ENTITY a 'aaaa'>]><math><mi>&a;</mi></math>",
        "<svg><math></math></svg>",
        "<math><mi>p</math>",
        "not markup",
    ],
)
def test_what_is_no_presentation_mathml_falls_back_to_unicode(mathml: str) -> None:
    html = formula_html(Formula("p", mathml, "p<q", "p", "p less q"))
    assert html == '<span class="formula" role="math" aria-label="p less q">p&lt;q</span>'


def test_attributes_that_do_something_are_dropped() -> None:
    mathml = (
        '<math xmlns="http://www.w3.org/1998/Math/MathML"><mi href="javascript:x()" mathvariant="normal">p</mi></math>'
    )
    html = formula_html(Formula("p", mathml, "p", "p", 'say "p"', display=True))
    assert html == (
        '<math display="block" alttext="say &quot;p&quot;" aria-label="say &quot;p&quot;">'
        '<mi mathvariant="normal">p</mi></math>'
    )


def test_functions_keep_their_distance_and_bold_letters_are_bold() -> None:
    mathml = (
        "<math><mi>log</mi><mo>&#8289;</mo><mrow><mi>Pr</mi><mo>&#8289;</mo><mrow><mo>(</mo>"
        '<mi mathvariant="bold">x</mi></mrow></mrow></math>'
    )
    html = formula_html(Formula("", mathml, "u", "p", "s"))
    assert html.count('rspace="0.1667em"') == 1
    assert html.index("rspace") < html.index("Pr")
    assert "<mi>𝐱</mi>" in html


@pytest.mark.parametrize(("latex", "spaces"), [(r"\log p", 1), (r"\log_2 p", 1), (r"\log(p)", 0), (r"p + q", 0)])
def test_a_name_before_its_argument_is_set_apart(latex: str, spaces: int) -> None:
    assert formula_html(Formula(latex, "", latex, latex, latex)).count("<mspace") == spaces


def test_a_formula_of_an_author_is_drawn_from_its_latex() -> None:
    html = formula_html(Formula(r"\frac{1}{n}", "", r"\frac{1}{n}", "1/n", "one over n"))
    assert re.search(r"<mfrac>.*<mn>1</mn>.*<mi>n</mi>.*</mfrac>", html)


def test_the_contact_sheet_has_no_script_and_takes_many_variants() -> None:
    sheet = contact_sheet((ITEMS[0] for _ in range(200)), title="Many <of> them").decode()
    assert "<script" not in sheet
    assert "Many &lt;of&gt; them" in sheet
    assert sheet.count('class="card"') == 200


def test_modes() -> None:
    generated = examples.choice()
    item = msgspec.structs.replace(generated.item, stem=(Paragraph(()),))
    exam, practice, teacher = (render_question(item, generated.key, mode) for mode in Mode)
    assert "Flips the sign" not in exam
    assert re.search(r'data-when="flip-sign" hidden>', practice)
    assert "✓" not in practice
    assert "✓ right" in teacher
    assert "hidden" not in teacher


def test_numbers_whose_digits_count_are_left_to_the_grader(tmp_path: Path) -> None:
    number, asked = NumericKey("0.3", Tolerance("absolute", F(1, 100), "outside")), Digits("figures", 3)
    assert checking_data(PartKey("answer", number))["numbers"] == [  # type: ignore[index]
        {"middle": "0.3", "radius": "0.01", "credit": 1.0, "when": "0", "open": True}
    ]
    with_digits = msgspec.structs.replace(number, digits=asked)
    assert checking_data(PartKey("answer", with_digits)) is None
    assert list(explained_answers(PartKey("answer", with_digits))) == []
    generated = examples.single("n", "numeric", (), NumericInteraction(), with_digits)
    archive = write_archive(tmp_path / "n", examples.quiz_of((generated,)), (generated,))
    html = pages(archive)["index.html"]
    assert data_of(html)["items"][0]["parts"][0].get("check") is None
    assert [caveat.code for caveat in fidelity(generated.item, generated.key).caveats] == [
        "numeric:reading",
        "numeric:digits",
    ]


def test_sections_and_the_title_are_in_the_language_of_the_learner(tmp_path: Path) -> None:
    text = (
        "title: Midterm\nlanguage: en\nvariants: 1\nsections: [{title: Concepts, instructions: Choose.}]\n"
        "slots: [{template: why-sum-of-logs, section: Concepts}]\n"
        "translations: {de: {title: Zwischentest, sections: [{title: Begriffe, instructions: Wähle.}]}}\n"
    )
    (tmp_path / "plan.yaml").write_text(text, encoding="utf-8")
    plan = read_blueprint(tmp_path / "plan.yaml")
    bank = load_bank()
    roster = [Learner("a"), Learner("b", language="de")]
    assembly = assemble(
        bank, source=Source(seed=1), slots=plan_blueprint(plan, bank), roster=roster,
        sections=plan.sections, title=plan.title, titles=dict(plan.titles), language=plan.language,
    )  # fmt: skip
    archive = assembly.freeze(tmp_path / "quiz")
    english, german = (
        quiz_page(archive, form, sitting).decode()
        for (_, form), sitting in zip(archive.quiz.forms, archive.quiz.sittings, strict=True)
    )
    for shown, words, others in (
        (english, ("Midterm", "Concepts", "Choose."), ("Zwischentest", "Begriffe", "Wähle.")),
        (german, ("Zwischentest", "Begriffe", "Wähle."), ("Midterm", "Concepts", "Choose.")),
    ):
        assert f"<h1>{words[0]}</h1>" in shown
        assert f"<title>{words[0]}</title>" in shown
        assert f"<h2>{words[1]}</h2><p>{words[2]}</p>" in shown
        assert not [word for word in others if f">{word}<" in shown]


SCRIPTS = sorted(Path(html_page.__file__).parent.parent.glob("*/*.js"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_no_script_fails_as_a_whole_in_a_browser_of_some_years_ago(script: Path) -> None:
    """One sign that Safari before 16.4 does not know in a pattern, and no answer could be saved."""
    assert re.findall(r"\(\?<[=!]", script.read_text("utf-8")) == []


def test_whoever_closes_a_page_is_asked_in_older_browsers_too() -> None:
    (page_script,) = (script for script in SCRIPTS if script.name == "page.js")
    assert "event.returnValue = true" in page_script.read_text("utf-8")


def test_the_focus_is_seen_where_an_option_cannot_know_of_it() -> None:
    style = (Path(html_page.__file__).parent / "page.css").read_text("utf-8")
    assert [line for line in style.splitlines() if "outline: none" in line] == [
        "@supports selector(:has(*)) { .option input { outline: none; } }"
    ]
