"""Draws of masks as rules, and further masked sentences beside the first one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from quizgen.sampling.corruption import all_masked
from quizgen.template import Draw, FixedValue, InputDraw, MaskDraw, SentenceDraw

if TYPE_CHECKING:
    from quizgen.objective.masked import MaskedSentence
    from quizgen.sampling.draws import Stream
    from quizgen.sampling.masks import Among, MaskConstraint, MaskRule, Positions
    from quizgen.sampling.sentences import Corpus, CorpusSentence

    Inputs = dict[str, tuple[CorpusSentence, MaskedSentence]]

_AMONG: Mapping[str, Among] = {"content words": "content", "function words": "function", "all words": "all"}


def mask_rule(wanted: MaskDraw, further: Iterable[MaskConstraint] = ()) -> MaskRule:
    """The rule by which positions are selected, with its constraints and `further` ones."""
    from quizgen.sampling import masks

    constraints = {
        "none": [masks.NO_VISIBLE_DUPLICATE, masks.DIFFERENT_WORDS],
        "visible": [masks.ONE_COPY_BEFORE],
        "masked": [masks.EQUAL_WORDS],
    }[wanted.copies]
    asked = (
        (wanted.left_context, masks.VISIBLE_TO_THE_LEFT),
        (wanted.last_word, masks.THE_LAST_WORD),
        (wanted.right_context, masks.VISIBLE_TO_THE_RIGHT),
        (wanted.apart, masks.NOT_ADJACENT),
    )
    constraints += [constraint for is_asked, constraint in asked if is_asked]
    constraints += further
    among = _AMONG[wanted.among]
    if wanted.rate is not None:
        return masks.Bernoulli(wanted.rate, "redraw", among, (*constraints, masks.NOT_ALL))
    if wanted.spans:
        lengths = (1,) * wanted.longest if wanted.longest else masks.geometric_lengths()
        return masks.Spans(wanted.spans, lengths, tuple(constraints), wanted.words)
    return masks.Count(wanted.count, among, tuple(constraints))


class FurtherInputs:
    """The further masked sentences of a template, each another sentence.

    candidates: the sentences of a draw. sets: the sets of positions that a draw of masks allows in a sentence.
    """

    def __init__(
        self,
        draws: Sequence[tuple[str, Draw]],
        corpus: Corpus,
        candidates: Callable[[str, SentenceDraw], Sequence[CorpusSentence]],
        sets: Callable[[MaskDraw, CorpusSentence], tuple[Positions, ...]],
    ) -> None:
        self._draws = [(name, draw) for name, draw in draws if isinstance(draw, InputDraw)]
        self._corpus, self._candidates, self._sets = corpus, candidates, sets

    @cached_property
    def _spaces(self) -> dict[str, list[tuple[CorpusSentence, tuple[Positions, ...]]]]:
        spaces = {}
        for name, draw in self._draws:
            pairs = [(each, self._sets(draw.masks, each)) for each in self._candidates(name, draw.sentence)]
            spaces[name] = [pair for pair in pairs if pair[1]]
        return spaces

    @cached_property
    def _places(self) -> dict[str, dict[str, list[int]]]:
        """Where each sentence stands among those of a name."""
        places: dict[str, dict[str, list[int]]] = {}
        for name, pairs in self._spaces.items():
            of_name = places[name] = {}
            for place, (sentence, _) in enumerate(pairs):
                of_name.setdefault(sentence.id, []).append(place)
        return places

    @property
    def names(self) -> dict[str, frozenset[str]]:
        """The ids of the sentences that may stand under each name."""
        return {name: frozenset(sentence.id for sentence, _ in pairs) for name, pairs in self._spaces.items()}

    def size(self, name: str) -> int:
        """How many inputs there are for a name, at least 1."""
        return max(1, sum(len(sets) for _, sets in self._spaces[name]))

    def drawn(
        self, first: CorpusSentence | None, given: Mapping[str, FixedValue], stream: Callable[[str], Stream]
    ) -> Inputs:
        """The inputs of one scene. first: the sentence of the scene itself. given: what a named draw says.

        Raises ValueError where no other sentence is left, or a named one does not exist.
        """
        found: Inputs = {}
        if not self._draws:
            return found
        taken = {first.id} if first is not None else set()
        for name, _ in self._draws:
            fixed = given.get(name)
            other, positions = self._one(name, taken, stream(name)) if fixed is None else self._given(name, fixed)
            taken.add(other.id)
            found[name] = other, all_masked(other, positions)
        return found

    def _one(self, name: str, taken: Collection[str], stream: Stream) -> tuple[CorpusSentence, Positions]:
        """One of the sentences that are not taken, each equally likely, and positions of it."""
        pairs, places = self._spaces[name], self._places[name]
        used = sorted(place for id_ in taken for place in places.get(id_, ()))
        if len(used) == len(pairs):
            raise ValueError(f"there is no further sentence for '{name}': {len(pairs)} fit and are used")
        chosen = stream.below(len(pairs) - len(used))  # among those that are left, in their order
        for place in used:
            chosen += place <= chosen
        sentence, sets = pairs[chosen]
        return sentence, stream.choice(sets)

    def _given(self, name: str, value: FixedValue) -> tuple[CorpusSentence, Positions]:
        said = (
            {str(entry[0]): entry[1] for entry in value if isinstance(entry, tuple)} if isinstance(value, tuple) else {}
        )
        sentence, places = self._corpus.get(str(said.get("sentence"))), said.get("masks")
        if sentence is None or not isinstance(places, tuple):
            raise ValueError(f"'{name}' names the sentence '{said.get('sentence')}', which the corpus does not have")
        return sentence, tuple(sorted(int(place) for place in places if isinstance(place, Fraction | int)))
