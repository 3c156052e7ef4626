"""What the holes of a template mean: names of the scene and the filters that write them down.

``{{ p | largest | decimals(2) }}`` takes the value of a name, passes it through the filters, and writes the result
as content. What is drawn becomes text, formulas or tables, never markup. The names and filters known here are the
ones that a bank is checked against.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import prod
from typing import TYPE_CHECKING, Any

import msgspec

from grading.expressions import Expression, Probability
from quizgen.content import Emphasis, Formula, Gap, Inline, Table, Text, Tokens
from quizgen.formulas import Bindings
from quizgen.generator.scene import Scene
from quizgen.generator.wording import number_text, wording
from quizgen.objective.notation import Setting
from quizgen.objective.record import Base, Objective, objective_of, to_tree
from quizgen.objective.record import Quantity as RecordQuantity
from quizgen.objective.shapes import render_fast
from quizgen.objective.values import exact, log_loss, value_of
from quizgen.sampling.comparisons import ModelTable
from quizgen.sampling.single_mask import DistributionTable

if TYPE_CHECKING:
    from quizgen.markup import Hole

QUANTITY_RECORDS: Mapping[str, tuple[RecordQuantity, Base | None]] = {
    "objective": ("objective", None),
    "loss": ("loss", None),
    "mean_loss": ("mean-loss", None),
    "perplexity": ("perplexity", None),
    "loss_bits": ("loss", 2),
    "mean_loss_bits": ("mean-loss", 2),
}
"""Name of a quantity in templates: (quantity of the record, base of its logarithms)."""

SENTENCE_NAMES = ("sentence", "tokens", "masked", "words", "true_word", "corrupted", "A", "n", "m", *QUANTITY_RECORDS)


class Quantity(msgspec.Struct, frozen=True):
    """A quantity of the training step: written as a formula, in symbols, with numbers or as a value."""

    record: Objective


class MaskedWords(msgspec.Struct, frozen=True):
    """The masked words with their positions, ascending."""

    words: tuple[tuple[int, str], ...]


class Decimal(msgspec.Struct, frozen=True):
    """A number and with how many places at least it is printed."""

    value: Fraction
    places: int = 0


class Numbers(msgspec.Struct, frozen=True):
    """A list of numbers, with the places they are printed with; `per_mask` if there is one for each mask."""

    values: tuple[Fraction, ...]
    places: int = 0
    per_mask: bool = False


class HoleError(Exception):
    """A hole that cannot be filled; the message says why in the author's terms."""


