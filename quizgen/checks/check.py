"""What a rule of the bank is, and the template as its rules see it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from typing import Literal, NamedTuple

import msgspec

from quizgen.bank import Bank
from quizgen.findings import Finding, FindingsError
from quizgen.generator import Generator
from quizgen.generator.bindings import MOST_MASKS, Formulas, formula_names
from quizgen.generator.filters import FILTERS
from quizgen.generator.naming import SENTENCE_NAMES
from quizgen.generator.radicals import radical_choices
from quizgen.generator.trace import Trace
from quizgen.markup import CompiledBlocks, CompiledInline, compile_blocks, compile_inline
from quizgen.model import GeneratedItem
from quizgen.sampling.draws import Source
from quizgen.source import DataPath
from quizgen.template import (
    QUANTITIES,
    SEQUENCES,
    CandidateDraw,
    CorruptionDraw,
    Described,
    Essay,
    FormulaChoice,
    MaskDraw,
    Matching,
    ModelComparison,
    ModelDistributions,
    ModelRanking,
    MultipleAnswer,
    Numeric,
    NumericTuple,
    Ordering,
    PartTemplate,
    SentenceDraw,
    ShortAnswer,
    Symbolic,
    Template,
    TextChoice,
    TrueFalse,
    Written,
    WrongText,
)


class Check(msgspec.Struct, frozen=True):
    """One rule of the bank.

    codes: of the findings that it makes; their titles and manual texts stand in `quizgen.findings.CODES`.
    on_sound_only: the rule generates variants, which makes sense only where the rules before it found no error.
    """

    codes: tuple[str, ...]
    title: str
    run: Callable[[Subject], Iterator[Finding]]
    on_sound_only: bool = False

    @property
    def manual(self) -> str:
        """What the rule is for."""
        return (self.run.__doc__ or "").strip()


class BankCheck(msgspec.Struct, frozen=True):
    """One rule about a bank as a whole; it is asked when the rules about templates found no error."""

    codes: tuple[str, ...]
    title: str
    run: Callable[[Bank, Sequence[Subject]], Iterator[Finding]]

    @property
    def manual(self) -> str:
        """What the rule is for."""
        return (self.run.__doc__ or "").strip()


SAMPLE = 24
"""Variants that rules look at."""

MOST_KEPT = 60
"""Variants of a template in a language that are kept in memory, for the rules that look at more than a sample."""


class Reference(NamedTuple):
    """A misconception that a template names. own: the author gives its value, so the id may be the author's."""

    id: str
    path: DataPath
    own: bool

    @property
    def of(self) -> Literal["key", "value"]:
        """Whether the id stands as the key or as the value of its place."""
        return "key" if self.path[-1] == self.id else "value"


