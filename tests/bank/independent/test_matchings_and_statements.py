"""Matchings, statements, criteria, lines and code to judge: recomputed from what learners read, without the engine.

Each check reads the numbers from the printed question, computes with `math` and `fractions` alone, and compares the
result with key and known mistakes.
"""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import lru_cache
from itertools import combinations, pairwise

import msgspec
import pytest

from grading.keys import ChoiceKey, EssayKey, MatchingKey, MultipleAnswerKey
from quizgen.content import Block, ListBlock, Paragraph, Table, text_of
from quizgen.generator import Generator
from quizgen.model import ChoiceInteraction, GeneratedItem, MatchingInteraction
from quizgen.sampling.draws import Source
from tests.bank.templates import BANK, TEMPLATES

RANDOM = random.Random(4)
SOME = 36
LANGUAGES = ("en", "de")


@lru_cache(maxsize=4000)
def item(template: str, seed: int, language: str, radicals: tuple[tuple[str, str], ...] = ()) -> GeneratedItem:
    source = Source(seed=seed)
    return Generator(TEMPLATES[template], BANK, source, language=language, radicals=dict(radicals) or None).item(
        seed % 97
    )


def items(template: str, **radicals: list[str]) -> Iterator[GeneratedItem]:
    """Random variants in both languages, for every value of the radicals."""
    ways = [((name, value),) for name, values in radicals.items() for value in values] or [()]
    for way in ways:
        for _ in range(SOME):
            seed = RANDOM.randrange(10**6)
            for language in LANGUAGES:
                yield item(template, seed, language, way)


def lines(blocks: tuple[Block, ...]) -> list[str]:
    """The printed text, line by line; lists and tables by their entries."""
    found: list[str] = []
    for block in blocks:
        match block:
            case Paragraph():
                found.append(text_of(block.content))
            case ListBlock():
                found += ["".join(lines(entry)) for entry in block.entries]
            case Table():
                found += [" ".join(text_of(cell) for cell in row) for row in (block.header, *block.rows)]
    return found


def number(text: str) -> Fraction:
    return Fraction(text.replace("−", "-").replace(",", "."))


def numbers(text: str) -> list[Fraction]:
    """The decimals of a text (with a decimal mark, so positions and counts are left out)."""
    return [number(found) for found in re.findall(r"[−-]?\d+[.,]\d+", text)]


def printed(value: float, shown: Fraction, places: int = 3) -> bool:
    """Whether a number is printed as it is rounded to so many places."""
    return abs(Fraction(value) - shown) <= Fraction(501, 1000 * 10**places)


def pairs_of(generated: GeneratedItem) -> dict[str, str]:
    """{printed left side: printed right side} of the key."""
    part = generated.key.parts[0]
    assert isinstance(part.key, MatchingKey)
    texts = dict(part.options)
    return {texts[left]: texts[right] for left, right in part.key.pairs}


def mistakes_of(generated: GeneratedItem) -> dict[tuple[str, str], tuple[str, ...]]:
    """{(left side, right side): misconceptions} of the known mistakes of a matching."""
    part = generated.key.parts[0]
    assert isinstance(part.key, MatchingKey)
    texts = dict(part.options)
    found = {}
    for rival in part.key.rivals:
        left, right = rival.value.split("=")
        found[texts[left], texts[right]] = rival.misconceptions
    return found


def offered(generated: GeneratedItem) -> list[str]:
    interaction = generated.item.parts[0].interaction
    assert isinstance(interaction, MatchingInteraction)
    return [text_of(option.content) for option in interaction.right]


# ---------------------------------------------------------------- edges of the loss


