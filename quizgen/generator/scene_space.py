"""All scenes of a template, and the drawing of one of them.

Sentences and mask positions are gone through in one shuffled order of all admissible pairs, so the first N variants
show N different scenes; numbers are drawn for each variant from a stream of their own. A scene depends on the
source, the template and the numbers of the variant and attempt only: no variant needs the ones before it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from fractions import Fraction
from functools import cached_property, partial
from itertools import product
from math import lcm
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import msgspec

from quizgen.generator import drawn_words
from quizgen.generator.corrupting import corrupted, drawn_of, numbers_of
from quizgen.generator.mask_draws import FurtherInputs, mask_rule
from quizgen.generator.model_draws import drawn_models, given_models
from quizgen.generator.places import behind_prefixes
from quizgen.generator.predicting import Predicting
from quizgen.generator.scene import Condition, Drawn, Impossible, Scalar, Scene
from quizgen.generator.sentence_words import given_words, words_of_sentence
from quizgen.generator.sorted_draws import SortedDraws
from quizgen.objective.masked import MaskedSentence
from quizgen.sampling.corruption import all_masked, unit_draws
from quizgen.sampling.spaces import CannotDraw
from quizgen.template import (
    CandidateDraw,
    Described,
    Different,
    Fixed,
    FixedValue,
    MaskDraw,
    ProbabilityDraw,
    SentenceDraw,
    Statement,
    Template,
    TrueFalse,
)

if TYPE_CHECKING:
    from quizgen.sampling.corruption import UnitDraw
    from quizgen.sampling.draws import Source, Stream
    from quizgen.sampling.masks import Positions
    from quizgen.sampling.predictions import Predictor
    from quizgen.sampling.sentences import Corpus, CorpusSentence

SCALAR_SPACE = 50_000
"""Combinations of drawn numbers up to which all are listed and gone through in a shuffled order."""


class SceneSpace:
    """All scenes of a template for one source, one language and one choice of radicals.

    scenes: the `names` that it is limited to, None for all. predictor: gives the probabilities of true words instead
    of drawing them; then only words that it knows are masked.
    """

    def __init__(
        self,
        template: Template,
        corpus: Corpus,
        source: Source,
        stream_name: str,
        language: str,
        radicals: Mapping[str, str],
        conditions: Callable[[], Sequence[Condition]],
        scenes: Mapping[str, Collection[str]] | None = None,
        predictor: Predictor | None = None,
    ) -> None:
        self.template = template
        self.corpus = corpus
        self.language = language
        self._source = source
        self._name = stream_name
        self.draws = SortedDraws(template, radicals)
        self._conditions = conditions
        self._limited_to = scenes
        self.predicting = Predicting(predictor, self.draws.all)
        self.inputs = FurtherInputs(self.draws.all, corpus, self._further_for, self._sets_of)
        self.sentences = self._sentence_scenes()
        self.statements = self._statements()

    @cached_property
    def _vocabulary(self) -> tuple[str, ...]:
        from quizgen.sampling.corruption import vocabulary

        return self.predicting.vocabulary(vocabulary(self.corpus.select(language=self.language)))

    # ------------------------------------------------------------ what there is

    def _sentence_scenes(self) -> tuple[tuple[CorpusSentence, Positions], ...]:
        drawn = self.draws.of(SentenceDraw)
        if drawn is None:
            return ()
        candidates = self._sentences_for(*drawn)
        candidates = self._allowed("", candidates)
        if not candidates:
            raise self._no_sentence(drawn[0])
        scenes = [(sentence, positions) for sentence in candidates for positions in self._mask_sets(sentence)]
        if not scenes:
            known = " on words that the model knows" if self.predicting else ""
            raise Impossible(f"none of {len(candidates)} sentences has masks{known} as the draw 'masks' asks for")
        return self._source.stream(self._name, 0, 0, "scenes").shuffle(scenes)

    def _sentences_for(self, name: str, wanted: SentenceDraw) -> tuple[CorpusSentence, ...]:
        candidates = self.corpus.select(
            ids=wanted.ids,
            topics=(wanted.topic,) if wanted.topic else (),
            language="" if wanted.ids else self.language,
            words=wanted.words or (wanted.first, 1000),
        )
        if wanted.first:
            candidates = tuple(sentence.beginning(wanted.first) for sentence in candidates)
        if not candidates:
            raise self._no_sentence(name)
        return candidates

    def _further_for(self, name: str, wanted: SentenceDraw) -> tuple[CorpusSentence, ...]:
        return self._allowed(name, self._sentences_for(name, wanted))

    def _allowed(self, name: str, candidates: tuple[CorpusSentence, ...]) -> tuple[CorpusSentence, ...]:
        """Those to which the sentence of this name is limited; "" is the first one."""
        if self._limited_to is None:
            return candidates
        return tuple(sentence for sentence in candidates if sentence.id in self._limited_to.get(name, ()))

    def _no_sentence(self, name: str) -> Impossible:
        return Impossible(f"no sentence of the corpus fits the draw '{name}' in language '{self.language}'")

    def _mask_sets(self, sentence: CorpusSentence) -> tuple[Positions, ...]:
        """The sets of positions to go through; one empty set where they are drawn for each variant instead."""
        from quizgen.sampling.masks import admits

        drawn = self.draws.of(MaskDraw)
        if drawn is None:
            return ((),)
        if self._masks_by_chance and not drawn[1].positions:
            return ((),) if admits(sentence, mask_rule(drawn[1], self.predicting.constraints)) else ()
        return self.predicting.known(sentence, self._sets_of(drawn[1], sentence))

    def _sets_of(self, wanted: MaskDraw, sentence: CorpusSentence) -> tuple[Positions, ...]:
        """All sets of positions that a draw of masks allows in a sentence, () if they are too many to list."""
        from quizgen.sampling.masks import mask_space

        if wanted.positions:
            return (wanted.positions,) if wanted.positions[-1] <= len(sentence.words) else ()
        if wanted.after is not None:
            return behind_prefixes(len(sentence.words), wanted.after)
        space = mask_space(sentence, mask_rule(wanted))
        return () if space is None else space.outcomes

    @cached_property
    def _masks_by_chance(self) -> bool:
        drawn = self.draws.of(MaskDraw)
        return drawn is not None and (drawn[1].rate is not None or drawn[1].spans > 0)

    def _drawn_masks(self, sentence: CorpusSentence, variant: int, attempt: int) -> Positions:
        from quizgen.sampling.masks import draw_masks

        drawn = self.draws.of(MaskDraw)
        assert drawn is not None
        rule = mask_rule(drawn[1], self.predicting.constraints)
        return draw_masks(sentence, rule, self._stream(variant, attempt, drawn[0]))

    @cached_property
    def combinations(self) -> tuple[tuple[Scalar, ...], ...]:
        """All combinations of the drawn numbers and words that meet the conditions on them alone, shuffled."""
        size = 1
        for _, draw in self.draws.scalars:
            size *= len(draw.values)
        if not self.draws.scalars or size > SCALAR_SPACE:
            return ()
        names = self.draws.scalar_names
        known = {*names, *drawn_words.columns_of(self.draws.described)}
        conditions = [condition for condition in self._conditions() if condition.names <= known]
        columns: list[tuple[Scalar, ...]] = [draw.values for _, draw in self.draws.scalars]
        rows = [
            row
            for row in product(*columns)
            if not conditions or self._all_hold(conditions, dict(zip(names, row, strict=True)))
        ]
        if not rows:
            raise Impossible(f"of {size} combinations of {', '.join(names)} none meets the conditions under 'where'")
        return self._source.stream(self._name, 0, 0, "numbers").shuffle(rows)

    def _all_hold(self, conditions: Sequence[Condition], drawn: dict[str, Drawn]) -> bool:
        drawn.update(drawn_words.beside(self.draws.described, drawn))
        return all(condition.holds(drawn) for condition in conditions)

    def require_combinations(self) -> None:
        """Raises Impossible if no combination of the drawn numbers meets the conditions on them."""
        _ = self.combinations

    def _statements(self) -> tuple[Statement, ...]:
        answer = self.template.answer
        if not (isinstance(answer, TrueFalse) and answer.is_pool):
            return ()
        statements = answer.statements
        if self._limited_to is not None:
            statements = tuple(found for found in statements if self._statement_name(found) in self._limited_to[""])
        return self._source.stream(self._name, 0, 0, "statements").shuffle(statements)

    def _statement_name(self, statement: Statement) -> str:
        return f"{self.template.id}/{statement.group or statement.id}"

    @cached_property
    def names(self) -> Mapping[str, frozenset[str]]:
        """What a paper shows once: under "" the ids of the sentences, or the groups of the statements, of all scenes;
        under the name of each further input the ids of its sentences."""
        first = {sentence.id for sentence, _ in self.sentences}
        first |= {self._statement_name(found) for found in self.statements}
        return {"": frozenset(first), **self.inputs.names}

    # ------------------------------------------------------------ one scene

    def draw(self, variant: int, attempt: int = 0) -> Scene:
        """The scene of this attempt at this variant. Raises Impossible where a draw cannot be met."""
        return self.completed(self.begun(variant, attempt))

    def begun(self, variant: int, attempt: int = 0) -> Scene:
        """A scene that has its sentence, masks, numbers and probabilities. Raises Impossible as `draw` does."""
        try:
            return self._draw(variant, attempt)
        except (CannotDraw, ValueError) as error:
            raise _in_author_s_terms(error) from error

    def completed(self, scene: Scene) -> Scene:
        """The scene that was begun with all that is drawn for it. Raises Impossible as `draw` does."""
        if not self.draws.further:
            return scene
        try:
            return self._filled_in(scene, {})
        except (CannotDraw, ValueError) as error:
            raise _in_author_s_terms(error) from error

    def _draw(self, variant: int, attempt: int) -> Scene:
        values: dict[str, Drawn] = {}
        if self.combinations:
            others = max(1, len(self.sentences)) * max(1, len(self.statements))
            row = self.combinations[self._index(variant, attempt, len(self.combinations), "numbers", others)]
            values.update(zip(self.draws.scalar_names, row, strict=True))
        for name, draw in self.draws.lists if self.combinations else self.draws.numbers:
            several: tuple[Any, ...] = draw.values
            stream = self._source.stream(self._name, variant, attempt, name)
            if not isinstance(draw, Different):
                values[name] = stream.choice(several)
            elif draw.repeats:
                values[name] = stream.choices(several, draw.count)
            else:
                values[name] = stream.sample(several, draw.count)
        if self.draws.described:
            values.update(drawn_words.beside(self.draws.described, values))
        sentence: CorpusSentence | None = None
        masked: MaskedSentence | None = None
        if self.sentences:
            sentence, positions = self.sentences[self._index(variant, attempt, len(self.sentences), "scene")]
            if self._masks_by_chance:
                positions = self._drawn_masks(sentence, variant, attempt)
            masked = self._corrupted(sentence, positions, variant, attempt) if positions else None
        if self.draws.of(CandidateDraw) is not None:
            values.update(self._candidates(sentence, masked, variant, attempt))
        statement = None
        if self.statements:
            others = max(1, len(self.sentences))
            statement = self.statements[self._index(variant, attempt, len(self.statements), "statement", others)]
        p = self._probabilities(masked, variant, attempt, {})
        return Scene(variant, attempt, values, self.draws.decimals, sentence, masked, p, statement=statement)

    def _filled_in(self, scene: Scene, given: Mapping[str, FixedValue]) -> Scene:
        """The scene with all that depends on its masks. given: what a named draw says."""
        stream = partial(self._stream, scene.variant, scene.attempt)
        sentence, masked = scene.sentence, scene.masked
        units: tuple[UnitDraw, ...] = ()
        if masked is not None and self.draws.corruption.scheme == "80/10/10":
            units = unit_draws(masked, stream("numbers of the words"))
        words = words_of_sentence(self.draws.words, masked, units, stream)
        words = {**words, **given_words(self.draws.words, given)} if given else words
        models = given_models(self.draws.models, given) if given else None
        models = models or drawn_models(self.draws.models, sentence, masked, stream)
        inputs = self.inputs.drawn(sentence, given, stream)
        if not (models or units or words or inputs):
            return scene
        return msgspec.structs.replace(scene, models=models, units=units, words=words, inputs=inputs)

    def fixed(self, fixed: Fixed) -> Scene:
        """The scene that a named draw gives outright; what it leaves out is drawn as for variant 0.

        Raises Impossible where it does not fit the sentence or the draws.
        """
        try:
            return self._fixed(fixed)
        except (CannotDraw, ValueError) as error:
            raise _in_author_s_terms(error) from error

    def _fixed(self, fixed: Fixed) -> Scene:
        base = self._draw(0, 0)
        given = dict(fixed.values)
        values = {**base.values, **{name: drawn_of(value) for name, value in given.items() if name in base.values}}
        sentence, masked = base.sentence, base.masked
        name = given.get("sentence")
        if isinstance(name, str):
            sentence = self.corpus.get(name)
            if sentence is None:
                raise Impossible(
                    f"the fixed draw '{fixed.name}' names the sentence '{name}', which the corpus does not have"
                )
            wanted = self.draws.of(SentenceDraw)
            if wanted is not None and wanted[1].first:
                sentence = sentence.beginning(wanted[1].first)
            masked = None
        positions = given.get("masks")
        if sentence is not None and (positions or masked is None):
            places = tuple(map(int, numbers_of(positions))) if positions else next(iter(self._mask_sets(sentence)), ())
            if places and places[-1] > len(sentence.words):
                raise Impossible(f"'{sentence.id}' has {len(sentence.words)} words, there is no position {places[-1]}")
            masked = self._corrupted(sentence, places, 0, 0, given) if places else None
        described = [(name, draw) for name, draw in self.template.draws if isinstance(draw, Described)]
        cells = drawn_words.beside(described, values)  # also of words that the radicals leave out
        without = drawn_words.columns_of(self.draws.described) - set(cells)
        values = {name: value for name, value in {**values, **cells}.items() if name not in without}
        values.update(self._candidates(sentence, masked, 0, 0, given))
        statement = base.statement
        if isinstance(given.get("statement"), str):
            statement = next((s for s in self.statements if s.id == given["statement"]), statement)
        p = self._probabilities(masked, 0, 0, given)
        scene = self._filled_in(Scene(0, 0, values, base.decimals, sentence, masked, p, statement=statement), given)
        table = next((n for n, d in self.draws.all if isinstance(d, ProbabilityDraw)), "")
        p = numbers_of(given[table]) if given.get(table) else scene.p
        if masked is not None and p and len(p) != len(masked.scored):
            raise Impossible(f"'{table}' has {len(p)} probabilities for {len(masked.scored)} words")
        return msgspec.structs.replace(scene, p=p, fixed=fixed.name, wrong=fixed.wrong)

    # ------------------------------------------------------------ single draws

    def _stream(self, variant: int, attempt: int, purpose: str) -> Stream:
        return self._source.stream(self._name, variant, attempt, purpose)

    def _index(self, variant: int, attempt: int, size: int, purpose: str, others: int = 0) -> int:
        """The place of a variant in one of the shuffled orders.

        others: how many places those before it have together, 0 for the first. Where two sizes share a factor, going
        round both in step would meet only some of the pairs, so after each common round this one starts a place later.
        """
        if attempt:
            return self._stream(variant, attempt, purpose).below(size)
        return (variant + (variant // lcm(size, others) if others else 0)) % size

    def _corrupted(
        self,
        sentence: CorpusSentence,
        positions: Positions,
        variant: int,
        attempt: int,
        given: Mapping[str, FixedValue] = MappingProxyType({}),
    ) -> MaskedSentence:
        """The sentence as the model gets it. given: what a named draw says of it."""
        if self.draws.all_masked and not given:
            return all_masked(sentence, positions)
        stream = partial(self._stream, variant, attempt)
        return corrupted(self.draws, sentence, positions, stream, lambda: self._vocabulary, given)

    def _probabilities(
        self, masked: MaskedSentence | None, variant: int, attempt: int, given: Mapping[str, FixedValue]
    ) -> tuple[Fraction, ...]:
        drawn = self.draws.of(ProbabilityDraw)
        if drawn is None or masked is None:
            return ()
        if self.predicting and drawn[0] not in given:
            return self.predicting.probabilities(masked)
        stream = self._stream(variant, attempt, drawn[0])
        return stream.choices(drawn[1].values, len(masked.scored))

    def _candidates(
        self,
        sentence: CorpusSentence | None,
        masked: MaskedSentence | None,
        variant: int,
        attempt: int,
        given: Mapping[str, object] = MappingProxyType({}),
    ) -> Mapping[str, Drawn]:
        drawn = self.draws.of(CandidateDraw)
        if drawn is None:
            return {}
        name, wanted = drawn
        stream = self._stream(variant, attempt, name)
        return drawn_words.candidates(name, wanted, sentence, masked, stream, given.get(name))


def _in_author_s_terms(error: CannotDraw | ValueError) -> Impossible:
    """What the sampling rooms say of demands that cannot be met, as an error of the template and not of the engine.

    A ValueError is their word for arguments that make no sense together.
    """
    return Impossible(error.reason if isinstance(error, CannotDraw) else str(error))