class Subject:
    """One template of a bank, with what several rules need of it computed once."""

    def __init__(self, bank: Bank, template: Template) -> None:
        self.bank = bank
        self.template = template
        self._samples: dict[str, tuple[GeneratedItem, ...]] = {}
        self._generators: dict[tuple[str, int], Generator] = {}
        self._drawn: dict[tuple[str, int], tuple[GeneratedItem, Trace]] = {}
        self.printed_well: set[tuple[str, int]] = set()
        """(language, number) of variants with the first radicals whose printed numbers were looked at already."""

    # ------------------------------------------------------------ variants

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the bank that the template is written in."""
        return (self.bank.language, *(language for language, _ in self.template.translations))

    @property
    def in_every_language(self) -> tuple[Template, ...]:
        """The template and its translations."""
        return (self.template, *(translated for _, translated in self.template.translations))

    @cached_property
    def choices(self) -> tuple[tuple[tuple[str, str], ...], ...]:
        """Every way to fix the radicals; rules that look at a sample look at the first."""
        return radical_choices(self.template)

    def generator(self, language: str = "", choice: int = 0) -> Generator:
        """Where variants come from, in a language, the bank's own if empty. choice: number of one of `choices`."""
        name = language or self.bank.language, choice
        if name not in self._generators:
            radicals = dict(self.choices[choice])
            self._generators[name] = Generator(
                self.template, self.bank, Source(seed="check"), language=name[0], radicals=radicals
            )
        return self._generators[name]

    def variant(self, number: int, language: str = "") -> GeneratedItem:
        """A variant, drawn once for all rules. Raises FindingsError where it cannot be drawn."""
        return self.traced(number, language)[0]

    def traced(self, number: int, language: str = "", choice: int = 0) -> tuple[GeneratedItem, Trace]:
        """A variant with the numbers that it prints, drawn once if it is one that rules look at."""
        name = (language or self.bank.language, number)
        if choice == 0 and name in self._drawn:
            return self._drawn[name]
        trace = Trace()
        drawn = self.generator(language, choice).item(number, trace), trace
        if choice == 0 and number < MOST_KEPT:
            self._drawn[name] = drawn
        return drawn

    @property
    def sampled(self) -> bool:
        """Whether a rule has looked at variants in the bank's own language: the template is sound then."""
        return self.bank.language in self._samples

    def keep(self, samples: Mapping[str, tuple[GeneratedItem, ...]]) -> None:
        """Takes samples, by language, that were drawn already, and forgets all other variants."""
        self._samples.update(samples)
        self._drawn.clear()

    def sample(self, language: str = "") -> tuple[GeneratedItem, ...]:
        """Some variants in a language, the bank's own if empty; fewer where there are not so many, or one fails."""
        language = language or self.bank.language
        if language not in self._samples:
            found: list[GeneratedItem] = []
            with suppress(FindingsError):  # reported by the rule that tries the examples
                for variant in range(SAMPLE):
                    if self.generator(language).exhausted(variant):
                        break
                    found.append(self.variant(variant, language))
            self._samples[language] = tuple(found)
        return self._samples[language]

    def option_texts(self) -> Iterator[tuple[Template, Written]]:
        """(template or translation, text) for every option that an author wrote."""
        for template in self.in_every_language:
            for part in template.parts:
                if isinstance(part.answer, TextChoice | MultipleAnswer | Matching | Ordering):
                    yield from ((template, text) for text, _ in _texts_of(part))

    # ------------------------------------------------------------ texts

    @cached_property
    def hole_names(self) -> frozenset[str]:
        """Every name that a hole of the template may use."""
        template = self.template
        names = {name for name, draw in template.draws if not isinstance(draw, MaskDraw)} - {"corruption"}
        names.update(formula_names(template))
        for name, draw in template.draws:
            if isinstance(draw, Described):
                names.update(f"{name}_{column}" for column, _ in draw.columns)
            elif isinstance(draw, CandidateDraw):
                names.update(f"{name}_{place}" for place in range(1, draw.count + 1))
        names.update(text.name for text in template.texts)
        draws = [draw for _, draw in template.draws]
        if any(isinstance(draw, SentenceDraw) for draw in draws):
            names.update(SENTENCE_NAMES)
        if any(isinstance(draw, MaskDraw) for draw in draws):
            names.update(f"mask_{number}" for number in range(1, MOST_MASKS + 1))
        if any(isinstance(draw, CorruptionDraw) for draw in draws):
            names.add("draws")
        if any(isinstance(draw, ModelComparison | ModelDistributions | ModelRanking) for draw in draws):
            names.add("models")
        if any(part.each for part in template.parts):
            names.add("mask")
        if template.kind == "cloze":
            names.add("gap")
        return frozenset(names)

    def markdown(self, template: Template) -> Iterator[tuple[Written, bool]]:
        """(text, whether it has several lines) for every Markdown text of the template or of a translation of it."""
        for text in (template.stem, template.solution):
            if text is not None:
                yield text, True
        yield from ((hint, False) for hint in template.hints)
        yield from ((text, False) for varying in template.texts for _, text in varying.texts)
        for part in template.parts:
            if part.prompt is not None:
                yield part.prompt, True
            yield from _texts_of(part)
            wrong = (*getattr(part.answer, "wrong", ()), *getattr(part.answer, "unused", ()))
            own = (words for entry in wrong for words in (entry.hint, entry.feedback))
            yield from ((words, False) for words in own if words is not None)

    @cached_property
    def compiled(self) -> tuple[tuple[Template, Written, CompiledBlocks | CompiledInline], ...]:
        """Every Markdown text, compiled: in the template and in its translations, each once."""
        found: dict[DataPath, tuple[Template, Written, CompiledBlocks | CompiledInline]] = {}
        for template in (self.template, *(translated for _, translated in self.template.translations)):
            for text, blocks in self.markdown(template):
                compiler = compile_blocks if blocks else compile_inline
                if text.path not in found:
                    made = compiler(text.text, template.findings_in(text), self.hole_names, FILTERS)
                    found[text.path] = (template, text, made)
        return tuple(found.values())

    # ------------------------------------------------------------ formulas

    @cached_property
    def formulas(self) -> tuple[Formulas | None, tuple[Finding, ...]]:
        """The formulas of `where` and `let`, or None, and what is wrong with them."""
        try:
            return Formulas(self.template), ()
        except FindingsError as error:
            return None, error.findings

    def formula_texts(self) -> Iterator[tuple[Written, tuple[str, ...]]]:
        """(formula, names that it may use beyond those of the template) for every formula of the answers."""
        for part in self.template.parts:
            match part.answer:
                case NumericTuple(sample=sample, wrong=tuples):
                    yield from ((number, ()) for number in sample)
                    yield from ((number, ()) for entry in tuples for number in entry.values)
                    continue
                case Numeric(key=key, wrong=wrong):
                    names: tuple[str, ...] = ()
                case Symbolic(key=key, wrong=wrong, symbols=symbols):
                    names = tuple(spelling for symbol in symbols for spelling in (symbol.name, *symbol.aliases))
                case _:
                    continue
            if key.text not in QUANTITIES:
                yield key, names
            yield from ((entry.value, names) for entry in wrong if entry.value is not None)

    def comparison_texts(self) -> Iterator[tuple[Written, tuple[str, ...]]]:
        """(condition, names of the numbers that are asked for) for every condition on several numbers."""
        for part in self.template.parts:
            if isinstance(part.answer, NumericTuple):
                yield from ((wanted.condition, part.answer.names) for wanted in part.answer.conditions)

    def condition_texts(self) -> Iterator[Written]:
        """The conditions of single options."""
        for part in self.template.parts:
            wrong: tuple[WrongText, ...] = ()
            if isinstance(part.answer, TextChoice | MultipleAnswer):
                wrong = part.answer.wrong
            elif isinstance(part.answer, Matching):
                wrong = part.answer.unused
                yield from (condition for _, condition in part.answer.conditions)
            yield from (entry.when for entry in wrong if entry.when is not None)
            if isinstance(part.answer, Numeric | NumericTuple | Symbolic):
                yield from (entry.when for entry in part.answer.wrong if entry.when is not None)

    # ------------------------------------------------------------ misconceptions

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        """Every misconception that the template names, in order of places."""
        return tuple(_references(self.template))