def check_edges(generated: GeneratedItem) -> None:
    pairs, known = pairs_of(generated), mistakes_of(generated)
    assert len(pairs) == 5
    unbounded = pairs.pop("p → 0")
    assert re.search("bound|Grenzen", unbounded)
    losses = []
    for left, right in pairs.items():
        p = number(left.removeprefix("p = "))
        losses.append(-math.log(p))
        assert number(right) == 0 if p == 1 else printed(-math.log(p), number(right))
    middle = max(number(left.removeprefix("p = ")) for left in pairs if left != "p = 1")
    texts = offered(generated)
    shown = [float(number(text)) for text in texts if text != unbounded]
    assert sorted(shown) == pytest.approx(sorted([*losses, 1, float(1 - middle)]), abs=0.0006)
    assert min(abs(a - b) for a, b in combinations(shown, 2)) >= 0.028
    named = {misconceptions[0]: pair for pair, misconceptions in known.items()}
    assert set(named) == {"log-one-not-zero", "linear-loss", "minus-log-zero-is-zero"}
    assert named["log-one-not-zero"] == ("p = 1", "1")
    assert named["minus-log-zero-is-zero"] == ("p → 0", "0")
    left, right = named["linear-loss"]
    assert number(right) == 1 - number(left.removeprefix("p = ")) == 1 - middle


def test_losses_at_the_edges() -> None:
    for generated in items("log-edge-matching", p=["1/100", "1/1000"]):
        check_edges(generated)


# ---------------------------------------------------------------- ranges


def quantity(left: str, ps: list[float]) -> float:
    j = sum(map(math.log, ps))
    if left.startswith("J"):
        return j
    if left.startswith("L"):
        return -j
    return math.exp(-j / len(ps)) if "perplex" in left.casefold() else math.prod(ps)


def inside(value: float, interval: str) -> bool:
    found = re.match(r"([\[(])(.+?), (.+?)([\])])", interval)
    assert found, interval
    least, most = (float(text.replace("∞", "inf").replace("−", "-")) for text in found.group(2, 3))
    low = value >= least if found[1] == "[" else value > least
    return low and (value <= most if found[4] == "]" else value < most)


def check_ranges(generated: GeneratedItem, count: int) -> None:
    pairs = pairs_of(generated)
    assert len(pairs) == count
    n = int(re.search(r"n = (\d+)", lines(generated.item.stem)[0])[1])  # type: ignore[index]  # always printed
    perfect, near, poor = [1.0] * n, [0.999] * n, [1e-9] * n
    for left, right in pairs.items():
        values = [quantity(left, ps) for ps in (perfect, near, poor)]
        assert all(inside(value, right) for value in values), (left, right)
        up = "maxim" in right
        assert (values[0] > values[1] > values[2]) if up else (values[0] < values[1] < values[2])
        fitting = [
            text
            for text in offered(generated)
            if ("maxim" in text) == up and all(inside(value, text) for value in values)
        ]
        tight = [text for text in fitting if not _reaches_beyond(text, left, n)]
        assert tight == [right], (left, tight)
    names = set(mistakes_of(generated).values())
    assert {("flip-sign",), ("log-makes-probabilities",)} <= names
    assert (("perplexity-is-probability",) in names) == (count == 4)


def _reaches_beyond(interval: str, left: str, n: int) -> bool:
    """Whether the interval has values that the quantity never takes."""
    bounds = {"J": (-math.inf, 0.0), "L": (0.0, math.inf), "p": (0.0, 1.0), "perplexity": (1.0, math.inf)}
    kind = "perplexity" if "perplex" in left.casefold() else left[0]
    trial = [-3.0, -0.5, 0.0, 0.5, 1.0, 2.0, 50.0]
    low, high = bounds[kind]
    possible = [value for value in trial if low <= value <= high and not (kind == "p" and value == 0)]
    return any(inside(value, interval) and value not in possible for value in trial)


def test_ranges_and_directions() -> None:
    for count in (3, 4):
        for generated in items("quantity-range-match", quantities=[str(count)]):
            check_ranges(generated, count)


# ---------------------------------------------------------------- diagnoses

RULES = {
    r"Adds the probab|Addiert die Wahr": lambda a, b: a + b,
    r"Takes the logarithm of the sum|Nimmt den Log": lambda a, b: -math.log(a + b),
    r"Gives the mean|Gibt den Mittel": lambda a, b: -math.log(a * b) / 2,
    r"Adds up what is missing|Addiert, was": lambda a, b: (1 - a) + (1 - b),
    r"base 2|Basis 2": lambda a, b: -math.log2(a * b),
    r"Multiplies|Multipliziert": lambda a, b: math.log(a) * math.log(b),
    r"minus sign|Minuszeichen": lambda a, b: math.log(a * b),
}


