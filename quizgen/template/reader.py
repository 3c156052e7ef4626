"""From the data of one document to a `Template`: the shape is checked by the schema, the short forms become records."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any, Literal, TypeVar

import msgspec
from pydantic import ValidationError

from quizgen.findings import Finding
from quizgen.source import DataPath, Document
from quizgen.template import schema
from quizgen.template.answers import AnswerReader
from quizgen.template.cases import cases
from quizgen.template.draw_forms import DrawForm
from quizgen.template.draw_records import (
    CandidateDraw,
    Described,
    Different,
    Draw,
    Fixed,
    FixedValue,
    InputDraw,
    IntegerRange,
    MaskDraw,
    OneOf,
    Radical,
)
from quizgen.template.field_types import Form
from quizgen.template.problems import problems_of, unknown_key
from quizgen.template.records import Example, PartTemplate, Template
from quizgen.template.translation import overlay
from quizgen.template.values import AuthorError, count, did_you_mean, exact, is_number, name, shown, slug, text
from quizgen.template.varying import read_texts
from quizgen.template.written import Cases, Written

T = TypeVar("T")
F = TypeVar("F", bound=Form)

FUNCTIONS = (
    "log", "log2", "exp", "sqrt", "min", "max", "abs", "floor", "ceil", "mod", "at", "product", "underflow", "distance",
)  # fmt: skip
EACH_MASK = ("position", "number", "copy", "mask")
"""Names that a part for each mask brings with it."""
RESERVED = (*FUNCTIONS, "and", "or", "not", "gap", "key", "e")
SENTENCE_NAMES = (
    "tokens", "masked", "words", "true_word", "corrupted", "visible", "draws", "A", "n", "m", "prefix", "rest",
    "source", "target", "objective", "loss", "mean_loss", "perplexity", "loss_bits", "mean_loss_bits", "best_model",
    "p_true", "p_top",
)  # fmt: skip
"""Names that a drawn sentence brings with it."""


def examine(document: Document) -> tuple[Template | None, tuple[Finding, ...]]:
    """The template of a document, or None, and what is wrong with it in the order of places."""
    data = document.data
    if not isinstance(data, dict):
        message = f"a template is a mapping, this is {shown(data)}"
        return None, (document.finding("Q100", message, "begin it with `template: name`"),)
    reader = Reader(document, data)
    template = reader.read()
    findings = sorted(set(reader.findings), key=lambda finding: (finding.place, finding.code))
    return (template if not any(f.severity.value == "error" for f in findings) else None), tuple(findings)


class Reader:
    """Reads one template (or its translation). moved: where a value of a translation really stands."""

    def __init__(self, document: Document, data: dict[str, Any], moved: dict[DataPath, DataPath] | None = None) -> None:
        self.document = document
        self.data = data
        self.moved = moved or {}
        self.findings: list[Finding] = []

    # ------------------------------------------------------------ places and problems

    def written(self, found: str, path: DataPath) -> Written:
        return Written(found, self.moved.get(path, path))

    def report(
        self, code: str, message: str, remedy: str, path: DataPath = (), of: Literal["value", "key"] = "value"
    ) -> None:
        real = next((self.moved[path[:k]] + path[k:] for k in range(len(path), 0, -1) if path[:k] in self.moved), path)
        self.findings.append(self.document.finding(code, message, remedy, real, of=of))

    def guard(self, path: DataPath, read: Callable[..., T], *arguments: Any) -> T | None:
        """What `read` returns, or None and a finding at the path."""
        try:
            return read(*arguments)
        except AuthorError as problem:
            of: Literal["value", "key"] = "key" if problem.code == "Q101" else "value"
            self.report(problem.code, problem.message, problem.remedy, path + problem.path, of)
            return None

    # ------------------------------------------------------------ the template

    def read(self) -> Template | None:
        form, fields = self._forms()
        parts = tuple(self._parts(fields)) if fields is not None else ()
        if form is None or fields is None:
            return None
        title = self._title(form)
        draws = tuple(self._draws(form))
        template = Template(
            id=form.template,
            kind=self.data["kind"],
            title=title,
            stem=self.written(form.stem, ("stem",)) if form.stem else None,
            parts=parts,
            document=self.document,
            bloom=form.bloom or "",
            concepts=tuple(form.concepts),
            needs=tuple(form.needs),
            draws=draws,
            where=self._texts("where", form.where),
            let=tuple(self._let(form, draws)),
            radicals=tuple(self._radicals(form)),
            hints=self._texts("hints", form.hints),
            solution=self.written(form.solution, ("solution",)) if form.solution else None,
            points=form.points,
            fixed=tuple(self._fixed(form, dict(draws))),
            examples=tuple(self._examples(form, parts)),
            one_of=form.one_of,
            difficulty=form.difficulty or (),
            review=form.review,
            author=form.author,
            licence=form.licence,
            translations=() if self.moved else tuple(self._translations(form)),
            texts=tuple(read_texts(self, form, dict(draws))),
        )
        return None if any(f.severity.value == "error" for f in self.findings) else template

    def _forms(self) -> tuple[schema.TemplateForm | None, Form | None]:
        """The fields of every kind and those of this kind, None where they do not fit."""
        kind = self.data.get("kind")
        if not isinstance(kind, str) or kind not in schema.MODELS:
            if "template" not in self.data:
                self.report("Q100", "this is not a template", "begin it with `template: name`")
            elif kind is None:
                remedy = f"write one of: {', '.join(schema.KINDS)}"
                self.report("Q102", "the template says no `kind`", remedy, ("template",))
            else:
                remedy = did_you_mean(str(kind), schema.KINDS) or f"use one of: {', '.join(schema.KINDS)}"
                self.report("Q104", f"{shown(kind)} is not a kind of question", remedy, ("kind",))
            return None, None
        common = self._validated(schema.common_form(kind), kind)
        fields = self._validated(schema.FIELDS[kind], kind)
        known = [*schema.MODELS[kind].model_fields]
        for key in self.data:
            if key not in known:
                self.report(*unknown_key((key,), self.data, kind))
        return common, fields

    def _validated(self, model: type[F], kind: str) -> F | None:
        """The part of the data that this model is about, or None and findings."""
        try:
            return model.model_validate({key: self.data[key] for key in model.model_fields if key in self.data})
        except ValidationError as problem:
            for found in problems_of(problem, self.data, kind):
                self.report(*found)
            return None

    def _title(self, form: schema.TemplateForm) -> str:
        if form.title:
            return form.title
        words = form.template.replace("-", " ")
        return words[:1].upper() + words[1:]

    def _texts(self, key: str, texts: list[str]) -> tuple[Written, ...]:
        if isinstance(self.data.get(key), str):
            return (self.written(texts[0], (key,)),)
        return tuple(self.written(found, (key, index)) for index, found in enumerate(texts))

    # ------------------------------------------------------------ what is drawn

    def _draws(self, form: schema.TemplateForm) -> Iterator[tuple[str, Draw]]:
        if form.draw is None:
            return
        for key in self.data["draw"]:
            spec = getattr(form.draw, key, None)
            path = ("draw", key)
            if key not in DrawForm.model_fields:
                self.check_name(key, path, "sentence" in self.data["draw"])
            record = spec if isinstance(spec, Draw) else self.guard(path, spec.record) if spec is not None else None
            if record is None:
                continue
            if isinstance(record, Different) and not record.repeats and record.count > len(record.values):
                message = f"{record.count} different values cannot be drawn from {len(record.values)}"
                self.report("Q107", message, "draw fewer, or give more values", path)
            if isinstance(record, Described):
                self._check_columns(key, record)
                record = self._placed(record, path)
            yield key, record

    def _check_columns(self, key: str, record: Described) -> None:
        """What belongs to a drawn word is called ``word_column``; nothing else may be drawn under this name."""
        for column, _ in record.columns:
            if f"{key}_{column}" in self.data["draw"]:
                message = f'"{key}_{column}" is drawn, and is what belongs to "{key}" in this column'
                self.report("Q110", message, "give one of them another name", ("draw", f"{key}_{column}"), "key")

    def _placed(self, record: Described, path: DataPath) -> Described:
        """The record whose texts know where they stand in the file."""
        cells = tuple(
            tuple(
                (column, self.written(cell.text, path + cell.path) if isinstance(cell, Written) else cell)
                for column, cell in row
            )
            for row in record.cells
        )
        return msgspec.structs.replace(record, cells=cells)

    def check_name(self, key: str, path: DataPath, with_sentence: bool) -> None:
        """Reports a name that cannot be used in holes and formulas, or has a meaning of its own."""
        try:
            name(key)
            if key in RESERVED or (with_sentence and key in SENTENCE_NAMES):
                raise AuthorError("Q110", f'the name "{key}" has a meaning of its own', "choose another name")
        except AuthorError as problem:
            self.report(problem.code, problem.message, problem.remedy, path, "key")

    def _let(
        self, form: schema.TemplateForm, draws: tuple[tuple[str, Draw], ...]
    ) -> Iterator[tuple[str, Written | Cases]]:
        drawn = dict(draws)
        for key, formula in form.let.items():
            path = ("let", key)
            self.check_name(key, path, "sentence" in drawn)
            if key in drawn:
                self.report("Q110", f'the name "{key}" is drawn already', "choose another name", path, "key")
            yield key, self.written(formula, path) if isinstance(formula, str) else cases(formula, path, self.written)

    def _radicals(self, form: schema.TemplateForm) -> Iterator[Radical]:
        for key, raw in form.radicals.items():
            path = ("radicals", key)
            entries = raw if isinstance(raw, list) else [raw]
            found = [self.guard(path, _number_or_word, entry) for entry in entries]
            if not entries:
                self.report("Q103", "a radical needs a value", f"write {key}: [2, 3]", path)
            yield Radical(tuple(key.split(".")), tuple(value for value in found if value is not None), path)

    def _fixed(self, form: schema.TemplateForm, draws: dict[str, Draw]) -> Iterator[Fixed]:
        for key, given in form.fixed.items():
            found: list[tuple[str, FixedValue]] = []
            wrong: tuple[str, ...] = ()
            for drawn, raw in given.items():
                path = ("fixed", key, drawn)
                if drawn == "wrong":
                    wrong = tuple(
                        self.guard(path, slug, entry) or "" for entry in (raw if isinstance(raw, list) else [raw])
                    )
                elif drawn == "statement" and "statements" in self.data:
                    found.append((drawn, self.guard(path, slug, raw) or ""))
                elif drawn not in draws:
                    remedy = did_you_mean(drawn, draws) or "name one of the draws"
                    self.report("Q113", f'nothing named "{drawn}" is drawn', remedy, path, "key")
                else:
                    value = self.guard(path, _fixed_value, raw, draws[drawn])
                    if value is not None:
                        found.append((drawn, value))
            yield Fixed(key, tuple(found), wrong, ("fixed", key))

    # ------------------------------------------------------------ what is asked

    def _parts(self, form: Form) -> Iterator[PartTemplate]:
        if not isinstance(form, schema.ClozeFields | schema.PartsFields):
            answer = AnswerReader(self, ()).read(form, self.data["kind"])
            if answer is not None:
                yield PartTemplate("answer", self.data["kind"], answer)
            return
        weights = self._weights({key: part.weight for key, part in form.parts.items()})
        for key, part in form.parts.items():
            path = ("parts", key)
            answer = AnswerReader(self, path).read(part, part.kind)
            prompt = self.written(part.prompt, (*path, "prompt")) if part.prompt else None
            if part.for_ is not None:
                self._check_each(path)
            if answer is not None:
                yield PartTemplate(key, part.kind, answer, weights[key], prompt, path, part.for_ is not None)

    def _check_each(self, path: DataPath) -> None:
        drawn, computed = self.data.get("draw", {}), self.data.get("let", {})
        if "masks" not in drawn:
            self.report("Q107", "there are no masks, for each of which there could be a part", "draw `masks`", path)
        for taken in EACH_MASK:
            if taken in drawn or taken in computed:
                message = f'the name "{taken}" has a meaning of its own in a part for each mask'
                self.report("Q110", message, "choose another name", path, "key")

    def _weights(self, given: dict[str, Fraction | None]) -> dict[str, Fraction]:
        missing = sum(weight is None for weight in given.values())
        total = sum((weight for weight in given.values() if weight is not None), Fraction(0))
        if total > 1 or (total == 1 and missing) or (total < 1 and not missing):
            message = f"the weights of the parts add up to {total}, not to 1"
            self.report("Q109", message, "mend them, or leave them out for equal shares", ("parts",), "key")
            return {key: Fraction(1, len(given)) for key in given}
        rest = (1 - total) / missing if missing else Fraction(0)
        return {key: rest if weight is None else weight for key, weight in given.items()}

    def _examples(self, form: schema.TemplateForm, parts: tuple[PartTemplate, ...]) -> Iterator[Example]:
        several = "parts" in self.data
        for index, example in enumerate(form.examples):
            path = ("examples", index)
            if several and not any(part.names(example.part) for part in parts):
                known = [f"{part.id}-1" if part.each else part.id for part in parts]
                remedy = did_you_mean(example.part, known) or "name a part"
                self.report("Q106", f"the example names no part ({shown(example.part)})", remedy, path)
            answer = self.guard((*path, "answer"), _response, example.answer)
            if answer is not None:
                yield Example(
                    answer, example.expect, example.score, tuple(example.diagnosis), example.part, path, example.fixed
                )

    # ------------------------------------------------------------ translations

    def _translations(self, form: schema.TemplateForm) -> Iterator[tuple[str, Template]]:
        for language, words in form.translations.items():
            path: DataPath = ("translations", language)
            if self.guard(path, slug, language) is None:
                continue
            merged, moved, problems = overlay(self.data, words, path)
            for problem in problems:
                self.report(*problem)
            if problems:
                continue
            reader = Reader(self.document, merged, moved)
            template = reader.read()
            self.findings += [finding for finding in reader.findings if finding not in self.findings]
            if template is not None:
                yield language, template


def _number_or_word(raw: Any) -> Fraction | str:
    found = text(raw).strip()
    return exact(found) if is_number(found) else found


def _response(raw: Any) -> str | tuple[str, ...] | tuple[tuple[str, str], ...]:
    if isinstance(raw, list):
        return tuple(map(text, raw))
    if isinstance(raw, dict):
        return tuple((left, text(right)) for left, right in raw.items())
    if not isinstance(raw, str):
        raise AuthorError("Q103", "the answer is missing", "write key, the id of a wrong answer, or a response")
    return raw


def _fixed_value(raw: Any, spec: Draw) -> FixedValue:
    if isinstance(spec, MaskDraw):
        return _positions(raw)
    if isinstance(spec, InputDraw) and (not isinstance(raw, dict) or set(raw) != {"sentence", "masks"}):
        raise AuthorError("Q113", "this is no masked sentence", "write {sentence: name, masks: [2, 8]}")
    words = isinstance(spec, OneOf | Different) and isinstance(spec.values[0], str)
    value: FixedValue = _typed(raw, words or isinstance(spec, CandidateDraw))
    if isinstance(spec, OneOf | IntegerRange | Different):
        chosen: tuple[Any, ...] = value if isinstance(value, tuple) else (value,)
        possible = set(spec.values)
        for entry in chosen:
            if entry not in possible:
                raise AuthorError("Q113", f"{shown(str(entry))} is never drawn", "choose one of the values of the draw")
    return value


def _positions(raw: Any) -> tuple[int, ...]:
    if not isinstance(raw, list) or not raw:
        raise AuthorError("Q113", "fixed masks are a list of positions", "write [2, 8]")
    return tuple(sorted(count(1, 1000)(entry) for entry in raw))


def _typed(raw: Any, words: bool) -> Any:
    if isinstance(raw, list):
        return tuple(_typed(entry, words) for entry in raw)
    if isinstance(raw, dict):
        return tuple((key, _typed(entry, words)) for key, entry in raw.items())
    return text(raw).strip() if words else _number_or_word(raw)