def _texts_of(part: PartTemplate) -> Iterator[tuple[Written, bool]]:
    match part.answer:
        case TextChoice(key, wrong):
            yield key, False
            yield from ((entry.text, False) for entry in wrong)
        case TrueFalse(statements):
            yield from ((entry.text, True) for entry in statements if entry.text is not None)
            yield from ((entry.solution, True) for entry in statements if entry.solution is not None)
        case MultipleAnswer(right, wrong):
            yield from ((entry.text, False) for entry in right)
            yield from ((entry.text, False) for entry in wrong)
        case Matching(pairs, unused):
            yield from ((side, False) for pair in pairs for side in pair[1:])
            yield from ((entry.text, False) for entry in unused)
        case Ordering(entries):
            yield from ((entry, False) for entry in entries)
        case ShortAnswer() as answer:
            yield from ((text, False) for text in (answer.key, *answer.accept) if text.text.strip() not in SEQUENCES)
            yield from ((entry.value, False) for entry in answer.wrong if entry.value is not None)
        case NumericTuple(conditions=conditions):
            said = (words for wanted in conditions for words in (wanted.hint, wanted.feedback, wanted.equal))
            yield from ((words, False) for words in said if words is not None)
        case Essay(rubric):
            yield from ((line.text, False) for line in rubric)


def _references(template: Template) -> Iterator[Reference]:
    for name, draw in template.draws:
        if isinstance(draw, ModelComparison):
            yield from (Reference(id, ("draw", name, "against", k), False) for k, id in enumerate(draw.against))
    for part in template.parts:
        match part.answer:
            case TextChoice(_, wrong) | Matching(_, wrong):
                yield from (Reference(id, entry.text.path, False) for entry in wrong for id in entry.misconceptions)
                if isinstance(part.answer, Matching):
                    yield from (Reference(known.misconception, known.path, False) for known in part.answer.confused)
            case MultipleAnswer(right, wrong, candidates=candidates):
                yield from (Reference(entry.id, entry.path, False) for entry in candidates)
                yield from (Reference(id, entry.text.path, False) for entry in right for id in entry.misconceptions)
                yield from (Reference(id, entry.text.path, False) for entry in wrong for id in entry.misconceptions)
            case TrueFalse(statements):
                yield from (
                    Reference(id, (*entry.path[:-1], "wrong") if entry.text is None else (*entry.path, "wrong"), False)
                    for entry in statements
                    for id in entry.misconceptions
                )
            case Numeric() | Symbolic() | Ordering() | ShortAnswer() as answer:
                yield from (Reference(entry.id, entry.path, entry.value is not None) for entry in answer.wrong)
                if isinstance(answer, Ordering):
                    yield from (Reference(known.misconception, known.path, False) for known in answer.confused)
                if isinstance(answer, Symbolic):
                    yield from (
                        Reference(id, (*answer.accept_path, relation.kind, "misconception"), False)
                        for relation in answer.accept
                        for id in relation.misconceptions
                    )
            case NumericTuple(conditions=conditions, wrong=tuples):
                yield from (
                    Reference(id, wanted.condition.path, False) for wanted in conditions for id in wanted.misconceptions
                )
                yield from (Reference(id, entry.path, False) for entry in tuples for id in entry.misconceptions)
            case FormulaChoice(_, candidates):
                yield from (Reference(entry.id, entry.path, False) for entry in candidates)
