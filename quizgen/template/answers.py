"""The answer of a template or part: key and wrong answers in their short forms, as one record each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from grading.keys import Band, SymbolDeclaration
from quizgen.source import DataPath
from quizgen.template import answer_forms
from quizgen.template.answer_records import (
    QUANTITIES,
    SEQUENCES,
    Answer,
    Confused,
    Essay,
    FormulaChoice,
    Matching,
    MultipleAnswer,
    Numeric,
    Ordering,
    RightText,
    RubricLine,
    ShortAnswer,
    Statement,
    Symbolic,
    TextChoice,
    TrueFalse,
    WrongOrder,
    WrongText,
    WrongValue,
)
from quizgen.template.entries import OPTION, RIGHT, UNUSED, Entry, text_entry, value_entry
from quizgen.template.tuples import read_tuple
from quizgen.template.values import count, did_you_mean, exact, one_word_of, shown, text
from quizgen.template.written import Written

if TYPE_CHECKING:
    from quizgen.template.reader import Reader

_SETTINGS = ("count", "design", "from")


class AnswerReader:
    """Reads the answer fields at a path of the template (() or a part)."""

    def __init__(self, reader: Reader, path: DataPath) -> None:
        self.reader = reader
        self.path = path

    def read(self, form: Any, kind: str) -> Answer | None:
        """The record, or None where a finding was reported."""
        before = len(self.reader.findings)
        answer: Answer | None = getattr(self, f"_{kind.replace('-', '_')}")(form)
        return answer if len(self.reader.findings) == before else None

    def _written(self, found: str, *steps: str | int) -> Written:
        return self.reader.written(found, self.path + steps)

    def _report(self, code: str, message: str, remedy: str, *steps: str | int) -> None:
        self.reader.report(code, message, remedy, self.path + steps)

    # ------------------------------------------------------------ kinds

    def _single_choice(self, form: answer_forms.SingleChoiceFields) -> Answer:
        key = self._written(form.key, "key")
        if form.key.strip() not in (*QUANTITIES, "best_model"):
            if not form.wrong:
                self._report("Q102", "a choice needs wrong options, `wrong` is missing", "add `wrong: [...]`", "key")
            if isinstance(form.wrong, dict) and set(form.wrong) & set(_SETTINGS):
                self._settings_misplaced(form.key, form.wrong)
                return TextChoice(key, ())
            wrong = self._wrong_texts(form.wrong)
            if form.choose is not None and form.choose > len(wrong):
                self._report("Q105", f"{form.choose} cannot be chosen from {len(wrong)}", "choose fewer", "choose")
            return TextChoice(key, wrong, form.choose)
        quantity = Written(form.key.strip(), key.path)
        if not isinstance(form.wrong, dict):
            return FormulaChoice(quantity, self._wrong_values(form.wrong))
        for unknown in sorted(set(form.wrong) - set(_SETTINGS)):
            remedy = did_you_mean(unknown, _SETTINGS)
            self._report("Q101", f'there is no key "{unknown}" here', remedy, "wrong", unknown)
        number = self.reader.guard((*self.path, "wrong", "count"), count(1, 10), form.wrong.get("count", "3"))
        design = self.reader.guard(
            (*self.path, "wrong", "design"), one_word_of("balanced", "free"), form.wrong.get("design", "free")
        )
        ids = self._wrong_values(form.wrong.get("from"), "wrong", "from")
        return FormulaChoice(quantity, ids, number, "balanced" if design == "balanced" else "free")

    def _settings_misplaced(self, key: str, wrong: dict[str, Any]) -> None:
        """`count` and its like choose among formulas; beside a key in words they would be read as options."""
        near = did_you_mean(key.strip(), QUANTITIES)
        remedy = (
            f"the key: {near}"
            if near.startswith("did you mean")
            else "list the wrong texts as `misconception-id: text`, and draw some of them with `choose: 3`"
        )
        for name in (name for name in _SETTINGS if name in wrong):
            message = f"`{name}` chooses among formulas, but the key is a text"
            self._report("Q101", message, remedy, "wrong", name)

    def _true_false(self, form: answer_forms.TrueFalseFields) -> Answer | None:
        if form.statements:
            if form.key is not None:
                self._report("Q101", "a pool of statements has no `key` of its own", "delete it", "key")
            statements = []
            for index, entry in enumerate(form.statements):
                where = ("statements", index)
                words = self._written(entry.text, *where, "text")
                belief = tuple(entry.wrong)
                why = self._written(entry.solution, *where, "solution") if entry.solution else None
                statements.append(Statement(entry.id, entry.truth, words, entry.group, belief, self.path + where, why))
            ids = [statement.id for statement in statements]
            for index, found in enumerate(ids):
                if found in ids[:index]:
                    self._report("Q110", f'the id "{found}" stands twice', "rename one", "statements", index, "id")
            return TrueFalse(tuple(statements))
        if form.key is None:
            message = "a true/false question needs `key`, which is missing"
            self._report("Q102", message, "add `key: true` or `key: false`, or a pool of `statements`")
            return None
        if not self.path and "stem" not in self.reader.data:
            self._report("Q102", "a true/false question needs `stem`, which is missing", "add `stem: …`", "key")
        return TrueFalse((Statement("", form.key, misconceptions=tuple(form.wrong), path=(*self.path, "key")),))

    def _multiple_answer(self, form: answer_forms.MultipleAnswerFields) -> Answer:
        if isinstance(form.key, str):
            return self._tokens(form, form.key.strip())
        entries = list(self._texts(form.key, ("key",), RIGHT))
        right = tuple(
            RightText(self.reader.written(entry.value, entry.path), entry.ids) for entry in entries if entry.value
        )
        wrong = self._wrong_texts(form.wrong)
        choose = (form.choose.key, form.choose.wrong) if form.choose else None
        if choose and (choose[0] > len(right) or choose[1] > len(wrong)):
            message = (
                f"{choose[0]} right and {choose[1]} wrong options cannot be chosen from {len(right)} and {len(wrong)}"
            )
            self._report("Q105", message, "choose fewer, or write more options", "choose")
        same = self._written(form.same_value_as, "same_value_as") if form.same_value_as else None
        return MultipleAnswer(right, wrong, form.scoring, same, choose, self._symbols(form.symbols))

    def _tokens(self, form: answer_forms.MultipleAnswerFields, key: str) -> Answer:
        """Every token of the sequence is an option."""
        for name in ("same_value_as", "choose", "symbols"):
            if getattr(form, name):
                self._report("Q101", f"`{name}` is for options that are written down", "delete it", name)
        asked = self.reader.guard((*self.path, "key"), one_word_of("tokens with a loss", "replaced tokens"), key)
        tokens: Any = asked or "tokens with a loss"
        return MultipleAnswer((), (), form.scoring, tokens=tokens, candidates=self._wrong_values(form.wrong))

    def _numeric(self, form: answer_forms.NumericFields) -> Answer:
        tolerance, unit, within, digits = form.tolerance, form.unit, form.within, form.digits
        if isinstance(form.key, str):
            key = self._written(form.key, "key")
        else:
            key = self._written(form.key.value, "key", "value")
            for name in ("tolerance", "unit", "within", "digits"):
                if getattr(form.key, name) and getattr(form, name):
                    self._report("Q101", f"`{name}` stands here and in `key`", "delete one of the two", name)
            tolerance, unit = form.key.tolerance or tolerance, form.key.unit or unit
            within, digits = form.key.within or within, form.key.digits or digits
        place: DataPath = ("within",) if within is form.within else ("key", "within")
        bands = []
        for distance, credit in within.items():
            width = self.reader.guard((*self.path, *place, distance), exact, distance)
            if width is not None and width > 0:
                bands.append(Band(width, credit))
            elif width is not None:
                self._report("Q105", "a distance is greater than 0", "write {0.02: 3/4}", *place, distance)
        bands.sort(key=lambda band: band.within)
        return Numeric(key, tolerance, unit or "", tuple(bands), self._wrong_values(form.wrong), digits)

    def _numeric_tuple(self, form: answer_forms.NumericTupleFields) -> Answer | None:
        return read_tuple(self.reader, self.path, form)

    def _symbolic(self, form: answer_forms.SymbolicFields) -> Answer:
        forms, accept = form.form, form.accept
        if isinstance(form.key, str):
            key = self._written(form.key, "key")
        else:
            key = self._written(form.key.value, "key", "value")
            for name in ("form", "accept"):
                if getattr(form.key, name) is not None and getattr(form, name) is not None:
                    self._report("Q101", f"`{name}` stands here and in `key`", "delete one of the two", name)
            forms, accept = form.key.form if forms is None else forms, form.key.accept if accept is None else accept
        return Symbolic(
            key,
            self._symbols(form.symbols),
            self._wrong_values(form.wrong),
            form.in_symbols,
            forms or (),
            accept or (),
            (*self.path, "form") if form.form is not None else (*self.path, "key", "form"),
            (*self.path, "accept") if form.accept is not None else (*self.path, "key", "accept"),
        )

    def _symbols(self, form: Any) -> tuple[SymbolDeclaration, ...]:
        if isinstance(form, list):
            return tuple(SymbolDeclaration(name) for name in form)
        full = {
            n: s if isinstance(s, answer_forms.SymbolForm) else answer_forms.SymbolForm(assume=s)
            for n, s in form.items()
        }
        return tuple(SymbolDeclaration(name, spec.assume, tuple(spec.aliases)) for name, spec in full.items())

    def _matching(self, form: answer_forms.MatchingFields) -> Answer:
        pairs: list[tuple[Written, Written]] = []
        conditions: list[tuple[int, Written]] = []
        for left, right in form.key.items():
            if self.reader.guard((*self.path, "key", left), text, left) is None:
                continue
            if isinstance(right, str):
                side = self._written(right, "key", left)
            else:
                side = self._written(right.text, "key", left, "text")
                if right.when is not None:
                    conditions.append((len(pairs), self._written(right.when, "key", left, "when")))
            pairs.append((self._written(left, "key", left), side))
        self._check_choose(form.choose, len(pairs))
        if form.left_over is not None and (form.choose is None or form.choose + form.left_over > len(pairs)):
            message = f"no {form.left_over} of {len(pairs)} pairs are left over"
            self._report("Q105", message, "choose fewer pairs with `choose`", "left_over")
        return Matching(
            tuple(pairs),
            tuple(self._unused_sides(form)),
            form.choose,
            form.left_over or 0,
            tuple(conditions),
            tuple(self._confused(form)),
        )

    def _confused(self, form: answer_forms.MatchingFields) -> Iterator[Confused]:
        """Known mistakes between pairs: both ways for a list of two left sides, one way for a mapping."""
        lefts = list(form.key)
        for name, given in form.confused.items():
            path = (*self.path, "confused", name)
            if isinstance(given, list) and len(given) != 2:
                self._report("Q105", "two left sides are confused", "write [one, other]", "confused", name)
                continue
            both = [(given[0], given[1]), (given[1], given[0])] if isinstance(given, list) else list(given.items())
            for left, other in both:
                unknown = [side for side in (left, other) if side not in lefts]
                if unknown:
                    remedy = did_you_mean(unknown[0], lefts) or "copy one from `key`"
                    self.reader.report("Q106", f"no left side is {shown(unknown[0])}", remedy, path)
                elif left == other:
                    self.reader.report("Q106", f"{shown(left)} is confused with itself", "name another one", path)
                else:
                    yield Confused(name, lefts.index(left), lefts.index(other), path)

    def _unused_sides(self, form: answer_forms.MatchingFields) -> Iterator[WrongText]:
        """Right sides that fit nothing, each with the numbers of the pairs for which it is a known mistake."""
        lefts = list(form.key)
        for entry in self._texts(form.wrong, ("wrong",), UNUSED):
            for left in entry.instead_of:
                if left not in lefts:
                    message, remedy = f"no left side is {shown(left)}", did_you_mean(left, lefts)
                    self.reader.report(
                        "Q106", message, remedy or "copy one from `key`", (*entry.path[:-1], "instead_of")
                    )
            numbers = tuple(lefts.index(left) for left in entry.instead_of if left in lefts)
            if entry.value is not None:
                yield self._wrong_text(entry, entry.value, numbers)

    def _ordering(self, form: answer_forms.OrderingFields) -> Answer:
        if isinstance(form.key, str):
            if form.key.strip() != "ranked_models":
                remedy = "list the entries from first to last, or write ranked_models"
                self._report("Q103", f"{shown(form.key)} is no order", remedy, "key")
            if form.choose is not None:
                self._report("Q101", "all models of a ranking are ordered", "delete it", "choose")
            if form.confused:
                self._report(
                    "Q101", "the wrong orders of models are computed", "name their rules in `wrong`", "confused"
                )
            return Ordering((), None, form.scoring, self._wrong_values(form.wrong))
        if form.wrong is not None:
            remedy = "write confused: {misconception: [the entries in the wrong order]}"
            self._report("Q101", "the wrong orders of entries stand in `confused`", remedy, "wrong")
        entries = tuple(self._written(entry, "key", index) for index, entry in enumerate(form.key))
        self._check_choose(form.choose, len(entries))
        return Ordering(entries, form.choose, form.scoring, confused=tuple(self._wrong_orders(form, form.key)))

    def _wrong_orders(self, form: answer_forms.OrderingFields, entries: list[str]) -> Iterator[WrongOrder]:
        """Known wrong orders; each names every entry once, and not in the order of the key."""
        for name, given in form.confused.items():
            path = (*self.path, "confused", name)
            if unknown := [entry for entry in given if entry not in entries]:
                remedy = did_you_mean(unknown[0], entries) or "copy one from `key`"
                self.reader.report("Q106", f"no entry is {shown(unknown[0])}", remedy, path)
            elif sorted(given) != sorted(entries):
                self.reader.report("Q105", "a wrong order names every entry once", "list all entries of `key`", path)
            elif given == entries:
                self.reader.report("Q106", "this is the right order", "list the entries in another order", path)
            else:
                yield WrongOrder(name, tuple(entries.index(entry) for entry in given), path)

    def _short_answer(self, form: answer_forms.ShortAnswerFields) -> Answer:
        key = self._written(form.key, "key")
        accept = tuple(self._written(entry, "accept", index) for index, entry in enumerate(form.accept))
        comparison = form.compare or ("tokens" if form.key.strip() in SEQUENCES else "words")
        return ShortAnswer(key, accept, comparison, form.case_sensitive, self._wrong_values(form.wrong))

    def _essay(self, form: answer_forms.EssayFields) -> Answer:
        lines = (
            RubricLine(line.points, self._written(line.text, "rubric", index, "text"))
            for index, line in enumerate(form.rubric)
        )
        return Essay(tuple(lines), form.words or (0, 0))

    def _check_choose(self, choose: int | None, there: int) -> None:
        if choose is not None and not 2 <= choose <= there:
            self._report(
                "Q105", f"{choose} cannot be chosen from {there}", f"write a number from 2 to {there}", "choose"
            )

    # ------------------------------------------------------------ wrong answers

    def _wrong_texts(self, raw: Any) -> tuple[WrongText, ...]:
        entries = self._texts(raw, ("wrong",))
        return tuple(self._wrong_text(entry, entry.value) for entry in entries if entry.value is not None)

    def _wrong_text(self, entry: Entry, value: str, instead_of: tuple[int, ...] = ()) -> WrongText:
        when = self.reader.written(entry.when, (*entry.path[:-1], "when")) if entry.when else None
        written = self.reader.written(value, entry.path)
        return WrongText(
            written, entry.ids, entry.credit, instead_of, when=when, group=entry.group, **self._said(entry)
        )

    def _texts(self, raw: Any, steps: DataPath, known: tuple[str, ...] = OPTION) -> Iterator[Entry]:
        """Options: plain text, ``id: text``, ``{text:, misconception:, credit:}``; a list of them or a mapping.

        known: the keys of the long form.
        """
        for path, entry in self._entries(raw, steps):
            found = self.reader.guard(path, text_entry, entry, path, known)
            if found is not None:
                yield found

    def _wrong_values(self, raw: Any, *steps: str) -> tuple[WrongValue, ...]:
        """Known wrong values: ``id``, ``id: credit`` in a list; ``id: formula``, ``id: {value:, credit:}`` by name."""
        values = []
        for path, entry in self._one_by_one(raw, steps or ("wrong",)):
            found = self.reader.guard(path, value_entry, entry, path, isinstance(raw, dict))
            if found is not None:
                value = None if found.value is None else self.reader.written(found.value, found.path)
                place = found.path[:-1] if found.value is not None else found.path
                when = self.reader.written(found.when, (*place, "when")) if found.when else None
                values.append(WrongValue(found.ids[0], value, found.credit, path, **self._said(found), when=when))
        seen: dict[str, DataPath] = {}
        for wrong in values:
            if seen.setdefault(wrong.id, wrong.path) != wrong.path:
                self.reader.report("Q101", f'"{wrong.id}" stands here twice', "delete one of the two", wrong.path)
        return tuple(values)

    def _one_by_one(self, raw: Any, steps: DataPath) -> Iterator[tuple[DataPath, Any]]:
        """The entries, and for ``id: [formula, formula]`` in a mapping one for each formula."""
        for path, entry in self._entries(raw, steps):
            several = next(iter(entry.values())) if isinstance(raw, dict) else None
            if isinstance(several, list) and several:
                yield from ((path, {next(iter(entry)): value}) for value in several)
            else:
                yield path, entry

    def _said(self, entry: Entry) -> dict[str, Any]:
        return {key: self.reader.written(words, path) for key, words, path in entry.said}

    def _entries(self, raw: Any, steps: DataPath) -> Iterator[tuple[DataPath, Any]]:
        base = self.path + steps
        match raw:
            case None:
                return
            case str():
                yield base, raw
            case list():
                for index, entry in enumerate(raw):
                    yield (*base, index), entry
            case dict():
                for key, entry in raw.items():
                    yield (*base, key), {key: entry}
