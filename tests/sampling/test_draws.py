"""Draws: golden values, independence of purposes, unbiasedness, secrecy."""

import copy
import hmac
import pickle
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from hashlib import sha256
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizgen.sampling.draws import Source, Stream

SECRET = b"never print me, never export me!"


def stream(purpose: str = "p", seed: int | str = 1, variant: int = 0, attempt: int = 0) -> Stream:
    return Source(seed).stream("template", variant, attempt, purpose)


def test_golden_values_of_a_seed() -> None:
    drawn = Source(seed=42).stream("objective-expression", 3, 0, "masks")
    assert [drawn.below(1000) for _ in range(8)] == [547, 142, 979, 805, 431, 449, 158, 278]
    assert drawn.below(10**40) == 8016083194666346540504023653796857869835
    assert drawn.shuffle("abcdef") == ("e", "c", "d", "a", "f", "b")


def test_golden_values_of_a_secret() -> None:
    drawn = Source(secret=SECRET).stream("objective-expression", 3, 0, "masks")
    assert [drawn.below(1000) for _ in range(8)] == [950, 526, 765, 817, 104, 161, 546, 45]
    assert (
        Source(secret=SECRET).digest("item", 7).hex()
        == "3d13ea36835ef855f7f9544711cc5e00a1ffc6e37678ccad2f475c5a4765224e"
    )


def test_the_bytes_are_a_plain_hash_of_the_names() -> None:
    name = b"15 quizgen draws 12 42stream 3 0 20 5 objective-expressionmasks"
    drawn = Source(seed=42).stream("objective-expression", 3, 0, "masks")
    first, second = sha256(name).digest(), sha256(name + b"block 1").digest()
    assert drawn.below(2**256) == int.from_bytes(first, "big")
    assert drawn.below(2**256) == int.from_bytes(second, "big")
    keyed = hmac.digest(SECRET, name.replace(b"2 42", b""), "sha256")
    secret = Source(secret=SECRET).stream("objective-expression", 3, 0, "masks")
    assert secret.below(2**256) == int.from_bytes(keyed, "big")


@pytest.mark.parametrize("length", [16, 31, 63, 64, 65, 200])
def test_a_secret_keys_hmac_whatever_its_length(length: int) -> None:
    secret = bytes(range(length))
    named = b"15 quizgen draws 1stream 0 0 1 1 tp"
    drawn = Source(secret=secret).stream("t", 0, 0, "p")
    for block in (named, named + b"block 1", named + b"block 2"):
        assert drawn.below(2**256) == int.from_bytes(hmac.digest(secret, block, "sha256"), "big")
    digest = Source(secret=secret).digest("item", 1)
    assert digest == hmac.digest(secret, b"15 quizgen draws 1digest 4 item1 1", "sha256")


def test_a_seed_is_the_same_as_a_number_and_as_text() -> None:
    assert stream(seed=7).below(2**64) == stream(seed="7").below(2**64)


@given(st.lists(st.tuples(st.text(max_size=6), st.integers(0, 30), st.integers(0, 5), st.text(max_size=6)), max_size=9))
@settings(derandomize=True, max_examples=150)
def test_different_names_are_different_streams(names: list[tuple[str, int, int, str]]) -> None:
    source = Source(0)
    assert len({source.stream(*name).below(2**128) for name in names}) == len(set(names))


def test_fields_do_not_run_into_each_other() -> None:
    source = Source(0)
    pairs = [("ab", "c"), ("a", "bc"), ("a b", "c"), ("a", "b c"), ("", "abc")]
    assert len({source.stream(t, 0, 0, p).below(2**128) for t, p in pairs}) == len(pairs)
    assert source.stream("t", 1, 11, "p").below(2**128) != source.stream("t", 11, 1, "p").below(2**128)
    assert source.digest("a", "bc") != source.digest("ab", "c")


def test_one_more_draw_for_one_purpose_moves_no_other() -> None:
    before = [stream("a").below(100), stream("b").below(100)]
    first, second = stream("a"), stream("b")
    drawn = first.below(100)
    for _ in range(500):
        first.below(1000)
    assert [drawn, second.below(100)] == before


@given(st.integers(1, 10**40), st.integers(0, 1000))
@settings(derandomize=True, max_examples=200)
def test_below_stays_below(n: int, variant: int) -> None:
    drawn = stream(variant=variant)
    assert all(0 <= drawn.below(n) < n for _ in range(5))


def test_below_one_is_nothing_drawn() -> None:
    drawn = stream()
    assert [drawn.below(1) for _ in range(3)] == [0, 0, 0]
    assert drawn.below(2**64) == stream().below(2**64)


