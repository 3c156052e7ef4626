"""The scene of one variant: everything that is drawn for it, before a word of it is written.

Sentences and mask positions are gone through in one shuffled order of all admissible pairs, so the first N variants
show N different scenes; numbers are drawn for each variant from a stream of their own. A scene depends on the
source, the template and the numbers of the variant and attempt only: no variant needs the ones before it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from fractions import Fraction
from functools import cached_property, partial
from itertools import product
from math import comb, factorial, lcm
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import msgspec

from quizgen.generator import drawn_words
from quizgen.generator.mask_draws import FurtherInputs, mask_rule
from quizgen.generator.model_draws import drawn_models, given_models
from quizgen.generator.places import behind_prefixes
from quizgen.generator.predicting import Predicting
from quizgen.generator.sentence_words import given_corruption, given_words, words_of_sentence
from quizgen.objective.masked import MaskedSentence
from quizgen.sampling.spaces import CannotDraw
from quizgen.template import (
    FIELD_OF,
    CandidateDraw,
    CorruptionDraw,
    Described,
    Different,
    Draw,
    Fixed,
    FixedValue,
    InputDraw,
    IntegerRange,
    MaskDraw,
    ModelComparison,
    ModelDistributions,
    ModelRanking,
    OneOf,
    OrderDraw,
    Prediction,
    ProbabilityDraw,
    SentenceDraw,
    Statement,
    Template,
    TrueFalse,
    WordDraw,
)

if TYPE_CHECKING:
    from quizgen.generator.model_draws import Models
    from quizgen.sampling.corruption import UnitDraw
    from quizgen.sampling.draws import Source, Stream
    from quizgen.sampling.masks import Positions
    from quizgen.sampling.predictions import Predictor
    from quizgen.sampling.sentences import Corpus, CorpusSentence

D = TypeVar("D")

_MODEL_DRAWS = (ModelComparison, ModelDistributions, ModelRanking, Prediction)

SCALAR_SPACE = 50_000
"""Combinations of drawn numbers up to which all are listed and gone through in a shuffled order."""

Scalar = Fraction | str
Drawn = Fraction | str | tuple[Fraction, ...] | tuple[str, ...]


class Condition(Protocol):
    """A condition on what is drawn, with the names that it uses."""

    @property
    def names(self) -> frozenset[str]: ...

    def holds(self, bindings: Mapping[str, Any]) -> bool: ...


class Impossible(Exception):
    """The draws of a template cannot be met; the message says which and why."""


class Scene(msgspec.Struct, frozen=True):
    """What was drawn.

    values: numbers, words and lists by name. decimals: with how many places the numbers of a name are printed.
    p: the probability of the true word at each mask, in the order of the positions.
    units: the numbers u and v of each word, where a corruption is drawn. words: positions of drawn words by name.
    inputs: further masked sentences by name.
    wrong: the misconceptions whose options a ``fixed:`` draw asks for, () if they are drawn.
    """

    variant: int
    attempt: int
    values: Mapping[str, Drawn]
    decimals: Mapping[str, int]
    sentence: CorpusSentence | None = None
    masked: MaskedSentence | None = None
    p: tuple[Fraction, ...] = ()
    models: Models | None = None
    statement: Statement | None = None
    fixed: str = ""
    wrong: tuple[str, ...] = ()
    units: tuple[UnitDraw, ...] = ()
    words: Mapping[str, int] = MappingProxyType({})
    inputs: Mapping[str, tuple[CorpusSentence, MaskedSentence]] = MappingProxyType({})


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
        self._draws = tuple((name, _with_radicals(name, draw, radicals)) for name, draw in template.draws)
        self._by_name = dict(self._draws)
        self._of_kind: dict[type, tuple[str, Any]] = {type(draw): (name, draw) for name, draw in reversed(self._draws)}
        self._words = tuple((name, draw) for name, draw in self._draws if isinstance(draw, WordDraw))
        self._models = tuple((name, draw) for name, draw in self._draws if isinstance(draw, _MODEL_DRAWS))
        self._numbers = tuple((n, d) for n, d in self._draws if isinstance(d, IntegerRange | OneOf | Different))
        self._lists = tuple((name, draw) for name, draw in self._numbers if isinstance(draw, Different))
        self._described = tuple((name, draw) for name, draw in self._draws if isinstance(draw, Described))
        self._decimals = {
            **{name: getattr(draw, "decimals", 0) for name, draw in self._draws},
            **drawn_words.places_beside(self._described),
        }
        self._conditions = conditions
        self._limited_to = scenes
        self.predicting = Predicting(predictor, self._draws)
        self._scalars = [(n, d) for n, d in self._draws if isinstance(d, IntegerRange | OneOf)]
        corruption = self._draw_of(CorruptionDraw)
        self._corruption = corruption[1] if corruption is not None else CorruptionDraw()
        self._inputs = FurtherInputs(self._draws, corpus, self._further_for, self._sets_of)
        self.sentences = self._sentence_scenes()
        self.statements = self._statements()

    @cached_property
    def _vocabulary(self) -> tuple[str, ...]:
        from quizgen.sampling.corruption import vocabulary

        return self.predicting.vocabulary(vocabulary(self.corpus.select(language=self.language)))

    # ------------------------------------------------------------ what there is

    def _draw_of(self, kind: type[D]) -> tuple[str, D] | None:
        return self._of_kind.get(kind)

    def _sentence_scenes(self) -> tuple[tuple[CorpusSentence, Positions], ...]:
        drawn = self._draw_of(SentenceDraw)
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

        drawn = self._draw_of(MaskDraw)
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
        drawn = self._draw_of(MaskDraw)
        return drawn is not None and (drawn[1].rate is not None or drawn[1].spans > 0)

    def _drawn_masks(self, sentence: CorpusSentence, variant: int, attempt: int) -> Positions:
        from quizgen.sampling.masks import draw_masks

        drawn = self._draw_of(MaskDraw)
        assert drawn is not None
        rule = mask_rule(drawn[1], self.predicting.constraints)
        return draw_masks(sentence, rule, self._stream(variant, attempt, drawn[0]))

    @cached_property
    def combinations(self) -> tuple[tuple[Scalar, ...], ...]:
        """All combinations of the drawn numbers and words that meet the conditions on them alone, shuffled."""
        size = 1
        for _, draw in self._scalars:
            size *= len(draw.values)
        if not self._scalars or size > SCALAR_SPACE:
            return ()
        names = [name for name, _ in self._scalars]
        known = {*names, *drawn_words.columns_of(self._described)}
        conditions = [condition for condition in self._conditions() if condition.names <= known]
        columns: list[tuple[Scalar, ...]] = [draw.values for _, draw in self._scalars]
        rows = [
            row
            for row in product(*columns)
            if not conditions or self._all_hold(conditions, dict(zip(names, row, strict=True)))
        ]
        if not rows:
            raise Impossible(f"of {size} combinations of {', '.join(names)} none meets the conditions under 'where'")
        return self._source.stream(self._name, 0, 0, "numbers").shuffle(rows)

    def _all_hold(self, conditions: Sequence[Condition], drawn: dict[str, Drawn]) -> bool:
        drawn.update(drawn_words.beside(self._described, drawn))
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
        return {"": frozenset(first), **self._inputs.names}

    def size(self) -> tuple[int, bool]:
        """(how many scenes, whether this is exact): constraints are not counted, so it is an upper bound with them."""
        count = max(1, len(self.sentences)) * max(1, len(self.statements))
        exact = not self.template.where
        longest = max((len(sentence.words) for sentence, *_ in self.sentences), default=0)
        for name, draw in self._draws:
            match draw:
                case IntegerRange() | OneOf():
                    count *= len(draw.values)
                case CandidateDraw(chosen):
                    count, exact = count * factorial(chosen), False
                case Different(chosen, values, _, repeats):
                    for k in range(chosen):
                        count *= len(values) - (0 if repeats else k)
                case ProbabilityDraw(values) if not self.predicting:
                    masks = self._draw_of(MaskDraw)
                    count *= len(values) ** (masks[1].count if masks is not None else 1)
                    exact = False
                case CorruptionDraw(scheme="replaced tokens"):
                    masks = self._draw_of(MaskDraw)
                    n = masks[1].count if masks is not None else 1  # one of them itself, the others one of four fillers
                    count, exact = count * n * 4 ** (n - 1), False
                case OrderDraw("drawn"):
                    count, exact = count * factorial(longest), False
                case MaskDraw(rate=rate, spans=spans, words=words) if rate is not None or spans:
                    count, exact = count * (comb(longest, words) if words else 2**longest), False
                case ModelComparison() | ModelDistributions() | ModelRanking() | Prediction():
                    count, exact = count * 1000, False
                case CorruptionDraw(scheme="80/10/10"):
                    count, exact = count * 1000, False
                case WordDraw():
                    exact = False
                case InputDraw():
                    count, exact = count * max(1, self._inputs.size(name)), False
        return count, exact

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
        try:
            return self._filled_in(scene, {})
        except (CannotDraw, ValueError) as error:
            raise _in_author_s_terms(error) from error

    def _draw(self, variant: int, attempt: int) -> Scene:
        values: dict[str, Drawn] = {}
        if self.combinations:
            others = max(1, len(self.sentences)) * max(1, len(self.statements))
            row = self.combinations[self._index(variant, attempt, len(self.combinations), "numbers", others)]
            values.update(zip((name for name, _ in self._scalars), row, strict=True))
        for name, draw in self._lists if self.combinations else self._numbers:
            several: tuple[Any, ...] = draw.values
            stream = self._stream(variant, attempt, name)
            if not isinstance(draw, Different):
                values[name] = stream.choice(several)
            elif draw.repeats:
                values[name] = tuple([stream.choice(several) for _ in range(draw.count)])
            else:
                values[name] = stream.sample(several, draw.count)
        values.update(drawn_words.beside(self._described, values))
        sentence: CorpusSentence | None = None
        masked: MaskedSentence | None = None
        if self.sentences:
            sentence, positions = self.sentences[self._index(variant, attempt, len(self.sentences), "scene")]
            if self._masks_by_chance:
                positions = self._drawn_masks(sentence, variant, attempt)
            masked = self._corrupted(sentence, positions, variant, attempt) if positions else None
        values.update(self._candidates(sentence, masked, variant, attempt))
        statement = None
        if self.statements:
            others = max(1, len(self.sentences))
            statement = self.statements[self._index(variant, attempt, len(self.statements), "statement", others)]
        p = self._probabilities(masked, variant, attempt, {})
        return Scene(variant, attempt, values, self._decimals, sentence, masked, p, statement=statement)

    def _filled_in(self, scene: Scene, given: Mapping[str, FixedValue]) -> Scene:
        """The scene with all that depends on its masks. given: what a named draw says."""
        stream = partial(self._stream, scene.variant, scene.attempt)
        sentence, masked = scene.sentence, scene.masked
        units: tuple[UnitDraw, ...] = ()
        if masked is not None and self._corruption.scheme == "80/10/10":
            from quizgen.sampling.corruption import unit_draws

            units = unit_draws(masked, stream("numbers of the words"))
        words = words_of_sentence(self._words, masked, units, stream)
        words = {**words, **given_words(self._words, given)} if given else words
        models = given_models(self._models, given) if given else None
        models = models or drawn_models(self._models, sentence, masked, stream)
        inputs = self._inputs.drawn(sentence, given, stream)
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
        values = {**base.values, **{name: _drawn(value) for name, value in given.items() if name in base.values}}
        sentence, masked = base.sentence, base.masked
        name = given.get("sentence")
        if isinstance(name, str):
            sentence = self.corpus.get(name)
            if sentence is None:
                raise Impossible(
                    f"the fixed draw '{fixed.name}' names the sentence '{name}', which the corpus does not have"
                )
            wanted = self._draw_of(SentenceDraw)
            if wanted is not None and wanted[1].first:
                sentence = sentence.beginning(wanted[1].first)
            masked = None
        positions = given.get("masks")
        if sentence is not None and (positions or masked is None):
            places = tuple(map(int, _numbers(positions))) if positions else next(iter(self._mask_sets(sentence)), ())
            if places and places[-1] > len(sentence.words):
                raise Impossible(f"'{sentence.id}' has {len(sentence.words)} words, there is no position {places[-1]}")
            masked = self._corrupted(sentence, places, 0, 0, given) if places else None
        described = [(name, draw) for name, draw in self.template.draws if isinstance(draw, Described)]
        cells = drawn_words.beside(described, values)  # also of words that the radicals leave out
        without = drawn_words.columns_of(self._described) - set(cells)
        values = {name: value for name, value in {**values, **cells}.items() if name not in without}
        values.update(self._candidates(sentence, masked, 0, 0, given))
        statement = base.statement
        if isinstance(given.get("statement"), str):
            statement = next((s for s in self.statements if s.id == given["statement"]), statement)
        p = self._probabilities(masked, 0, 0, given)
        scene = self._filled_in(Scene(0, 0, values, base.decimals, sentence, masked, p, statement=statement), given)
        table = next((n for n, d in self._draws if isinstance(d, ProbabilityDraw)), "")
        p = _numbers(given[table]) if given.get(table) else scene.p
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
        from quizgen.sampling.corruption import BERT, all_masked, corrupt, corrupt_mixed

        scheme, mixture = self._corruption.scheme, self._corruption.mixture
        if given:
            shown = given_corruption(sentence, positions, given, decides=scheme == "replaced tokens")
            if shown is not None:
                return shown
        stream = self._stream(variant, attempt, "corruption")
        if scheme == "replaced tokens":
            from quizgen.sampling.replaced import replaced_tokens

            return replaced_tokens(sentence, positions, stream)
        if scheme == "all masked":
            return self._in_order(all_masked(sentence, positions), variant, attempt, given)
        if mixture:
            return corrupt_mixed(sentence, positions, mixture, stream, self._vocabulary)
        return corrupt(sentence, positions, stream, BERT, self._vocabulary)

    def _in_order(
        self, masked: MaskedSentence, variant: int, attempt: int, given: Mapping[str, FixedValue]
    ) -> MaskedSentence:
        """The masked sentence with the order in which its words are predicted, if one is drawn."""
        drawn = self._draw_of(OrderDraw)
        if drawn is None:
            return masked
        order = _numbers(given.get(drawn[0])) or tuple(map(Fraction, masked.selected))
        if drawn[1].kind == "drawn" and drawn[0] not in given:
            order = self._stream(variant, attempt, "order of prediction").shuffle(order)
        return msgspec.structs.replace(masked, order=tuple(map(int, order)))

    def _probabilities(
        self, masked: MaskedSentence | None, variant: int, attempt: int, given: Mapping[str, FixedValue]
    ) -> tuple[Fraction, ...]:
        drawn = self._draw_of(ProbabilityDraw)
        if drawn is None or masked is None:
            return ()
        if self.predicting and drawn[0] not in given:
            return self.predicting.probabilities(masked)
        stream = self._stream(variant, attempt, drawn[0])
        return tuple(stream.choice(drawn[1].values) for _ in masked.scored)

    def _candidates(
        self,
        sentence: CorpusSentence | None,
        masked: MaskedSentence | None,
        variant: int,
        attempt: int,
        given: Mapping[str, object] = MappingProxyType({}),
    ) -> Mapping[str, Drawn]:
        drawn = self._draw_of(CandidateDraw)
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


def _with_radicals(name: str, draw: Draw, radicals: Mapping[str, str]) -> Draw:
    """A draw with the values that a slot fixes: ``masks.count`` changes a field, ``a`` the draw itself."""
    for path, value in radicals.items():
        head, _, field = path.partition(".")
        if head != name:
            continue
        if field:
            field = FIELD_OF.get(field, field)
            now = getattr(draw, field, None)
            if isinstance(now, tuple) and len(now) == 2 and value.isdecimal():  # a least and a most
                draw = msgspec.structs.replace(draw, **{field: (int(value), int(value))})
                continue
            if isinstance(now, int) and not value.isdecimal():
                raise Impossible(f"the radical '{path}' must be a whole number, not '{value}'")
            draw = msgspec.structs.replace(draw, **{field: int(value) if isinstance(now, int) else value})
        elif isinstance(draw, IntegerRange | OneOf):
            if isinstance(draw, OneOf) and isinstance(draw.values[0], str):
                draw = drawn_words.only(draw, value)
            else:
                draw = OneOf((Fraction(value),), getattr(draw, "decimals", 0))
    return draw


def _numbers(value: FixedValue | None) -> tuple[Fraction, ...]:
    """The numbers of a list as a ``fixed:`` draw writes it."""
    return tuple(Fraction(entry) for entry in value if not isinstance(entry, tuple)) if isinstance(value, tuple) else ()


def _drawn(value: FixedValue) -> Drawn:
    if not isinstance(value, tuple):
        return value
    return tuple(str(entry) for entry in value) if value and isinstance(value[0], str) else _numbers(value)
