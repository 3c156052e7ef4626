"""Single words of a scene, and what a named draw says of its corruption."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from quizgen.sampling.corruption import branch_of
from quizgen.template import Draw, FixedValue, WordDraw

if TYPE_CHECKING:
    from quizgen.objective.masked import Branch, MaskedSentence
    from quizgen.sampling.corruption import UnitDraw
    from quizgen.sampling.draws import Stream
    from quizgen.sampling.masks import Positions
    from quizgen.sampling.sentences import CorpusSentence


def words_of_sentence(
    draws: Sequence[tuple[str, Draw]],
    masked: MaskedSentence | None,
    units: Sequence[UnitDraw],
    stream: Callable[[str], Stream],
) -> dict[str, int]:
    """{name: position} of the drawn words, all different. units: u and v of each word, () if they are not drawn.

    Raises ValueError where the sentence has no such word.
    """
    found: dict[str, int] = {}
    for name, draw in draws:
        if isinstance(draw, WordDraw) and masked is not None:
            places = [place for place in _fitting(draw, masked, units) if place not in found.values()]
            if not places:
                raise ValueError(f"the sentence '{' '.join(masked.tokens[1:])}' has no word as '{name}' asks for")
            found[name] = stream(name).choice(places) if len(places) > 1 else places[0]
    return found


def _fitting(draw: WordDraw, masked: MaskedSentence, units: Sequence[UnitDraw]) -> list[int]:
    if draw.among == "selected":
        branches: dict[int, Branch] = dict(zip(masked.selected, masked.branches, strict=True))
        return [place for place, branch in branches.items() if draw.branch in ("", branch)]
    if draw.branch and not units:
        raise ValueError("a branch of a word that was not selected needs a drawn corruption: 80/10/10, or a mixture")
    return [place for place in masked.unselected if not draw.branch or branch_of(units[place - 1]) == draw.branch]


def given_words(draws: Sequence[tuple[str, Draw]], given: Mapping[str, FixedValue]) -> dict[str, int]:
    """The positions that a named draw gives."""
    words = [name for name, draw in draws if isinstance(draw, WordDraw)]
    return {name: int(value) for name, value in given.items() if name in words and isinstance(value, Fraction)}


def given_corruption(
    sentence: CorpusSentence, places: Positions, given: Mapping[str, FixedValue], decides: bool = False
) -> MaskedSentence | None:
    """What a named draw shows at the selected positions: ``corruption: {2: "[MASK]", 5: river}``; None if nothing.

    decides: it is asked which tokens were replaced.

    Raises ValueError if it does not say it of just these positions.
    """
    from quizgen.objective.masked import masked_sentence

    shown = given.get("corruption")
    if not isinstance(shown, tuple):
        return None
    at = {str(entry[0]): str(entry[1]) for entry in shown if isinstance(entry, tuple)}
    if {str(place) for place in places} != set(at):
        raise ValueError("`corruption` says what stands at each of the masks, and at no other place")
    return masked_sentence(sentence.tokens, {int(place): word for place, word in at.items()}, decides=decides)