def chi_square(counts: Counter[object], expected: dict[object, float]) -> float:
    return sum((counts[value] - mean) ** 2 / mean for value, mean in expected.items())


def test_below_is_unbiased_where_a_remainder_would_not_be() -> None:
    drawn, n = stream("uniform"), 30_000
    counts: Counter[object] = Counter(drawn.below(6) for _ in range(n))
    assert chi_square(counts, dict.fromkeys(range(6), n / 6)) < 20.5  # 0.999 quantile with 5 degrees of freedom


def test_shuffles_are_uniform() -> None:
    drawn, n = stream("shuffles"), 24_000
    counts: Counter[object] = Counter(drawn.shuffle("abcd") for _ in range(n))
    assert chi_square(counts, dict.fromkeys(permutations("abcd"), n / 24)) < 49.8  # 0.999, 23 degrees


def test_samples_weights_and_chances_follow_their_probabilities() -> None:
    drawn, n = stream("mixed"), 20_000
    pairs: Counter[object] = Counter(drawn.sample("abcd", 2) for _ in range(n))
    assert chi_square(pairs, dict.fromkeys(permutations("abcd", 2), n / 12)) < 31.3
    weights: Counter[object] = Counter(drawn.weighted((1, 0, 3, 6)) for _ in range(n))
    assert weights[1] == 0
    assert chi_square(weights, {0: n / 10, 2: 3 * n / 10, 3: 6 * n / 10}) < 13.9
    hits = sum(drawn.chance(Fraction(3, 20)) for _ in range(n))
    assert abs(hits - 3000) < 4 * (20_000 * 0.15 * 0.85) ** 0.5


def test_chance_is_exact_at_the_ends() -> None:
    drawn = stream()
    assert not any(drawn.chance(Fraction(0)) for _ in range(50))
    assert all(drawn.chance(Fraction(1)) for _ in range(50))


def test_integer_includes_both_ends() -> None:
    drawn = stream()
    assert {drawn.integer(2, 4) for _ in range(100)} == {2, 3, 4}
    assert drawn.integer(-3, -3) == -3


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda s: s.below(0), "below 0"),
        (lambda s: s.integer(3, 2), "from 3 to 2"),
        (lambda s: s.choice(()), "empty"),
        (lambda s: s.sample("ab", 3), "3 of 2"),
        (lambda s: s.sample("ab", -1), "-1 of 2"),
        (lambda s: s.chance(Fraction(3, 2)), "3/2 is not a probability"),
        (lambda s: s.weighted(()), "weights"),
        (lambda s: s.weighted((0, 0)), "weights"),
        (lambda s: s.weighted((2, -1)), "weights"),
    ],
)
def test_impossible_draws_are_refused(draw: Callable[[Stream], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        draw(stream())


def test_a_source_has_one_origin() -> None:
    with pytest.raises(ValueError, match="exactly one"):
        Source()
    with pytest.raises(ValueError, match="exactly one"):
        Source(1, secret=SECRET)


def test_a_short_secret_is_refused_without_being_shown() -> None:
    with pytest.raises(ValueError, match="at least 16") as refusal:
        Source(secret=b"hunter2")
    assert "hunter2" not in str(refusal.value)


def reachable(value: object, depth: int = 4) -> str:
    """The text of a value and of everything its slots hold."""
    slots = getattr(type(value), "__slots__", ()) if depth else ()
    inner = "".join(reachable(getattr(value, slot), depth - 1) for slot in slots if hasattr(value, slot))
    return f"{value!r} {value} {inner}"


def test_the_secret_is_in_no_text_and_in_no_pickle() -> None:
    source = Source(secret=SECRET)
    drawn = source.stream("t", 0, 0, "p")
    assert SECRET.decode() not in reachable(source) + reachable(drawn)
    assert SECRET.hex() not in reachable(source) + reachable(drawn)
    assert repr(source) == "Source(secret)"
    for value in (source, drawn):
        for attempt in (pickle.dumps, copy.copy, copy.deepcopy):
            with pytest.raises(TypeError, match="cannot be pickled"):
                attempt(value)


def test_another_secret_gives_other_draws() -> None:
    other = Source(secret=SECRET[::-1])
    assert other.stream("t", 0, 0, "p").below(2**64) != Source(secret=SECRET).stream("t", 0, 0, "p").below(2**64)
    assert Source(SECRET.decode()).digest("x") != Source(secret=SECRET).digest("x")