def check_diagnoses(generated: GeneratedItem) -> None:
    a, b, right = map(float, numbers(lines(generated.item.stem)[0])[:3])
    assert abs(right + math.log(a * b)) < 0.00051
    values = {pattern: rule(a, b) for pattern, rule in RULES.items()}
    assert min(abs(x - y) for x, y in combinations([*values.values(), -math.log(a * b)], 2)) >= 0.03
    pairs = pairs_of(generated)
    assert len(pairs) == 4
    for left, text in pairs.items():
        pattern = next(pattern for pattern in RULES if re.search(pattern, text))
        assert printed(values[pattern], number(left)), (a, b, left, text)
    spare = set(offered(generated)) - set(pairs.values())
    assert len(spare) == 2
    for text in spare:
        pattern = next(pattern for pattern in RULES if re.search(pattern, text))
        assert all(abs(values[pattern] - float(number(left))) >= 0.029 for left in pairs)
    interaction = generated.item.parts[0].interaction
    assert isinstance(interaction, MatchingInteraction)
    shown = [number(text_of(option.content)) for option in interaction.left]
    assert shown == sorted(shown)


def test_diagnoses_of_wrong_answers() -> None:
    for generated in items("diagnose-answer"):
        check_diagnoses(generated)


# ---------------------------------------------------------------- the first wrong line


def check_lines(generated: GeneratedItem) -> int:
    """Follows the lines with the rules that each of them shows; returns the first one with a wrong rule."""
    stem = lines(generated.item.stem)
    a, b = numbers(stem[0])[:2]
    m = int(re.search(r"(\d+) (words|W)", stem[0])[1])  # type: ignore[index]  # always printed
    shown = [line.split(": ", 1)[1] for line in stem[1:5]]
    results = [number(re.findall(r"= ([−-]?\d+(?:[.,]\d+)?)", text)[-1]) for text in shown]
    wrong = []
    first = a + b if " + " in shown[0] else a * b
    assert results[0] == first
    wrong.append(" + " in shown[0])
    x, y = math.log(a), math.log(b)
    if "·" in shown[1]:
        second = x * y
    elif "log₂" in shown[1]:
        second = math.log2(first)
    else:
        second = math.log(first)
    assert printed(second, results[1])
    wrong.append("·" in shown[1] or "log₂" in shown[1])
    third = -second if re.match(r"L = [−-]", shown[2]) else second
    assert printed(third, results[2])
    wrong.append(not re.match(r"L = [−-]", shown[2]))
    divisor = int(re.match(r"L ?/ ?(\d+)", shown[3])[1])  # type: ignore[index]  # always printed
    assert divisor in (1, 2, m)
    assert printed(third / divisor, number(re.findall(r"= ([−-]?\d+[.,]\d+)", shown[3])[-1]))
    wrong.append(divisor != 2)
    assert sum(wrong) == 1
    assert abs(third / divisor + math.log(a * b) / 2) >= 0.029
    assert 0 < first < 1
    part = generated.key.parts[0]
    assert isinstance(part.key, ChoiceKey)
    key = dict(part.options)[part.key.correct]
    assert int(key.split()[1]) == wrong.index(True) + 1
    interaction = generated.item.parts[0].interaction
    assert isinstance(interaction, ChoiceInteraction)
    assert [text_of(option.content).split()[1] for option in interaction.options] == ["1", "2", "3", "4"]
    return wrong.index(True) + 1


def test_the_first_wrong_line() -> None:
    for fault in "1234":
        found = {check_lines(generated) for generated in items("error-spotting", fault=[fault])}
        assert found == {int(fault)}


# ---------------------------------------------------------------- code of the corruption


