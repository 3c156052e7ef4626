"""The formulas of one template, parsed once, and the numbers that they are given in each scene."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from fractions import Fraction
from functools import cached_property, lru_cache

from grading.expressions import Expression
from grading.keys import SymbolDeclaration
from quizgen.distractors import worked_numbers
from quizgen.findings import Finding, FindingsError
from quizgen.formulas import (
    AuthorFormula,
    Bindings,
    Comparison,
    Condition,
    Value,
    ValueProblem,
    decider_of,
    evaluate,
    evaluator_of,
    names_in,
    pair_of,
    parse_comparison,
    parse_condition,
    parse_formula,
    value_in,
)
from quizgen.generator.named import QUANTITY_RECORDS
from quizgen.generator.scene import Impossible, Scene
from quizgen.objective.record import Base, Quantity
from quizgen.sampling.single_mask import DistributionTable
from quizgen.template import (
    QUANTITIES,
    CandidateDraw,
    Cases,
    Described,
    Different,
    IntegerRange,
    MaskDraw,
    Numeric,
    NumericTuple,
    OneOf,
    Prediction,
    ProbabilityDraw,
    SentenceDraw,
    Template,
    WordDraw,
    Written,
)

MOST_MASKS = 20


@lru_cache(maxsize=1024)
def _whole(number: int) -> Fraction:
    """A length, a count or a position."""
    return Fraction(number)


@lru_cache(maxsize=1024)
def _members(name: str, count: int) -> tuple[str, ...]:
    """The names of the members of a list."""
    return tuple(f"{name}_{k}" for k in range(1, count + 1))


@lru_cache(maxsize=4096)
def _positions(selected: tuple[int, ...]) -> Mapping[str, Value]:
    """The list of the selected positions and its members."""
    numbers = tuple(map(_whole, selected))
    return {"A": numbers, **dict(zip(_members("A", len(numbers)), numbers, strict=True))} if numbers else {}


class SceneCondition:
    """A condition of ``where`` with the names that it uses."""

    def __init__(self, text: str, condition: Condition) -> None:
        self.text = text
        self.names = frozenset(names_in(condition))
        self._decide = decider_of(condition)

    def holds(self, bindings: Bindings) -> bool:
        """Whether the condition is true; one without a value is not."""
        try:
            return self._decide(bindings)
        except ValueProblem:
            return False


def _first_that_fails(conditions: Iterable[SceneCondition], bindings: Bindings) -> SceneCondition | None:
    for condition in conditions:
        if not condition.holds(bindings):
            return condition
    return None


class CaseFormulas:
    """The formulas of one name under ``let``: one, or one for each value of another name."""

    def __init__(self, written: Written | Cases, parsed: Callable[[Written], AuthorFormula]) -> None:
        self._cases = written if isinstance(written, Cases) else None
        texts = written.written if isinstance(written, Cases) else (written,)
        self._formulas = {text.text: parsed(text) for text in texts}
        self._only = None if isinstance(written, Cases) else self._formulas[written.text]

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that is used."""
        by = (self._cases.by,) if self._cases is not None else ()
        return tuple(dict.fromkeys((*by, *(name for formula in self._formulas.values() for name in formula.names))))

    def of(self, bindings: Bindings) -> AuthorFormula | None:
        """The one that holds here, or None."""
        if self._cases is None:
            return self._only
        text = self._cases.of(bindings.get(self._cases.by))
        return None if text is None else self._formulas[text.text]


def drawn_words(template: Template) -> dict[str, tuple[str, ...]]:
    """What the names of drawn words can be."""
    return {
        name: tuple(map(str, draw.values))
        for name, draw in template.draws
        if isinstance(draw, OneOf) and isinstance(draw.values[0], str)
    }


def formula_names(template: Template) -> tuple[str, ...]:
    """Every name that a formula of the template may use, computed ones included."""
    names: dict[str, None] = {}
    for name, draw in template.draws:
        if isinstance(draw, Described):
            numbers = (column for column, places in draw.columns if places is not None)
            names.update(dict.fromkeys(f"{name}_{column}" for column in numbers))
        elif isinstance(draw, IntegerRange | OneOf):
            names[name] = None
        elif isinstance(draw, CandidateDraw):
            names[f"{name}_true"] = None
        elif isinstance(draw, Different):
            names.update(dict.fromkeys((name, *(f"{name}_{k}" for k in range(1, draw.count + 1)))))
        elif isinstance(draw, ProbabilityDraw):
            names.update(dict.fromkeys((name, *(f"{name}_{k}" for k in range(1, MOST_MASKS + 1)))))
            names.update(dict.fromkeys(QUANTITY_RECORDS))
        elif isinstance(draw, SentenceDraw):
            names["m"] = None
        elif isinstance(draw, MaskDraw):
            names.update(dict.fromkeys(("n", "A", *(f"A_{k}" for k in range(1, MOST_MASKS + 1)))))
        elif isinstance(draw, Prediction):
            names.update(dict.fromkeys(("p_true", "p_top")))
        elif isinstance(draw, WordDraw):
            names[name] = None
    names.update(dict.fromkeys(name for name, _ in template.let))
    if any(part.each for part in template.parts):
        names.update(dict.fromkeys(("position", "number", "copy")))
    return tuple(names)


