"""What other objectives condition on and decide: terms that are read, written and compared like any others."""

from __future__ import annotations

import pytest
from lxml import etree

from grading.echo import echo
from grading.equivalence import Different, Equal, compare, compare_texts
from grading.keys import Sentence, SymbolicKey
from grading.parsing import Language, Refused, parse_expression
from grading.text import to_text

OTHER = Sentence(
    ("[CLS]", "The", "cat", "sat"),
    ("[CLS]", "[MASK]", "[MASK]", "[MASK]"),
    (1, 2, 3),
    order=(1, 3, 2),
    replaced=("[CLS]", "The", "dog", "sat"),
    target=("[X]", "cat", "[Y]"),
)


@pytest.mark.parametrize(
    "text",
    [
        "Pr(x_2=cat | x_{<=2})",
        "Pr(x_2=cat | x_{0,1,3})",
        "log Pr(d_2=original | xc)",
        "log(1 - Pr(d_2=original | xc))",
        "Pr(c=IsNext | hcls)",
        "Pr(y_2=cat | xbar, y_{<2})",
    ],
)
@pytest.mark.parametrize("language", [Language(sentence=OTHER), Language(any_name=True)], ids=["sentence", "none"])
def test_terms_of_other_objectives_read_back_from_every_notation(text: str, language: Language) -> None:
    tree = parse_expression(text, language)
    shown = echo(tree, language)
    assert to_text(tree) == text
    for written in (shown.text, shown.latex):
        assert parse_expression(written, language) == tree
    assert etree.fromstring(shown.mathml).get("alttext") == shown.text
    assert len(shown.names) >= 2
    german = echo(tree, language, "de")
    assert not {name.meaning for name in german.names} & {name.meaning for name in shown.names}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("p_2", "Pr(x_2=cat | x_{0,1,3})", True),
        ("p_3", r"Pr(x_3=sat | \mathbf{x}_{\leq 1})", True),
        ("p_3", "Pr(x_3=sat | x_{<3})", False),
        ("p_1", "Pr(The | x_{<1})", True),
        ("Pr(x_3=sat | x_{<3})", r"Pr(x_3=sat | x_{\3})", True),  # nothing stands behind the last word
        ("Pr(x_2=cat | x_{<2})", r"Pr(x_2=cat | x_{\2})", False),
        ("Pr(x_2=cat | x_{<2})", "Pr(x_2=cat | x_{≤2})", False),
        ("Pr(y_1=cat | xbar)", "Pr(x_1=cat | xbar)", False),
        ("Pr(y_1=cat | xbar, y_{<1})", "Pr(y_1=cat | x̄)", True),
        ("Pr(d_2=original | xc)", r"Pr(d_2=original | \mathbf{x}^{c})", True),
        ("Pr(d_2=original | xc)", "Pr(d_1=original | xc)", False),
    ],
)
def test_what_is_predicted_and_what_is_seen_decide_what_is_the_same(one: str, other: str, same: bool) -> None:
    language = Language(sentence=OTHER)
    verdict = compare(parse_expression(one, language), parse_expression(other, language), language=language)
    assert isinstance(verdict, Equal if same else Different)


@pytest.mark.parametrize("text", ["Pr(y_4=cat | xbar)", "Pr(d_4=original | xc)", "Pr(x_2=cat | x_{0,7})"])
def test_there_is_no_such_position(text: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_expression(text, Language(sentence=OTHER))
    assert refused.value.refusal.code == "unknown-position"


def test_a_sequence_that_the_question_does_not_have_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        parse_expression("Pr(d_1=original | xc)", Language(sentence=Sentence(OTHER.tokens, OTHER.corrupted, (1, 2, 3))))
    assert refused.value.refusal.code == "unknown-context"


@pytest.mark.parametrize(
    ("text", "mathml"),
    [
        ("Pr(x_2=cat | x_{<=2})", '<msub><mi>𝐱</mi><mrow><mo form="prefix">≤</mo><mn>2</mn></mrow></msub>'),
        (
            "Pr(x_2=cat | x_{0,3})",
            '<msub><mi>𝐱</mi><mrow><mn>0</mn><mo separator="true">,</mo><mn>3</mn></mrow></msub>',
        ),
        ("Pr(d_2=original | xc)", "<msub><mi>d</mi><mn>2</mn></msub><mo>=</mo><mtext>original</mtext>"),
        ("Pr(d_2=original | xc)", "<msup><mi>𝐱</mi><mi>c</mi></msup>"),
        ("Pr(c=IsNext | hcls)", "<mi>c</mi><mo>=</mo><mtext>IsNext</mtext>"),
        ("Pr(y_2=cat | xbar, y_{<2})", '<msub><mi>𝐲</mi><mrow><mo form="prefix">&lt;</mo><mn>2</mn></mrow></msub>'),
    ],
)
def test_mathml_of_conditions_and_events(text: str, mathml: str) -> None:
    assert mathml in echo(text, Language(sentence=OTHER)).mathml


@pytest.mark.parametrize("written", ["x_{0}", "x_0", "x₀", r"\mathbf{x}_{0}", "x_{<1}"])
def test_the_only_token_that_is_known_may_stand_alone(written: str) -> None:
    sentence = Sentence(("[CLS]", "the", "sky"), ("[CLS]", "[MASK]", "[MASK]"), (1, 2), (2, 1))
    key = SymbolicKey("log Pr(x_2=sky | x_{0}) + log Pr(x_1=the | x_{0,2})", sentence=sentence)
    assert isinstance(compare_texts(key, f"log Pr(x_1=the | x_{{0,2}}) + log Pr(x_2=sky | {written})"), Equal)
    assert isinstance(compare_texts(key, f"log Pr(x_1=the | {written}) + log Pr(x_2=sky | x_0)"), Different)


def test_a_position_alone_is_no_input_where_all_words_are_predicted_at_once() -> None:
    sentence = Sentence(("[CLS]", "the", "sky"), ("[CLS]", "[MASK]", "sky"), (1,))
    with pytest.raises(Refused):
        compare_texts(SymbolicKey("log Pr(x_1=the | xbar)", sentence=sentence), "log Pr(x_1=the | x_2)")