def check_code(generated: GeneratedItem) -> None:
    stem = lines(generated.item.stem)
    mask = numbers(stem[2])[0]
    shares = [Fraction(found) / 100 for found in re.findall(r"(\d+) %", stem[4])]
    assert sum(shares) == 1
    assert shares[0] == mask
    part = generated.key.parts[0]
    assert isinstance(part.key, ChoiceKey)
    texts = {id: number(text) for id, text in part.options}
    q = texts[part.key.correct]
    assert (1 - mask) * q == shares[1]
    assert (1 - mask) * (1 - q) == shares[2]
    wrong = {rival.value: rival.misconceptions for rival in part.key.rivals}
    known = {texts[id]: misconceptions for id, misconceptions in wrong.items()}
    assert known == {shares[1]: ("ten-percent-of-remainder",), shares[1] / mask: (), 1 - mask: (), mask: ()}
    assert all((1 - mask) * other != shares[1] for other in known)
    interaction = generated.item.parts[0].interaction
    assert isinstance(interaction, ChoiceInteraction)
    order = [number(text_of(option.content)) for option in interaction.options]
    assert order == sorted(order)
    assert min(y - x for x, y in pairwise(order)) >= Fraction(1, 50)


def test_code_of_the_corruption() -> None:
    for generated in items("collator-code-reading"):
        check_code(generated)


# ---------------------------------------------------------------- criteria with the same optimum

CRITERIA = {
    r"minim\w+ [−-]ln pᵢ [−-] ln pⱼ": lambda p, q: math.log(p) + math.log(q),
    r"maxim\w+ pᵢ ?pⱼ": lambda p, q: p * q,
    r"maxim\w+ (1/2|½).*": lambda p, q: (math.log(p) + math.log(q)) / 2,
    r"maxim\w+ log₂ pᵢ \+ log₂ pⱼ": lambda p, q: math.log2(p) + math.log2(q),
    r"minim\w+ e\^.*": lambda p, q: -math.exp(-(math.log(p) + math.log(q)) / 2),
    r"maxim\w+ pᵢ \+ pⱼ": lambda p, q: p + q,
    r"maxim\w+ ln\(pᵢ \+ pⱼ\)": lambda p, q: math.log(p + q),
    r"minim\w+ \(1 [−-] pᵢ\) \+ \(1 [−-] pⱼ\)": lambda p, q: -(1 - p) - (1 - q),
    r"maxim\w+ min.*": min,
    r"maxim\w+ ln pᵢ": lambda p, q: math.log(p),
    r"minim\w+ \(1 [−-] pᵢ\)² \+ \(1 [−-] pⱼ\)²": lambda p, q: -((1 - p) ** 2) - (1 - q) ** 2,
    r"maxim\w+ [−-]ln pᵢ [−-] ln pⱼ": lambda p, q: -math.log(p) - math.log(q),
}
TRADE_OFFS = (
    lambda t: 0.9 - 0.5 * t,
    lambda t: 1 - t,
    lambda t: 0.98 - t**3 / 1.2,
    lambda t: 0.3 - 0.25 * t,
    lambda t: (1 - t) ** 2 + 0.01,
)
GRID = [k / 1000 for k in range(1, 1000)]


@lru_cache(maxsize=100)
def optimum(pattern: str, number: int) -> float:
    trade_off, rule = TRADE_OFFS[number], CRITERIA[pattern]
    return max(GRID, key=lambda t: rule(t, trade_off(t)))


@lru_cache(maxsize=100)
def always_the_same(pattern: str) -> bool:
    objective = next(iter(CRITERIA))
    return all(abs(optimum(pattern, k) - optimum(objective, k)) < 0.0011 for k in range(len(TRADE_OFFS)))


def check_criteria(generated: GeneratedItem) -> None:
    part = generated.key.parts[0]
    assert isinstance(part.key, MultipleAnswerKey)
    assert len(part.options) == 6
    assert len(part.key.correct) == 3
    beliefs = [rival.misconceptions[0] for rival in part.key.rivals]
    assert len({"sum-of-probs", "log-of-sum", "linear-loss"} & set(beliefs)) <= 1
    for id, text in part.options:
        fitting = [pattern for pattern in CRITERIA if re.fullmatch(pattern, text)]
        assert len(fitting) == 1, text
        assert always_the_same(fitting[0]) == (id in part.key.correct), text