class Formulas:
    """What a template computes. Parsing errors are findings at their places, all of the template at once."""

    def __init__(self, template: Template) -> None:
        self._template = template
        self._names = formula_names(template)
        self._parsed: dict[str | tuple[str, tuple[str, ...]], AuthorFormula] = {}
        self._parsed_conditions: dict[str, SceneCondition] = {}
        self._comparisons: dict[tuple[str, tuple[str, ...]], Comparison] = {}
        findings: list[Finding] = []
        self.let: list[tuple[str, CaseFormulas]] = []
        self.conditions: list[SceneCondition] = []
        for name, text in template.let:
            try:
                self.let.append((name, CaseFormulas(text, self.parsed)))
            except FindingsError as error:
                findings += error.findings
        for text in template.where:
            try:
                self.conditions.append(self._condition(text))
            except FindingsError as error:
                findings += error.findings
        if findings:
            raise FindingsError(findings)

    def parsed(self, text: Written, more: tuple[str, ...] = ()) -> AuthorFormula:
        """A formula of the author, parsed once. more: further names that it may use."""
        key = (text.text, more) if more else text.text
        formula = self._parsed.get(key)
        if formula is None:
            formula = parse_formula(text.text, (*self._names, *more), self._template.findings_in(text))
            self._parsed[key] = formula
        return formula

    def bind(self, scene: Scene) -> Mapping[str, Value]:
        """The numbers of a scene by name: drawn ones, lists and their members, quantities, and computed ones.

        Raises Impossible where a computed one has no value.
        """
        bound = self._drawn(scene)
        self._compute(bound)
        return bound

    def bind_if_wanted(self, scene: Scene) -> tuple[Mapping[str, Value], SceneCondition | None]:
        """The numbers of a scene as `bind` has them, and the first condition that does not hold for them.

        Nothing is computed where the conditions on what is drawn, up to the first that uses a computed number, tell
        that the scene is not wanted.
        """
        bound = self._drawn(scene)
        on_drawn, on_computed = self._staged
        failed = _first_that_fails(on_drawn, bound)
        if failed is None:
            self._compute(bound)
            failed = _first_that_fails(on_computed, bound)
        return bound, failed

    @cached_property
    def _staged(self) -> tuple[list[SceneCondition], list[SceneCondition]]:
        """The conditions up to the first that uses a computed number, and the others."""
        computed = {name for name, _ in self.let}
        first = next((k for k, found in enumerate(self.conditions) if found.names & computed), len(self.conditions))
        return self.conditions[:first], self.conditions[first:]

    def _drawn(self, scene: Scene) -> dict[str, Value]:
        bound: dict[str, Value] = {}
        for name, value in scene.values.items():
            if isinstance(value, tuple):
                self._bind_list(bound, name, value)
            else:
                bound[name] = value
        self._bind_sentence(bound, scene)
        return bound

    def _compute(self, bound: dict[str, Value]) -> None:
        for name, formulas in self.let:
            formula = formulas.of(bound)
            if formula is None or not formula.needs <= bound.keys():
                continue  # a word to which nothing belongs in this column; what needs it is missing as well
            try:
                bound[name] = value_in(formula, bound)
            except ValueProblem as problem:
                raise Impossible(f"'{name}' under `let` has no value here: {problem}") from problem

    @staticmethod
    def _bind_list(bound: dict[str, Value], name: str, values: object) -> None:
        numbers = tuple([v for v in values if type(v) is Fraction]) if isinstance(values, tuple) else ()
        if numbers:
            bound[name] = numbers
            bound.update(zip(_members(name, len(numbers)), numbers, strict=True))

    def _bind_sentence(self, bound: dict[str, Value], scene: Scene) -> None:
        if scene.sentence is not None:
            bound["m"] = _whole(len(scene.sentence.words))
        if scene.masked is None:
            return
        bound["n"] = _whole(scene.masked.n)
        bound.update(_positions(scene.masked.selected))
        for name, position in scene.words.items():
            bound[name] = _whole(position)
        if isinstance(scene.models, DistributionTable) and len(scene.models.models) == 1:
            (prediction,) = scene.models.models
            bound.update(p_true=prediction.true, p_top=prediction.top)
        if not scene.p:
            return
        self._bind_list(bound, self._table, scene.p)
        numbers = worked_numbers(scene.masked, scene.p)
        for name, (quantity, base) in self._quantities:
            pair = pair_of(evaluator_of(numbers.tree(quantity, base)), numbers.by_place)
            bound[name] = numbers.right(quantity, base) if pair is None else Fraction(*pair)

    @cached_property
    def _table(self) -> str:
        """The name of the probabilities of the true words."""
        return next((name for name, draw in self._template.draws if isinstance(draw, ProbabilityDraw)), "p")

    @cached_property
    def _quantities(self) -> tuple[tuple[str, tuple[Quantity, Base | None]], ...]:
        used = self._used
        return tuple(entry for entry in QUANTITY_RECORDS.items() if entry[0] in used)

    @cached_property
    def _used(self) -> frozenset[str]:
        """The names that conditions, computed numbers and numeric answers use."""
        for part in self._template.parts:
            if isinstance(part.answer, Numeric):
                for wrong in part.answer.wrong:
                    self._try(self._condition, wrong.when)
                    self._try(self.parsed, wrong.value)
                self._try(self.parsed, part.answer.key if part.answer.key.text not in QUANTITIES else None)
            if isinstance(part.answer, NumericTuple):
                for text in (*part.answer.sample, *(value for wrong in part.answer.wrong for value in wrong.values)):
                    self._try(self.parsed, text)
                for wanted in part.answer.conditions:
                    with suppress(FindingsError):
                        self._comparison(wanted.condition, part.answer.names)
        conditions = [name for condition in self._parsed_conditions.values() for name in condition.names]
        conditions += [name for comparison in self._comparisons.values() for name in names_in(comparison)]
        return frozenset((*conditions, *(name for formula in self._parsed.values() for name in formula.names)))

    @staticmethod
    def _try(parse: Callable[[Written], object], text: Written | None) -> None:
        """Parse what there is; what is wrong with it is reported where it is asked for."""
        with suppress(FindingsError):
            if text is not None:
                parse(text)

    def holds(self, text: Written, bindings: Bindings) -> bool:
        """Whether a condition on a single option holds; one without a value does not."""
        return self._condition(text).holds(bindings)

    def _condition(self, text: Written) -> SceneCondition:
        """A condition of the author, parsed once."""
        found = self._parsed_conditions.get(text.text)
        if found is None:
            words, finding = drawn_words(self._template), self._template.findings_in(text)
            found = SceneCondition(text.text, parse_condition(text.text, self._names, finding, words))
            self._parsed_conditions[text.text] = found
        return found

    def _comparison(self, text: Written, names: tuple[str, ...]) -> Comparison:
        """A condition on numbers with these names, parsed once."""
        found = self._comparisons.get((text.text, names))
        if found is None:
            finding = self._template.findings_in(text)
            found = parse_comparison(text.text, (*self._names, *names), finding)
            self._comparisons[text.text, names] = found
        return found

    def compared(
        self, text: Written, names: tuple[str, ...], bindings: Bindings
    ) -> tuple[tuple[Expression, ...], tuple[str, ...]]:
        """(sides, signs between them) of a condition on numbers with these names, the values of all others put in."""
        comparison = self._comparison(text, names)
        if missing := [name for name in names_in(comparison) if name not in bindings and name not in names]:
            raise Impossible(f"the condition '{text.text}' has no value here: there is no '{missing[0]}'")
        try:
            return tuple(evaluate(side, bindings) for side in comparison.formulas), comparison.operators
        except ValueProblem as problem:
            raise Impossible(f"the condition '{text.text}' has no value here: {problem}") from problem

    def number(self, text: Written, bindings: Bindings) -> Expression:
        """The value of a formula as a closed expression; one number where it is rational.

        Raises Impossible where it has none.
        """
        found = self.number_if_known(text, bindings)
        if found is None:
            missing = next(name for name in self.parsed(text).names if name not in bindings)
            raise Impossible(f"the formula '{text.text}' has no value here: there is no '{missing}'")
        return found

    def number_if_known(self, text: Written, bindings: Bindings) -> Expression | None:
        """As `number`, None where a name of the formula has no value in this scene: a word lacks what others have, …"""
        formula = self.parsed(text)
        if not formula.needs <= bindings.keys():
            return None
        try:
            return evaluate(formula, bindings)
        except ValueProblem as problem:
            raise Impossible(f"the formula '{text.text}' has no value here: {problem}") from problem

    def symbolic(self, text: Written, symbols: tuple[SymbolDeclaration, ...], bindings: Bindings) -> Expression:
        """A formula in declared symbols, with the drawn numbers put in."""
        try:
            return evaluate(self.parsed(text, tuple(symbol.name for symbol in symbols)), bindings)
        except ValueProblem as problem:
            raise Impossible(f"the formula '{text.text}' has no value here: {problem}") from problem