class Naming:
    """The names of one scene in one language."""

    def __init__(
        self,
        scene: Scene,
        language: str,
        decimal_comma: bool,
        bindings: Bindings | None = None,
    ) -> None:
        self.scene = scene
        self.wording = wording(language)
        self.comma = decimal_comma
        self.setting = Setting(language=language, decimal_comma=decimal_comma)
        self.bindings = bindings or {}

    def __call__(self, hole: Hole) -> Any:
        """The content for a hole. Raises HoleError if the name or a filter does not fit this scene."""
        if hole.name == "gap":
            if len(hole.attributes) != 1:
                raise HoleError("a gap has a name, such as {{ gap.sign }}")
            return Gap(hole.attributes[0])
        if hole.attributes:
            raise HoleError(f"'{hole.name}' has no '{hole.attributes[0]}'; use a filter")
        value = self.value(hole.name)
        for name, arguments in hole.filters:
            _check_arguments(name, arguments)
            value = FILTERS[name](self, value, *arguments)
        return self.written(value)

    # ------------------------------------------------------------ names

    def value(self, name: str) -> Any:
        scene = self.scene
        if name in scene.values:
            drawn = scene.values[name]
            if isinstance(drawn, Fraction):
                return Decimal(drawn, scene.decimals.get(name, 0))
            if isinstance(drawn, tuple) and drawn and isinstance(drawn[0], Fraction):
                return Numbers(drawn, scene.decimals.get(name, 0))
            return drawn
        if scene.p and name in scene.decimals:
            return Numbers(scene.p, scene.decimals[name], per_mask=True)
        if scene.sentence is not None and name in SENTENCE_NAMES:
            return self._of_sentence(name)
        if scene.models is not None and name == "models":
            return scene.models
        if scene.statement is not None and name == "statement":
            return scene.statement
        if name in self.bindings:
            bound = self.bindings[name]
            if isinstance(bound, tuple):
                return Numbers(bound)
            return Decimal(bound) if isinstance(bound, Fraction) else bound
        raise HoleError(f"'{name}' has no value here")

    def _of_sentence(self, name: str) -> Any:
        sentence, masked = self.scene.sentence, self.scene.masked
        assert sentence is not None
        if name == "sentence":
            return sentence.text
        if name == "tokens":
            return Tokens(sentence.tokens)
        if name == "m":
            return Decimal(Fraction(len(sentence.words)))
        if masked is None:
            raise HoleError(f"'{name}' needs masks; draw them: masks: {{count: 2}}")
        match name:
            case "corrupted":
                return Tokens(masked.corrupted)
            case "masked" | "words":
                return MaskedWords(tuple((k, masked.tokens[k]) for k in masked.selected))
            case "true_word":
                return masked.tokens[masked.selected[0]]
            case "A":
                return "{" + ", ".join(map(str, masked.selected)) + "}"
            case "n":
                return Decimal(Fraction(masked.n))
        kind, base = QUANTITY_RECORDS[name]
        return Quantity(objective_of(masked, kind, base))

    # ------------------------------------------------------------ written

    def written(self, value: Any) -> Any:
        """A value as content: text for words and numbers, a formula for a quantity."""
        match value:
            case str():
                return value
            case Decimal(number, places):
                return number_text(number, places, self.comma)
            case Numbers():
                return ", ".join(number_text(number, value.places, self.comma) for number in value.values)
            case Quantity(record):
                return render_fast(to_tree(record), setting=self.setting)
            case MaskedWords(words):
                return self.joined([(Emphasis((Text(word),)),) for _, word in words])
            case Formula() | Tokens() | Table() | Text() | Emphasis() | Gap():
                return value
            case tuple():
                return value if not value or not isinstance(value[0], str) else ", ".join(value)
        if isinstance(value, Expression):
            return render_fast(value, setting=self.setting)
        raise HoleError("this value cannot be printed as it is; add a filter, such as | table")

    def joined(self, entries: Sequence[tuple[Inline, ...]], separator: str = ", ") -> tuple[Inline, ...]:
        """Entries with commas and a last "and"; another separator for numbers that may hold a comma."""
        out: list[Inline] = []
        for number, entry in enumerate(entries):
            if number:
                out.append(Text(self.wording.both if number == len(entries) - 1 else separator))
            out.extend(entry)
        return tuple(out)

    def symbols(self) -> dict[Probability, Expression]:
        masked = self.scene.masked
        if masked is None:
            raise HoleError("there is no masked sentence here")
        return dict(masked.symbols())

    def table_of_p(self) -> dict[Probability, Fraction]:
        masked = self.scene.masked
        if masked is None or not self.scene.p:
            raise HoleError(
                "there are no probabilities here; draw them: p: {for: each mask, from: [0.05, 0.10 .. 0.95]}"
            )
        return dict(zip((masked.probability(k) for k in masked.selected), self.scene.p, strict=True))

    def model_name(self, index: int) -> str:
        return self.wording.model.format(chr(ord("A") + index))

    def rounded(self, expression: Expression, places: int) -> str:
        from grading.witness import decimal_value

        text = decimal_value(expression, places).replace("-", "−")
        return text.replace(".", ",") if self.comma else text


# ---------------------------------------------------------------- filters


def _words_with_positions(naming: Naming, value: Any) -> Any:
    words = _expect(value, MaskedWords, "words_with_positions", "masked").words
    pattern = naming.wording.position
    return naming.joined([(Emphasis((Text(word),)), Text(f" ({pattern.format(k)})")) for k, word in words])