def test_criteria_with_the_same_optimum() -> None:
    for generated in items("same-argmax"):
        check_criteria(generated)


# ---------------------------------------------------------------- schemes, essays, statements


def test_schemes_and_their_descriptions() -> None:
    pattern = {
        "static": r"drawn once|einmal gezogen",
        "statisches": r"drawn once|einmal gezogen",
        "dynamic": r"anew|neu gezogen",
        "dynamisches": r"anew|neu gezogen",
        "whole-word": r"predicted by itself|für sich vorhergesagt",
        "Whole-Word-Masking": r"predicted by itself|für sich vorhergesagt",
        "span masking": r"of its own|eigenes \[MASK\]",
        "Maskieren von": r"of its own|eigenes \[MASK\]",
        "span corruption": r"by one sentinel|durch einen Sentinel",
        "Span Corruption": r"by one sentinel|durch einen Sentinel",
        "the simplified": r"without random|ohne zufällige",
        "das vereinfachte": r"without random|ohne zufällige",
    }
    for count in ("4", "6"):
        for generated in items("masking-variants-match", choose=[count]):
            pairs, known = pairs_of(generated), mistakes_of(generated)
            assert len(pairs) == int(count)
            assert len(offered(generated)) == int(count) + 3
            for left, right in pairs.items():
                wanted = next(found for name, found in pattern.items() if left.startswith(name))
                assert re.search(wanted, right), (left, right)
            swapped = [pair for pair, names in known.items() if names == ("static-dynamic-swap",)]
            both = sum(left.startswith(("static", "statisch", "dynam")) for left in pairs) == 2
            assert len(swapped) == (2 if both else 0)
            assert all(pairs[left] != right for left, right in known)


def test_the_case_study_of_two_models() -> None:
    for generated in items("case-two-models-essay"):
        stem, key = lines(generated.item.stem), generated.key.parts[0].key
        assert isinstance(key, EssayKey)
        assert sum(criterion.points for criterion in key.rubric) == 10 == generated_points(generated)
        true = re.search(r"[“„](.+?)[”“]", stem[0])[1]  # type: ignore[index]  # always quoted
        table = next(block for block in generated.item.stem if isinstance(block, Table))
        rows = {text_of(row[0]): [number(text_of(cell)) for cell in row[1:]] for row in table.rows}
        assert [sum(column) for column in zip(*rows.values(), strict=True)] == [1, 1]
        losses = [-math.log(p) for p in rows[true]]
        shown = numbers(key.rubric[1].text)[-2:]
        assert all(printed(loss, number) for loss, number in zip(losses, shown, strict=True))
        best = "AB"[losses.index(min(losses))]
        assert re.search(rf"Model+l? {best}", key.rubric[2].text) or f"Modell {best}" in key.rubric[2].text
        assert "AB".replace(best, "") not in re.findall(r"Model+l? ([AB])", key.rubric[2].text)


def generated_points(generated: GeneratedItem) -> Fraction:
    return TEMPLATES[generated.item.template].points


def test_the_example_of_dependent_words() -> None:
    for generated in items("independence-essay"):
        stem, key = lines(generated.item.stem), generated.key.parts[0].key
        assert isinstance(key, EssayKey)
        w, v = numbers(stem[0])[:2]
        assert w + v == 1
        assert numbers(key.rubric[1].text)[-3:] == [w, v, w * v]
        one, other = re.findall(r"[“„]([^“”„]+)[”“]", stem[0])[-2:]
        mixture = re.search(r"[“„]([^“”„]+)[”“]", key.rubric[1].text)[1]  # type: ignore[index]  # always quoted
        split = [re.split(r" / | ", text) for text in (one, other, mixture)]
        assert split[2] == [split[0][0], split[1][1]]
        assert mixture not in (one, other)
        assert stem[0].count("[MASK]") == 2


def test_the_parts_of_the_objective_and_the_own_example_have_their_points() -> None:
    for name, radical, values in (
        ("inner-sum-meaning", "form", ["inner", "outer", "term"]),
        ("create-training-example", "n", ["2", "3"]),
    ):
        for value in values:
            for generated in items(name, **{radical: [value]}):
                key = generated.key.parts[0].key
                assert isinstance(key, EssayKey)
                assert sum(criterion.points for criterion in key.rubric) == generated_points(generated)


