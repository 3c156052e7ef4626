"""How the questions of the bank are written: the rules that can be seen in the text, before anything is drawn."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from quizgen.generator.filters import FILTERS
from quizgen.markup import compile_blocks
from quizgen.misconceptions.catalogue import misconception
from quizgen.model import KINDS
from quizgen.template import Template, TextChoice, TrueFalse, WrongText, WrongValue
from tests.bank.templates import BANK, TEMPLATES, words_of

FILES = tuple(sorted(path for folder in ("mlm", "beyond-mlm") for path in (BANK.folder / folder).glob("*.yaml")))

every_template = pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES.keys())
every_language = pytest.mark.parametrize("language", ["en", "de"])

SOURCE_QUESTIONS = {
    "S1": "obj-write-symbolic",
    "S4": "loss-numeric-nats",
    "S5": "lowest-loss-single",
    "S6": "lowest-loss-table",
    "S7": "tf-single-token",
    "S8": "obj-expression-choice",
    "S9": "why-sum-of-logs",
    "S10": "case-two-steps",
}


@every_template
def test_a_file_is_named_after_its_template(template: Template) -> None:
    assert f"{template.id}.yaml" in [path.name for path in FILES]


def test_every_kind_of_question_is_in_the_bank() -> None:
    assert {template.kind for template in TEMPLATES.values()} == set(KINDS)


@pytest.mark.parametrize(("question", "name"), SOURCE_QUESTIONS.items())
def test_each_source_question_is_a_named_draw(question: str, name: str) -> None:
    assert question in [fixed.name for fixed in TEMPLATES[name].fixed]


@every_template
def test_a_template_says_what_it_teaches_and_how_deep(template: Template) -> None:
    assert template.bloom
    assert template.concepts
    first_of_all = not any(_before(concept) for concept in template.concepts)
    assert template.needs or first_of_all
    assert template.solution is not None
    assert template.hints
    assert template.examples


@every_template
def test_a_template_says_who_wrote_and_reviewed_it(template: Template) -> None:
    assert template.review is not None
    assert template.review.status in ("reviewed", "piloted")
    assert template.review.by
    assert template.author
    assert template.licence == "MIT"


@every_template
def test_examples_cover_right_and_wrong_and_unreadable_answers(template: Template) -> None:
    expected = {example.expect for example in template.examples}
    if template.kind == "essay":
        assert "undecided" in expected
    else:
        assert {"correct", "incorrect"} <= expected
    if any(part.kind not in ("essay", "short-answer") for part in template.parts):
        assert "invalid" in expected


# ---------------------------------------------------------------- concepts


def _before(name: str) -> set[str]:
    """The concepts that have to be known before this one, near and far."""
    known = BANK.concepts or {}
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for earlier in known[waiting.pop()]["before"]:
            if earlier not in found:
                found.add(earlier)
                waiting.append(earlier)
    return found


def test_there_are_thirty_seven_concepts_named_in_both_languages() -> None:
    known = BANK.concepts or {}
    assert len(known) == 37
    assert all(set(concept["name"]) == {"en", "de"} for concept in known.values())


def test_no_concept_comes_before_itself() -> None:
    assert [name for name in BANK.concepts or {} if name in _before(name)] == []


def test_related_concepts_exist_and_differ() -> None:
    from quizgen.source import read_source

    known = BANK.concepts or {}
    related = read_source(BANK.folder / "concepts.yaml").documents[0].data["related"]
    assert len(related) == 7
    assert all(one in known and other in known and one != other for one, other in related)


@every_template
def test_needs_neither_contain_nor_build_on_what_is_taught(template: Template) -> None:
    for need in template.needs:
        assert not set(template.concepts) & ({need} | _before(need))


# ---------------------------------------------------------------- wording


@every_template
def test_there_is_a_complete_german_translation(template: Template) -> None:
    german = template.in_language("de")
    assert german is not template
    assert german.title != template.title
    pairs = zip(words_of(template), words_of(german), strict=True)
    same = [english.text for english, other in pairs if english.text == other.text]
    assert [text for text in same if not _is_the_same_in_every_language(text)] == []


def _is_the_same_in_every_language(text: str) -> bool:
    """Formulas, names of quantities and of towns, and holes have no language."""
    rest = re.sub(
        r"\$+[^$]*\$+|\{\{.*?\}\}|\[MASK\]|[a-z]+2?\(|[ab]_\d|log|objective|loss|best_model|corrupted|minus|plus"
        r"|(New|Los) (York|Angeles)",
        "",
        text,
    )
    return not re.search(r"[A-Za-z]{2}", rest)


@every_template
@every_language
def test_every_text_compiles_and_its_holes_are_known(template: Template, language: str) -> None:
    for text in words_of(template.in_language(language)):
        compiled = compile_blocks(text.text)
        assert compiled.findings == ()
        assert [name for hole in compiled.holes for name, _ in hole.filters if name not in FILTERS] == []


@every_template
@every_language
def test_a_hint_contains_neither_a_formula_nor_a_number(template: Template, language: str) -> None:
    for hint in template.in_language(language).hints:
        assert not re.search(r"[=\d$]|\blog\b|Pr\(", hint.text)


@every_template
def test_the_direction_is_printed_in_bold_where_a_value_is_asked_for(template: Template) -> None:
    asked = [getattr(part.answer, "key", None) or getattr(part.answer, "quantity", None) for part in template.parts]
    if any(getattr(key, "text", "") in ("objective", "loss") for key in asked):
        for language, word in (("en", r"\*\*(maximise|minimise)d?\*\*"), ("de", r"\*\*(maximier|minimier)(en|t)\*\*")):
            spoken = template.in_language(language)
            texts = (spoken.stem, *(part.prompt for part in spoken.parts))
            assert any(re.search(word, text.text) for text in texts if text is not None)


@every_template
@every_language
def test_german_and_english_say_how_tokens_are_corrupted(template: Template, language: str) -> None:
    asks_for_sequence = any(
        part.kind == "symbolic" or getattr(part.answer, "sequence", "") == "corrupted" for part in template.parts
    )
    stem = template.in_language(language).stem
    if stem is not None and (asks_for_sequence or template.id == "obj-expression-choice"):
        simple = {
            "en": "all selected tokens are replaced by [MASK]",
            "de": "alle ausgewählten Token werden durch [MASK] ersetzt",
        }
        sentence = " ".join(stem.text.split()).lower()
        assert simple[language].lower() in sentence or "werden alle ausgewählten token durch [mask] ersetzt" in sentence


@every_template
@every_language
def test_no_option_is_much_longer_than_the_others(template: Template, language: str) -> None:
    for part in template.in_language(language).parts:
        if isinstance(part.answer, TextChoice) and template.kind != "cloze":
            lengths = [len(text) for text in _options(part.answer)]
            single_tokens = max(lengths) <= len("[MASK]")  # words of a sentence have the length that they have
            assert single_tokens or max(lengths) / (sum(lengths) / len(lengths)) <= 1.3


@every_template
@every_language
def test_no_option_refers_to_other_options_or_gives_itself_away(template: Template, language: str) -> None:
    forbidden = r"(?i)\b(all|none|both) of the (above|others)\b|\b(always|never|only|immer|niemals|nie|nur)\b"
    for part in template.in_language(language).parts:
        if isinstance(part.answer, TextChoice):
            assert [text for text in _options(part.answer) if re.search(forbidden, text)] == []


def _options(answer: TextChoice) -> list[str]:
    """The words of the options, without what fills the holes."""
    texts = [answer.key.text, *(wrong.text.text for wrong in answer.wrong)]
    return [re.sub(r"\{\{.*?\}\}", "…", text) for text in texts]


def test_the_reasons_for_the_sum_are_sentences_of_equal_length() -> None:
    for language, most in (("en", 26), ("de", 26)):
        answer = TEMPLATES["why-sum-of-logs"].in_language(language).answer
        assert isinstance(answer, TextChoice)
        assert len(answer.wrong) == 7
        assert answer.choose == 3
        counts = [len(text.split()) for text in _options(answer)]
        assert all(18 <= count <= most for count in counts), counts
        first = {text.split()[0] for text in _options(answer)}
        assert len(first) == 1


def test_statements_are_balanced_and_answer_each_other_in_groups() -> None:
    answer = TEMPLATES["tf-single-token"].answer
    assert isinstance(answer, TrueFalse)
    by_group: dict[str, list[bool]] = {}
    for statement in answer.statements:
        by_group.setdefault(statement.group, []).append(statement.truth)
    assert len(by_group) == 3
    assert all(sorted(truths) == [False, True] for truths in by_group.values())


@every_template
def test_every_wrong_answer_names_a_known_misconception_that_may_be_offered(template: Template) -> None:
    def never(name: str) -> bool:
        return bool(misconception(name).use == "never")

    ids = [name for part in template.parts for name in _misconceptions(part.answer)]
    assert [name for name in ids if never(name)] == []


def _misconceptions(answer: object) -> list[str]:
    entries = (*getattr(answer, "wrong", ()), *getattr(answer, "candidates", ()), *getattr(answer, "unused", ()))
    found: list[str] = []
    for entry in entries:
        if isinstance(entry, WrongText):
            found += entry.misconceptions
        elif isinstance(entry, WrongValue):
            found.append(entry.id)
    return found


# ---------------------------------------------------------------- the rules can fail


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        (test_a_hint_contains_neither_a_formula_nor_a_number, "  - Which positions have", "  - Position 2 has"),
        (
            test_no_option_refers_to_other_options_or_gives_itself_away,
            "Because computers add",
            "Because computers always add",
        ),
    ],
)
def test_a_planted_fault_is_found(rule: Callable[[Template, str], None], before: str, after: str) -> None:
    from quizgen.source import read_text
    from quizgen.template import read_template

    path = next(path for path in FILES if before in path.read_text(encoding="utf-8"))
    planted = read_template(read_text(path.read_text(encoding="utf-8").replace(before, after)).documents[0])
    with pytest.raises(AssertionError):
        rule(planted, "en")