def _per_masked_word(naming: Naming, value: Any) -> Any:
    numbers = _expect(value, Numbers, "per_masked_word", "p")
    masked = naming.scene.masked
    assert masked is not None
    return naming.joined(
        [
            (
                render_fast(masked.probability(k), setting=naming.setting),
                Text(f" = {number_text(p, numbers.places, naming.comma)}"),
            )
            for k, p in zip(masked.selected, numbers.values, strict=True)
        ]
    )


def _value(naming: Naming, value: Any, places: int = 3) -> Any:
    if isinstance(value, Quantity):
        return naming.rounded(value_of(value.record, naming.table_of_p()), places)
    if isinstance(value, Decimal):
        return naming.rounded(exact(value.value), places)
    if isinstance(value, Expression):
        return naming.rounded(value, places)
    raise HoleError("the filter 'value' needs a quantity or a number")


def _with_numbers(naming: Naming, value: Any) -> Any:
    record = _expect(value, Quantity, "with_numbers", "loss").record
    numbers: dict[Probability, Expression] = {atom: exact(p) for atom, p in naming.table_of_p().items()}
    return render_fast(to_tree(record, numbers), setting=naming.setting)


def _in_symbols(naming: Naming, value: Any) -> Any:
    record = _expect(value, Quantity, "in_symbols", "objective").record
    return render_fast(to_tree(record, naming.symbols()), setting=naming.setting)


def _rank(naming: Naming, value: Any, place: int) -> Any:
    """The place-th largest number of a list."""
    numbers = _expect(value, Numbers, "rank", "p")
    if not 1 <= place <= len(numbers.values):
        raise HoleError(f"the list has {len(numbers.values)} numbers, there is no rank {place}")
    return Decimal(sorted(numbers.values, reverse=True)[place - 1], numbers.places)


def _largest(naming: Naming, value: Any) -> Any:
    return _rank(naming, value, 1)


def _smallest(naming: Naming, value: Any) -> Any:
    return _rank(naming, value, len(_expect(value, Numbers, "smallest", "p").values))


def _decimals(naming: Naming, value: Any, places: int) -> Any:
    if isinstance(value, Numbers):
        return Numbers(value.values, places, value.per_mask)
    return Decimal(_expect(value, Decimal, "decimals", "a number").value, places)


def _upper(naming: Naming, value: Any) -> Any:
    return _expect(value, str, "upper", "a word").upper()


def _capital(naming: Naming, value: Any) -> Any:
    text = _expect(value, str, "capital", "a word")
    return text[:1].upper() + text[1:]


def _numbered(naming: Naming, value: Any) -> Any:
    tokens = _expect(value, Tokens, "numbered", "corrupted")
    return Tokens(tokens.tokens, tokens.first, True)


def _list(naming: Naming, value: Any) -> Any:
    if isinstance(value, Numbers):
        return naming.joined(
            [(Text(number_text(v, value.places, naming.comma)),) for v in value.values], "; " if naming.comma else ", "
        )
    if isinstance(value, tuple):
        return naming.joined([(Text(str(word)),) for word in value])
    raise HoleError("the filter 'list' needs a list")


def _table(naming: Naming, value: Any) -> Any:
    """Models as a table: masks or words down, models across."""
    models, (scene, words) = _models(value, "table"), (naming.scene, naming.wording)
    masked, sentence = scene.masked, scene.sentence
    assert masked is not None
    assert sentence is not None
    if isinstance(models, DistributionTable):
        rows = [model.shares for model in models.models]
        entry = sentence.at(masked.selected[0])
        fillers = entry.fillers[: len(models.models[0].fillers)]
        labels = [entry.word, *fillers, *([words.other_words] if models.models[0].other is not None else [])]
        corner = words.table_word
        order = sorted(range(len(labels)), key=lambda k: (labels[k] == words.other_words, labels[k].casefold()))
    else:
        rows = list(models.rows)
        labels = [f"{masked.tokens[k]} ({words.position.format(k)})" for k in masked.selected]
        corner, order = words.masked_word, list(range(len(labels)))
    header = ((Text(corner),), *((Text(naming.model_name(number)),) for number in range(len(rows))))
    body = tuple(((Text(labels[k]),), *((Text(number_text(row[k], 2, naming.comma)),) for row in rows)) for k in order)
    return Table(header, body)


