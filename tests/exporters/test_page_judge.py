"""The marks of the page's script beside those of grading: what the page marks, grading marks alike.

The page may leave to grading what it cannot read; it must not mark what grading refuses, and never otherwise.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction as F
from pathlib import Path
from typing import Any

import pytest

from grading.keys import (
    Band,
    JointCondition,
    Key,
    MultipleAnswerKey,
    NumericKey,
    NumericTupleKey,
    Rival,
    TextKey,
    Tolerance,
)
from grading.marking import grade_part
from quizgen.archive import write_archive
from quizgen.exporters.contract import Options
from quizgen.exporters.html_page import fidelity, write
from quizgen.model import (
    GeneratedItem,
    MultipleAnswerInteraction,
    NumericInteraction,
    NumericTupleInteraction,
    TextInteraction,
)
from tests.exporters import example_items as examples

ASK = """
(cases) => {
  const { data, answerOf, markOf } = window.quizPage;
  const type = (field, text) => { field.value = text; };
  return cases.map(([place, typed]) => {
    const [part] = data.items[place].parts, field = document.getElementById(part.element);
    if (field.tagName === "INPUT") type(field, typed);
    else field.querySelectorAll("input").forEach((one, number) => {
      if (one.type === "checkbox") one.checked = typed.includes(one.value); else type(one, typed[number]);
    });
    const answer = answerOf(part), mark = markOf(part);
    return [answer, answer === null || mark.note ? null : mark.credit, mark.when ?? []];
  });
}
"""

NUMBERS = (
    NumericKey(
        "-log(0.2)",
        Tolerance("absolute", F(1, 200)),
        (Band(F(1, 50), F(3, 4)),),
        "nats",
        (Rival("log(2)", ("m",), F(1, 4)),),
    ),
    NumericKey("3/2"),
    NumericKey("1500"),
    NumericKey("1609.5", Tolerance("relative", F(1, 100)), decimal_comma=True),
    NumericKey("1.609", Tolerance("absolute", F(1, 100)), unit="cm", decimal_comma=True),
    NumericKey("50", Tolerance("absolute", F(1)), unit="%"),
    NumericKey("3.141592", Tolerance("decimals", F(2))),
    NumericKey("-0.25", Tolerance("significant", F(2)), rivals=(Rival("0.25", ("s",), F(1, 2)), Rival("1/4", ("t",)))),
    NumericKey("1500", Tolerance("absolute", F(10), "outside"), unit="GPU hours"),
)
TEXTS = (
    TextKey(
        ("the early bird", "it's “early”"),
        rivals=(
            Rival("the bird", ("a",), F(1, 2)),
            Rival("THE BIRD", ("b",), F(1, 4)),
            Rival("worm", ("c", "d"), F(1, 2)),
            Rival("Worm", ("e",), F(1, 3)),
        ),
    ),
    TextKey(("Straße", "cross-entropy", "İstanbul", "ΛΌΓΟΣ")),
    TextKey(("Straße", "naïve-Bayes"), case_sensitive=True),
    TextKey(("[CLS] the [MASK] bird",), "tokens", rivals=(Rival("[CLS] the bird", ("x",), F(1, 2)),)),
    TextKey(("[X] early [Y]",), "tokens"),
)
CONDITIONS = (JointCondition("0 < a <= 1"), JointCondition("0 < b <= 1"), JointCondition("a + b > 11/10"))
KNOWN = (Rival("0.5; 0.55", ("x",), F(1, 4)),)
TWICE = (Rival("0.9; 11/20", ("x",), F(1, 4)), Rival("0.9; 11/20", ("y",), F(1, 2)))
TUPLES = (
    NumericTupleKey(("a", "b"), CONDITIONS, ("0.9", "0.8"), KNOWN),
    NumericTupleKey(("a", "b"), (JointCondition("a + b > 3/2"),), ("1", "1"), TWICE),
)

TYPED = (
    *("1.609", "1,609", "1.61", "-0.25", "−0.25", "–0.25", "1500", "1 500", "1,500", "1.500", "1'500", "50", "50 %"),
    *(
        "3/2",
        "6/4",
        "15e-1",
        "1609.5",
        "1609,5",
        "1.609,5",
        "1,609.5",
        "1 609,5",
        "3.14",
        "3.141592",
        "0",
        "1.609 nats",
    ),
    *("1,609 cm", "1500 GPU hours", "1.5e3", "1.5 E3", "1,5e3", "1.609e3", "0.9", "0,9", "0.55", "0.50"),
)
WRITTEN = (
    *(
        "it’s",
        "“early”",
        '"early"',
        "STRASSE",
        "ẞ",
        "Cross‑Entropy",
        "cross\u00adentropy",
        "naı\u0308ve‐Bayes",
        "i̇stanbul",
    ),
    *("λόγος", "λόγοσ", "<mask>", "[M]", "[cls]", "<extra_id_0>", "<extra_id_1>", "⟨extra_id_5⟩", "[x]", "worm", "THE"),
)
PIECES = (
    *(
        "1",
        "5",
        "0",
        ".",
        ",",
        "-",
        "−",
        "–",
        "+",
        " ",
        "  ",
        "\u00a0",
        "\u2009",
        "\u202f",
        "\ufeff",
        "\u200b",
        "/",
        "e",
    ),
    *(
        "E",
        "e5",
        "E-3",
        "%",
        "NATS",
        "bits",
        "CM",
        "GPU hours",
        "'",
        "’",
        "(",
        "$",
        "²",
        "½",
        "٣",
        "５",
        "．",
        "=",
        "~",
        "9" * 61,
    ),
    *("1e400", " 500", "\\cdot 10^{3}", "x10^3", "log(0.2)", "inf"),
)
VARIATIONS = 700


def made(name: str, key: Key) -> GeneratedItem:
    match key:
        case NumericKey():
            return examples.single(name, "numeric", (), NumericInteraction(key.unit), key)
        case NumericTupleKey():
            numbers = tuple(examples.option(number, number) for number in key.names)
            return examples.single(name, "numeric-tuple", (), NumericTupleInteraction(numbers), key)
        case MultipleAnswerKey():
            options = tuple(examples.option(id_, id_) for id_ in key.options)
            return examples.single(name, "multiple-answer", (), MultipleAnswerInteraction(options), key)
        case TextKey():
            return examples.single(name, "short-answer", (), TextInteraction(key.comparison == "tokens"), key)
    raise TypeError(key)


@pytest.fixture
def marked(browser: Any, tmp_path: Path) -> Iterator[Any]:
    """Marks typed texts on the page of some keys: (answer, credit or None, what is said of it) for each."""
    page = browser.new_page()

    def mark(keys: tuple[Key, ...], cases: list[tuple[int, Any]]) -> list[Any]:
        items = tuple(made(f"q{place}", key) for place, key in enumerate(keys))
        archive = write_archive(tmp_path / "quiz", examples.quiz_of(items), items)
        html = b"".join(chunk for _, chunk in write(archive, Options())).decode()
        path = tmp_path / "page.html"
        path.write_text(html.replace('id="quiz-data">{', 'id="quiz-data">{"platform":"test",', 1), "utf-8")
        page.goto(path.as_uri())
        answers: list[Any] = page.evaluate(ASK, cases)
        return answers

    yield mark
    page.close()


def varied(draws: random.Random, text: str, pieces: tuple[str, ...]) -> str:
    for _ in range(draws.randint(0, 3)):
        place = draws.randint(0, len(text))
        text = (
            text[:place] + (draws.choice(pieces) if draws.random() < 0.7 else "") + text[place + draws.randint(0, 1) :]
        )
    return text


def number(draws: random.Random) -> str:
    return varied(draws, draws.choice(TYPED), PIECES)


def wording(draws: random.Random, key: TextKey) -> str:
    words = draws.choice((*key.accepted, *(rival.value for rival in key.rivals))).split()
    for _ in range(draws.randint(0, 2)):
        place = draws.randrange(len(words))
        words[place] = draws.choice((*WRITTEN, words[place].upper(), words[place].lower(), words[place].swapcase()))
    text = draws.choice((" ", "  ", "\u00a0")).join(words)
    return varied(draws, text, ("\u200b", "\u00ad", "’", "“", "‑", " ", "\u2009", "\ufeff"))


def cases(keys: tuple[Key, ...], draws: random.Random) -> Iterator[tuple[int, Any]]:
    for place, key in enumerate(keys):
        for _ in range(VARIATIONS):
            match key:
                case NumericTupleKey():
                    yield place, [number(draws), draws.choice(("0.9", ".8", "11/20", "0.55", "1", ""))]
                case TextKey():
                    yield place, wording(draws, key)
                case _:
                    yield place, number(draws)


@pytest.mark.parametrize("keys", [NUMBERS, TEXTS, TUPLES], ids=["numbers", "texts", "tuples"])
def test_what_the_page_marks_grading_marks_alike(marked: Any, keys: tuple[Key, ...]) -> None:
    asked = list(cases(keys, random.Random(7)))
    counted: Counter[bool] = Counter()
    for (place, typed), (answer, credit, _) in zip(asked, marked(keys, asked), strict=True):
        counted[credit is None] += 1
        if credit is not None:
            ours = grade_part(made("q", keys[place]).key.parts[0], answer)
            assert ours.score == pytest.approx(credit, abs=1e-6), (keys[place], typed, ours)
    assert counted[False] > VARIATIONS / 4


SHARED = tuple(Rival(value, (value,), F(1, parts)) for value, parts in (("0", 4), ("0.005", 4), ("0.0000001", 1)))
ENDS = (
    (NumericKey("-1/3", Tolerance("relative", F(1, 100), "outside")), ("-0.33", "-0.3299"), 0),
    (NumericKey("-1/3", Tolerance("relative", F(1, 100), "outside")), ("-0.3300000001", "-0.3366666", "-1/3"), 1),
    (NumericKey("-1/3", Tolerance("relative", F(1, 100))), ("-0.33", "-0.3366"), 1),
    (NumericKey("2", Tolerance("absolute", F(1, 200)), rivals=SHARED), ("0.002", "0", "0.005"), 0),
    (NumericKey("2", Tolerance("absolute", F(1, 200)), rivals=SHARED[:2]), ("0.002", "0", "0.005"), 0.25),
)


@pytest.mark.parametrize(("key", "typed", "credit"), ENDS)
def test_ends_of_intervals_and_numbers_that_are_several_wrong_values(
    marked: Any, key: NumericKey, typed: tuple[str, ...], credit: float
) -> None:
    """An end that is not inside is not, though the middle is a third; three wrong values have to agree on a credit."""
    for answer, found, _ in marked((key,), [(0, text) for text in typed]):
        assert (found, grade_part(made("q", key).key.parts[0], answer).score) == (credit, credit), answer


@pytest.mark.parametrize(
    ("typed", "credit"),
    [
        ("the early bird", 1),
        ("It’s ”EARLY”", 1),
        ("the\u00ad early\u200b bird", 1),
        ("the bird", 0),  # two known answers read alike and earn otherwise
        ("worm", 1 / 3),  # of two the one with fewer misconceptions is meant
    ],
)
def test_wordings_are_compared_as_in_grading(marked: Any, typed: str, credit: float) -> None:
    ((_, found, _),) = marked(TEXTS[:1], [(0, typed)])
    assert found == pytest.approx(credit, abs=1e-6)


def test_every_sign_has_the_case_that_it_has_in_grading(marked: Any) -> None:
    """Each letter of the planes that have letters with case, beside all that it is the same as."""
    signs = [chr(code) for code in (*range(0x21, 0x3000), *range(0xA640, 0xAB30), *range(0xFB00, 0xFB18))]
    letters = [sign for sign in signs if sign.casefold() != sign or sign.upper() != sign]
    keys = tuple(TextKey((f"a{sign}b",)) for sign in letters)
    asked = [(place, f"A{other}B") for place, sign in enumerate(letters) for other in {sign.lower(), sign.upper()}]
    for (place, typed), (answer, credit, _) in zip(asked, marked(keys, asked), strict=True):
        assert credit == grade_part(made("q", keys[place]).key.parts[0], answer).score, (letters[place], typed)


@pytest.mark.parametrize("scoring", ["plus-minus", "all-or-nothing", "per-option"])
@pytest.mark.parametrize("right", [(), ("a",), ("a", "b"), ("a", "b", "c")])
def test_several_options(marked: Any, scoring: Any, right: tuple[str, ...]) -> None:
    key = MultipleAnswerKey(right, ("a", "b", "c"), scoring)
    asked = [(0, ticked) for ticked in (["a"], ["b"], ["c"], ["a", "b"], ["b", "c"], ["a", "c"], ["a", "b", "c"])]
    for answer, credit, _ in marked((key,), asked):
        assert credit == pytest.approx(grade_part(made("q", key).key.parts[0], answer).score, abs=1e-6), answer


def test_it_is_said_that_a_page_cannot_tell_nothing_from_no_answer() -> None:
    item = made("q", MultipleAnswerKey((), ("a", "b")))
    assert [caveat.code for caveat in fidelity(item.item, item.key).caveats] == ["multiple-answer:none-right"]
