"""Which term of the answer stands for which term of the key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from grading.atoms import SpellingNeeded
from grading.expressions import Expression
from grading.parsing.language import Language

from .coefficients import Coefficient
from .places import Leaf, Spot, Written, conditioned, places_of, spots, written
from .records import Difference, Kind, Place
from .shapes import KeyReading, Reading

_MOST = 12  # unmatched terms that are looked at; an answer with more of them is another formula


class Pairing(NamedTuple):
    """kept: (number of the answer's term, the terms of the key that it stands for). missing: terms of the key that no
    term of the answer stands for. extra: numbers of the answer's terms that stand for none. changes: what is different
    about those that are kept."""

    kept: tuple[tuple[int, tuple[Leaf, ...]], ...]
    missing: tuple[Leaf, ...]
    extra: tuple[int, ...]
    changes: tuple[Difference, ...]


def paired(key: KeyReading, answer: Reading, tree: Expression | None, language: Language) -> Pairing | None:
    """The pairing that leaves the fewest terms over; None where nothing sensible is found.

    tree: the answer as it was written; raises SpellingNeeded where it is None and needed.
    """
    kept: list[tuple[int, tuple[Leaf, ...]]] = []
    extra: list[int] = []
    taken: set[Leaf] = set()
    terms = key.terms
    for number in _plain_first(answer):
        leaf = answer.items[number][0]
        if leaf in terms and leaf not in taken:
            taken.add(leaf)
            kept.append((number, (leaf,)))
        else:
            extra.append(number)
    missing = [leaf for leaf in key.terms if leaf not in taken] if len(taken) < len(key.terms) else []
    if not extra:
        return Pairing(tuple(kept), tuple(missing), (), ())
    if (shifted := _shifted(key, answer, language)) is not None:
        return shifted
    if len(extra) > _MOST or len(missing) > _MOST:
        return None
    if not _akin(missing, extra, answer):
        return Pairing(tuple(kept), tuple(missing), tuple(extra), ())
    if tree is None:
        raise SpellingNeeded
    return _paired_rest(kept, missing, sorted(extra), answer, written(tree, language), language)


def _akin(missing: list[Leaf], extra: list[int], answer: Reading) -> bool:
    """Whether a term too many has the place or the word of one that is missing."""
    traits = {trait for leaf in missing for trait in _traits(leaf)}
    return any(trait in traits for number in extra for trait in _traits(answer.items[number][0]))


@lru_cache(maxsize=16384)
def _traits(leaf: Leaf) -> tuple[tuple[str, Place], ...]:
    found = spots(leaf)
    words = [("word", spot.word) for spot in found if spot.word is not None]
    return (*(("place", spot.place) for spot in found), *words)


def _plain_first(answer: Reading) -> Iterator[int]:
    """The numbers of the terms; those without a flaw come first where a probability stands twice."""
    if not answer.flaws:
        return iter(range(len(answer.items)))
    flawed = {number for flaw in answer.flaws for number in flaw.items}
    return iter(sorted(range(len(answer.items)), key=lambda number: (number in flawed, number)))


def _paired_rest(
    kept: list[tuple[int, tuple[Leaf, ...]]],
    missing: list[Leaf],
    extra: list[int],
    answer: Reading,
    spellings: Written,
    language: Language,
) -> Pairing | None:
    changes: list[Difference] = []
    words: list[tuple[Place, str, str]] = []
    for alike in _ALIKE:
        for number in tuple(extra):
            leaf = answer.items[number][0]
            found = _partners(leaf, missing, alike)
            if not found:
                continue
            kept.append((number, found))
            extra.remove(number)
            missing = [other for other in missing if other not in found]
            wanted = [spot for other in found for spot in spots(other)]
            for spot, want in zip(spots(leaf), wanted, strict=True):
                shown = spellings.notations.get(spot.given or (), "")
                changes += [_conditioned_as(kind, spot, shown) for kind in conditioned(spot, want, shown, language)]
                if spot.place != want.place:
                    changes.append(_at_other_place(spot, spellings, language))
                elif spot.word != want.word:
                    words.append((spot.place, spot.word or "", want.word or ""))
    lost = {place for leaf in missing for place in places_of(leaf)}
    if lost and any(place in lost for number in extra for place in places_of(answer.items[number][0])):
        return None  # the same position in other clothes, which no kind describes
    return Pairing(tuple(kept), tuple(missing), tuple(extra), (*changes, *_words(words, spellings, language)))


_ALIKE: tuple[Callable[[Spot, Spot], bool], ...] = (
    lambda have, want: have.place == want.place and have.word == want.word,
    lambda have, want: have.place == want.place and have.condition() == want.condition(),
    lambda have, want: have.place == want.place,
    lambda have, want: isinstance(have.place, int) and have.word == want.word and have.condition() == want.condition(),
    lambda have, want: isinstance(have.place, int) and have.word == want.word,
)
"""When a term of the answer stands for a missing one of the key; the closest kinship is sought first."""


def _partners(leaf: Leaf, missing: list[Leaf], alike: Callable[[Spot, Spot], bool]) -> tuple[Leaf, ...]:
    """The missing terms that a probability stands for: one, or one for each event of a joint probability."""
    found: list[Leaf] = []
    for have in spots(leaf):
        if not have.is_word:
            return ()
        for other in missing:
            (want, *more) = spots(other)
            if not more and want.is_word and other not in found and alike(have, want):
                found.append(other)
                break
        else:
            return ()
    return tuple(found)


def _conditioned_as(kind: Kind, spot: Spot, notation: str) -> Difference:
    return Difference(kind, (spot.place,), given=notation if kind == "conditioned-otherwise" else "")


def _at_other_place(spot: Spot, spellings: Written, language: Language) -> Difference:
    remark: Literal["", "occurrence"] = "occurrence" if _stands(spot, language) else ""
    return Difference("wrong-position", (spot.place,), spellings.word(spot.word or "", language), remark=remark)


def _words(found: list[tuple[Place, str, str]], spellings: Written, language: Language) -> list[Difference]:
    """The words that stand where another was asked for; two that changed places are one difference."""
    differences: list[Difference] = []
    rest = list(found)
    while rest:
        place, have, want = rest.pop(0)
        other = next((entry for entry in rest if (entry[1], entry[2]) == (want, have)), None)
        if other is None:
            differences.append(Difference("wrong-target-word", (place,), spellings.word(have, language)))
        else:
            rest.remove(other)
            differences.append(Difference("swapped-targets", (place, other[0])))
    return differences


def _shifted(key: KeyReading, answer: Reading, language: Language) -> Pairing | None:
    """All positions one too high or one too low, as when [CLS] is not counted, or counted as 1."""
    if len(key.terms) < 2 or len(answer.items) != len(key.terms):
        return None
    wanted = {spots(leaf)[0].place: leaf for leaf in key.terms if len(spots(leaf)) == 1}
    places = [spots(leaf)[0].place for leaf, _ in answer.items if len(spots(leaf)) == 1]
    for step in (1, -1):
        found = [wanted.get(place - step) if isinstance(place, int) else None for place in places]
        partners = [leaf for leaf in found if leaf is not None]
        if len(set(partners)) < len(key.terms) or len(wanted) < len(key.terms):
            continue
        if all(_own(leaf, other, language) for (leaf, _), other in zip(answer.items, partners, strict=True)):
            kept = tuple((number, (leaf,)) for number, leaf in enumerate(partners))
            return Pairing(kept, (), (), (Difference("shifted-positions", value=f"{step:+d}"),))
    return None


def _own(leaf: Leaf, other: Leaf, language: Language) -> bool:
    """Whether both are probabilities of the word that stands at their place, and conditioned alike."""
    have, want = spots(leaf)[0], spots(other)[0]
    if have.condition() != want.condition() or have.is_word != want.is_word:
        return False
    return not have.is_word or (_stands(have, language) and _stands(want, language))


def _stands(spot: Spot, language: Language) -> bool:
    """Whether the word is the one that the sentence has at that place."""
    tokens = () if language.sentence is None else language.sentence.tokens
    return isinstance(spot.place, int) and 0 <= spot.place < len(tokens) and tokens[spot.place].casefold() == spot.word


def in_front_of(leaves: tuple[Leaf, ...], key: KeyReading) -> Coefficient | None:
    """What stands in the key in front of all of these terms; None where it is not the same."""
    first = key.terms[leaves[0]]
    return first if all(key.terms[leaf] == first for leaf in leaves[1:]) else None