def _best(naming: Naming, value: Any) -> Any:
    return naming.model_name(_models(value, "best").key)


def _worst(naming: Naming, value: Any) -> Any:
    models = _models(value, "worst")
    true = [_likelihood(models, number) for number in range(_model_count(models))]
    return naming.model_name(true.index(min(true)))


def _preferred_by(naming: Naming, value: Any, rule: str) -> Any:
    """The model that somebody with this misconception prefers."""
    for name, number in _models(value, "preferred_by").favourites:
        if name == rule:
            return naming.model_name(number)
    raise HoleError(f"no model is preferred by '{rule}'; name it under 'against' of the draw")


def _losses(naming: Naming, value: Any) -> Any:
    """The loss of each model in nats, as a list."""
    models = _models(value, "losses")
    entries = []
    for number in range(_model_count(models)):
        row = (models.models[number].true,) if isinstance(models, DistributionTable) else models.rows[number]
        entries.append((Text(f"{naming.model_name(number)}: {naming.rounded(log_loss(row, None), 3)}"),))
    return naming.joined(entries, "; " if naming.comma else ", ")


def _models(value: Any, name: str) -> ModelTable | DistributionTable:
    if not isinstance(value, ModelTable | DistributionTable):
        raise HoleError(
            f"the filter '{name}' is for a comparison of models; draw one: models: {{comparison: 4, against: […]}}"
        )
    return value


def _model_count(models: ModelTable | DistributionTable) -> int:
    return len(models.models if isinstance(models, DistributionTable) else models.rows)


def _likelihood(models: ModelTable | DistributionTable, number: int) -> Fraction:
    return (
        models.models[number].true
        if isinstance(models, DistributionTable)
        else prod(models.rows[number], start=Fraction(1))
    )


def _expect(value: Any, kind: type[Any], name: str, example: str) -> Any:
    if not isinstance(value, kind):
        raise HoleError(f"the filter '{name}' does not fit here; it is for values such as {example}")
    return value


MOST_PLACES = 20
"""Decimal places that may be printed: limits come before arithmetic."""

_ARGUMENTS: Mapping[str, tuple[int, int, type[int] | type[str], str]] = {
    "value": (0, 1, int, "value(3)"),
    "rank": (1, 1, int, "rank(2)"),
    "decimals": (1, 1, int, "decimals(2)"),
    "preferred_by": (1, 1, str, 'preferred_by("sum-of-probs")'),
}
"""Of the filters that take any: least and most arguments, their type, an example."""


def _check_arguments(name: str, arguments: tuple[str | int, ...]) -> None:
    if name not in FILTERS:
        raise HoleError(f"there is no filter '{name}'")
    least, most, kind, example = _ARGUMENTS.get(name, (0, 0, int, name))
    fits = least <= len(arguments) <= most and all(type(argument) is kind for argument in arguments)
    if not fits:
        raise HoleError(f"the filter '{name}' is written {example}")
    if any(isinstance(argument, int) and not 0 <= argument <= MOST_PLACES for argument in arguments):
        raise HoleError(f"the number in '{name}' must lie between 0 and {MOST_PLACES}")


FILTERS: dict[str, Callable[..., Any]] = {
    "words_with_positions": _words_with_positions,
    "per_masked_word": _per_masked_word,
    "value": _value,
    "with_numbers": _with_numbers,
    "in_symbols": _in_symbols,
    "largest": _largest,
    "smallest": _smallest,
    "rank": _rank,
    "decimals": _decimals,
    "upper": _upper,
    "capital": _capital,
    "numbered": _numbered,
    "list": _list,
    "table": _table,
    "best": _best,
    "worst": _worst,
    "preferred_by": _preferred_by,
    "losses": _losses,
}
"""Filter name → function of (naming, value, constant arguments)."""
