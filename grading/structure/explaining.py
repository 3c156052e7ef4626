"""From two readings to the fewest differences that, all undone, turn the answer into the key."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import msgspec

from grading.canonical import Builder
from grading.expressions import MASK, Expression
from grading.forms import Form
from grading.keys import Assumption
from grading.parsing.language import Language
from grading.polynomials import OutOfFuel, UndefinedEverywhere

from .coefficients import ONE, Coefficient, base_of, over, times, without_base
from .pairing import Pairing, in_front_of, paired
from .places import Leaf, ordered, places_of, spots
from .reading import Part, parts_of
from .records import KINDS, Difference, Place
from .shapes import KeyReading, Reading, key_readings, read_as

MOST = 3
"""More differences than these are no explanation."""

_LONGEST = 60
"""Longer numbers are nothing that a sentence can show."""

_ORDER = {kind: number for number, kind in enumerate(KINDS)}
_SINGLE = frozenset(("probability-instead-of-log", "weighted-by-probability"))
_NEEDS_TWO = frozenset(("log-of-sum", "multiplied-instead-of-added", "added-instead-of-multiplied"))


class Explanation(NamedTuple):
    """cost: what is compared to choose: how many differences, how far-fetched they are, at how many places."""

    cost: tuple[int, int, int]
    differences: tuple[Difference, ...]


def differences(
    key: Expression,
    answer: Expression | None,
    language: Language,
    assumption: Assumption = "probability",
    form: Form | None = None,
) -> tuple[Difference, ...]:
    """How an answer that is wrong differs from the key, in the order of `KINDS`; nothing where that is not proven.

    All differences together explain the answer: with each of them undone its normal form is that of the key. Of
    several explanations the one with the fewest differences is given, then the plainest, then the first in a fixed
    order; there are at most `MOST` differences. Equal expressions have none.

    language: declares the symbols and knows the sentence. assumption: of symbols that are not declared.
    answer: as it was written; None if only its normal form is known, and then this raises SpellingNeeded where words
    of the answer would have to be repeated. form: the normal form of the answer, where it is known already.

    >>> from grading.expressions import Logarithm, Product, Symbol
    >>> key, answer = (Logarithm(Product((Symbol("p_2"), Symbol(name)))) for name in ("p_6", "p_5"))
    >>> [(found.kind, found.position) for found in differences(key, answer, Language())]
    [('missing-term', 6), ('unmasked-position', 5)]
    """
    wanted = _key_readings(key, language, assumption)
    if not wanted:
        return ()
    if form is None and answer is not None:
        given = _parts(answer, language, assumption)
    else:
        given = None if form is None else parts_of(form)
    if not given:
        return ()
    found = [
        explained
        for reading in wanted
        if (read := read_as(reading, given)) is not None
        and (explained := _explained(reading, read, answer, language)) is not None
    ]
    return min(found, key=lambda explanation: explanation.cost).differences if found else ()


@lru_cache(maxsize=1024)
def _key_readings(key: Expression, language: Language, assumption: Assumption) -> tuple[KeyReading, ...]:
    parts = _parts(key, language, assumption)
    return key_readings(parts) if parts else ()


def _parts(tree: Expression, language: Language, assumption: Assumption) -> tuple[Part, ...] | None:
    try:
        return parts_of(Builder(language, assumption).form(tree))
    except (OutOfFuel, UndefinedEverywhere, RecursionError):
        return None


def _explained(key: KeyReading, answer: Reading, written: Expression | None, language: Language) -> Explanation | None:
    if not answer.items:
        return None
    pairing = paired(key, answer, written, language)
    if pairing is None or (not pairing.kept and len(pairing.missing) + len(pairing.extra) > 2):
        return None
    kept: list[_Kept] = []
    for number, leaves in pairing.kept:
        leaf, coefficient = answer.items[number]
        wanted = in_front_of(leaves, key)
        if wanted is None:
            return None
        kept.append(_Kept(leaf, leaves, coefficient, wanted, over(coefficient, wanted)))
    if not _undone(kept, key, answer, pairing):
        return None
    known = [*_flawed(answer, pairing), *pairing.changes, *_terms(key, answer, pairing, language)]
    beside = [over(answer.items[number][1], key.common) for number in pairing.extra]
    best: Explanation | None = None
    for common in _candidates(kept, key, bool(known)):
        found = _with_ratio(common, kept, key, answer, known)
        if found is not None and any(ratio != common for ratio in beside):
            found = found._replace(cost=(found.cost[0], found.cost[1] + 1, found.cost[2]))
        if found is not None and (best is None or found.cost < best.cost):
            best = found
            if best.cost[0] == 1:
                break  # by another factor there would be one in front, and the terms without it
    return best


class _Kept(NamedTuple):
    """A term of the answer, the terms of the key that it stands for, what stands in front of both, and the ratio."""

    leaf: Leaf
    stands_for: tuple[Leaf, ...]
    written: Coefficient
    wanted: Coefficient
    ratio: Coefficient


def _undone(kept: list[_Kept], key: KeyReading, answer: Reading, pairing: Pairing) -> bool:
    """Whether the terms of the answer become those of the key, once what was found is undone.

    Terms too many are left out, missing ones are put in, those that stand for others are replaced by them, and what
    stands in front of each is divided by its ratio.
    """
    mended = set(pairing.missing)
    count = len(mended)
    for term in kept:
        mended.update(term.stands_for)
        count += len(term.stands_for)
        if term.ratio is not ONE and times(term.wanted, term.ratio) != term.written:
            return False
    return count == len(mended) and mended == key.terms.keys() and len(kept) + len(pairing.extra) == len(answer.items)


def _candidates(kept: list[_Kept], key: KeyReading, more: bool) -> list[Coefficient]:
    """By what everything may have been multiplied: by nothing, or by what some term was multiplied by.

    more: whether there are other differences; then 2·log p₂ is a term that counts twice, else a factor too many.
    """
    ratios: list[Coefficient] = []
    for term in kept:
        if term.ratio not in ratios:
            ratios.append(term.ratio)
    if len(ratios) > 1 and ratios[0].unit:
        ratios.append(Coefficient(1, ratios[0].unit))  # another base, and other differences beside it
    if ONE in ratios or not ratios:
        return [ONE, *(ratio for ratio in ratios if ratio != ONE)][: MOST + 2]
    counted = more and _is_count(ratios[0]) and abs(key.common.value) == 1
    return [*((ONE,) if len(ratios) > 1 or counted else ()), *ratios][: MOST + 2]


def _is_count(ratio: Coefficient) -> bool:
    return not ratio.unit and ratio.value.denominator == 1 and ratio.value > 1


# --- differences that do not depend on what stands in front


def _flawed(answer: Reading, pairing: Pairing) -> list[Difference]:
    """What was done otherwise to the terms that are not simply too many."""
    found: list[Difference] = []
    for kind, numbers in answer.flaws:
        left = [number for number in numbers if number not in pairing.extra]
        if len(left) < (2 if kind in _NEEDS_TWO else 1):
            continue
        whole = len(left) == len(answer.items) - len(pairing.extra)
        if whole and len(left) == 1 and kind == "probability-instead-of-log" and not pairing.extra:
            kind = "missing-log"
        of_group = ordered(
            place for number in (left if kind in _SINGLE else numbers) for place in places_of(answer.items[number][0])
        )
        found.append(Difference(kind, () if whole else of_group))
    return found


def _terms(key: KeyReading, answer: Reading, pairing: Pairing, language: Language) -> list[Difference]:
    """Terms that are missing or too many."""
    found = [Difference("missing-term", places_of(leaf)) for leaf in pairing.missing]
    if not pairing.extra:
        return found
    present = {place for leaf in key.terms for place in places_of(leaf)}
    for number in pairing.extra:
        for spot in spots(answer.items[number][0]):
            found.append(_too_many(spot.place, spot.word or "", present, language))
    return found


def _too_many(place: Place, word: str, present: set[Place], language: Language) -> Difference:
    sentence = language.sentence
    if place == word and sentence is not None:
        return Difference("word-not-in-sentence", word=word)
    if not isinstance(place, int) or place in present:
        return Difference("extra-term", (place,))
    if sentence is None:
        # The key alone says where the masks are; of one term only it does not say that there is no other mask.
        asked = len([known for known in present if isinstance(known, int)]) > 1
        return Difference("unmasked-position" if asked else "extra-term", (place,))
    if place in sentence.selected:
        return Difference("extra-term", (place,))
    if place == 0:
        return Difference("special-token", (0,), sentence.tokens[0])
    every_mask = all(sentence.corrupted[k] == MASK for k in sentence.selected)
    return Difference("unmasked-position", (place,), remark="" if every_mask else "selected")


# --- what stands in front, and the choice


def _with_ratio(
    common: Coefficient, kept: list[_Kept], key: KeyReading, answer: Reading, known: list[Difference]
) -> Explanation | None:
    """The differences if everything was multiplied by `common`, with those of single terms beside it."""
    found = list(known)
    unlikely = 0
    based = not common.unit or base_of(times(key.common, common)) is not None
    plain = common.value == 1 and based
    for term in kept:
        if term.ratio is not common and term.ratio != common:
            own = _in_front_of_term(over(term.ratio, common), term, key)
            kinds = {difference.kind for difference in own}
            if "wrong-coefficient" in kinds and not plain:
                return None  # two factors for one term: which of them is meant by the one that is written?
            if "wrong-coefficient" in kinds and common.unit and base_of(term.written) is None:
                return None  # this logarithm is not to the base that is said of all
            if "other-base" in kinds and not based:
                return None  # nor is this one to its own base times the factor that is said of all
            found += own
            unlikely += common.value not in (1, -1) or any(difference.kind != "repeated-term" for difference in own)
            if unlikely > MOST and len({d.value for d in found}) > MOST:
                return None
    unlikely += bool(found) and _is_count(common)
    beside = _beside(common, key, answer)
    if beside is None:
        return None
    grouped = _grouped([*found, *_in_front(common, key, known), *beside], key)
    if not grouped or len(grouped) > MOST or any(len(difference.value) > _LONGEST for difference in grouped):
        return None
    return Explanation((len(grouped), unlikely, sum([len(d.places) for d in grouped])), grouped)


def _in_front_of_term(ratio: Coefficient, term: _Kept, key: KeyReading) -> list[Difference]:
    places = places_of(term.leaf)
    written, found = term.written, list[Difference]()
    if key.shape == "log-sum" and (base := base_of(written)) is not None and base_of(term.wanted) is not None:
        written = without_base(written)
        if ratio.unit:
            found.append(Difference("other-base", places, value=base))
            ratio = without_base(ratio)
    if _is_count(ratio):
        found.append(Difference("repeated-term", places, value=str(ratio)))
    elif ratio == Coefficient(-1):
        found.append(Difference("wrong-sign-of-term", places))
    elif ratio != ONE:
        found.append(Difference("wrong-coefficient", places, value=str(written)))
    return found


def _in_front(ratio: Coefficient, key: KeyReading, known: list[Difference]) -> list[Difference]:
    """What stands in front of everything and should not, or the other way round. known: what was found already."""
    if ratio is ONE or ratio == ONE:
        return []
    if key.shape == "product":
        return _power(ratio, any(difference.kind == "extra-log" for difference in known))
    found = [Difference("flipped-sign")] if ratio.value < 0 else []
    ratio, wanted = _size(ratio), _size(key.common)
    written = times(wanted, ratio)
    base = base_of(written)
    if key.shape == "log-sum" and ratio.unit and base is not None and base_of(wanted) is not None:
        found.append(Difference("other-base", value=base))
        wanted, written, ratio = without_base(wanted), without_base(written), without_base(ratio)
    return found + _factor(wanted, written, ratio)


def _power(ratio: Coefficient, logged: bool) -> list[Difference]:
    """The power of a product that is another one. logged: its logarithm was taken, which then has a factor instead."""
    if not logged:
        return [Difference("inverted") if ratio == Coefficient(-1) else Difference("wrong-power", value=str(ratio))]
    found = [Difference("flipped-sign")] if ratio.value < 0 else []
    ratio = _size(ratio)
    if ratio.unit and (base := base_of(ratio)) is not None:
        found.append(Difference("other-base", value=base))
        ratio = without_base(ratio)
    return found + _factor(ONE, ratio, ratio)


def _size(factor: Coefficient) -> Coefficient:
    return factor if factor.value > 0 else Coefficient(-factor.value, factor.unit)


def _factor(wanted: Coefficient, written: Coefficient, ratio: Coefficient) -> list[Difference]:
    """A positive factor: one that is missing, one too many, or another one."""
    if ratio is ONE or ratio == ONE:
        return []
    if wanted == ONE or (wanted.value == 1 and base_of(wanted) is not None):
        return [Difference("extra-factor", value=str(ratio))]
    if without_base(written) == ONE and written.unit == wanted.unit:
        return [Difference("missing-factor", value=str(without_base(wanted)))]
    same_base = written.unit == wanted.unit and base_of(written) is not None
    return [Difference("wrong-factor", value=str(without_base(written) if same_base else written))]


def _beside(common: Coefficient, key: KeyReading, answer: Reading) -> list[Difference] | None:
    """The constant beside the terms of a sum, or in front of a product; None where it cannot be compared."""
    if key.shape == "product":
        ratio = over(answer.front, key.front)
        factor = _factor(_size(key.front), _size(answer.front), _size(ratio))
        return factor if ratio.value > 0 else [Difference("flipped-sign"), *factor]
    wanted = None if key.constant is None else times(key.constant, common)
    if wanted == answer.constant:
        return []
    if wanted is None:
        return [Difference("extra-constant", value=str(answer.constant))]
    if answer.constant is None:
        return [Difference("missing-constant", value=str(key.constant))]
    return [Difference("wrong-constant", value=str(answer.constant))]


_GROUPED_APART = frozenset(
    ("log-of-sum", "log-of-mean", "multiplied-instead-of-added", "missing-log", "swapped-targets")
)


def _grouped(found: list[Difference], key: KeyReading) -> tuple[Difference, ...]:
    """Differences that say the same of several places are one; in the order of `KINDS`."""
    places: dict[tuple[Difference, bool], list[Place]] = {}
    for difference in found:
        if difference.kind in _GROUPED_APART or not difference.places:
            places.setdefault((difference, False), [])
        else:
            places.setdefault((msgspec.structs.replace(difference, places=()), True), []).extend(difference.places)
    alone, product = len(places) == 1, key.shape == "product"
    grouped = [_replaced(difference, spread, alone, product) for (difference, _), spread in places.items()]
    if not alone:
        grouped.sort(key=lambda d: (_ORDER[d.kind], [(isinstance(p, str), p) for p in d.places], d.word, d.value))
    return tuple(grouped)


def _replaced(difference: Difference, places: list[Place], alone: bool, of_factors: bool) -> Difference:
    kind, at, word, value, given, _, _, remark = msgspec.structs.astuple(difference)
    return Difference(kind, ordered(places) if places else at, word, value, given, alone, of_factors, remark)