def test_the_model_answers_are_consistent() -> None:
    for count in ("2", "3"):
        for generated in items("create-training-example", n=[count]):
            first, second = lines(generated.key.solution)[:2]
            sentence = re.search(r"[“„](.+)[”“]", first)[1].split()  # type: ignore[index]  # always quoted
            assert len({word.lower() for word in sentence}) == len(sentence)
            positions = [int(k) for k in re.search(r"\{(.+?)\}", second)[1].split(",")]  # type: ignore[index]
            assert len(positions) == int(count)
            shown = ["[MASK]" if k in positions else word for k, word in enumerate(sentence, 1)]
            assert " ".join(["[CLS]", *shown]) in second
            terms = re.findall(r"x([₀-₉]+) = (\w+)", second)
            digits = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
            assert [(int(k.translate(digits)), word) for k, word in terms] == [(k, sentence[k - 1]) for k in positions]


def test_statements_are_as_many_true_as_false_and_answer_each_other() -> None:
    seen: dict[str, set[tuple[str, bool]]] = {}
    generator = Generator(TEMPLATES["tf-bank"], BANK, Source(seed=1))
    for k in range(26):
        generated = generator.item(k)
        key = generated.key.parts[0].key
        assert isinstance(key, ChoiceKey)
        truth = key.correct == "true"
        assert lines(generated.key.solution)[-1].startswith("True." if truth else "False.")
        assert bool(key.rivals[0].misconceptions) == (not truth)
        seen.setdefault(generated.item.group, set()).add((lines(generated.item.stem)[-1], truth))
    assert len(seen) == 13
    assert all(sorted(truth for _, truth in statements) == [False, True] for statements in seen.values())


def test_numbers_of_the_statements() -> None:
    assert math.log(0.10 / 0.05) == pytest.approx(math.log(0.90 / 0.45)) == pytest.approx(math.log(2))
    assert round(math.log(2), 3) == 0.693
    assert round(1 / math.log(2), 3) == 1.443
    assert Fraction(15, 100) * Fraction(80, 100) == Fraction(12, 100)
    assert math.log(0.5 + 0.5) == 0 > 2 * math.log(0.5)


# ---------------------------------------------------------------- the checks can fail


def planted(generated: GeneratedItem) -> GeneratedItem:
    """The item with a mistake in its key: two pairs exchanged, or a wrong option that counts as right."""
    part = generated.key.parts[0]
    match part.key:
        case MatchingKey(pairs):
            (one, first), (other, second), *rest = pairs
            key = msgspec.structs.replace(part.key, pairs=((one, second), (other, first), *rest))
        case MultipleAnswerKey(correct, options):
            wrong = next(option for option in options if option not in correct)
            key = msgspec.structs.replace(part.key, correct=tuple(sorted((wrong, *correct[1:]))))
        case ChoiceKey(correct, rivals):
            swapped = (msgspec.structs.replace(rivals[0], value=correct), *rivals[1:])
            key = msgspec.structs.replace(part.key, correct=rivals[0].value, rivals=swapped)
        case _:
            raise AssertionError(part.key)
    parts = (msgspec.structs.replace(part, key=key),)
    return GeneratedItem(generated.item, msgspec.structs.replace(generated.key, parts=parts))


@pytest.mark.parametrize(
    ("template", "check"),
    [
        ("log-edge-matching", check_edges),
        ("quantity-range-match", lambda generated: check_ranges(generated, 3)),
        ("diagnose-answer", check_diagnoses),
        ("error-spotting", check_lines),
        ("collator-code-reading", check_code),
        ("same-argmax", check_criteria),
    ],
)
def test_a_planted_mistake_is_found(template: str, check: Callable[[GeneratedItem], object]) -> None:
    for seed in range(5):
        for language in LANGUAGES:
            sound = item(template, seed, language)
            check(sound)
            with pytest.raises(AssertionError):
                check(planted(sound))
