"""What an edit of a bank does to the questions that are drawn from it, template by template.

Two versions of a bank draw the same variants from the same source wherever the draws of a template are the same. So
a change is seen where it counts: in the variants, in what they say and in what an answer to them earns.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from grading.marking import canonical_responses, grade
from grading.verdicts import Grade
from quizgen.findings import FindingsError
from quizgen.generator import Generator
from quizgen.generator.radicals import radical_choices
from quizgen.model import GeneratedItem
from quizgen.sampling.draws import Source

if TYPE_CHECKING:
    from grading.answersheet import PartKey
    from quizgen.bank import Bank
    from quizgen.template import Template

VARIANTS = 20
"""Variants of each template, language and choice of radicals that are compared."""

What = Literal["added", "removed", "unchanged", "words", "marks"]

_WORDS_OF_KEYS = frozenset(("title", "hint", "feedback"))
_IDENTITY = frozenset(("value", "correct", "pairs", "order", "accepted"))


class VariantChange(msgspec.Struct, frozen=True):
    """One variant that is not what it was.

    changed: what of it, such as ``stem`` or ``tolerance``. marks: whether an answer may now earn something else.
    grades: responses that are graded otherwise now, in words.
    """

    language: str
    radicals: tuple[tuple[str, str], ...]
    variant: int
    changed: tuple[str, ...]
    marks: bool = False
    grades: tuple[str, ...] = ()


class TemplateChange(msgspec.Struct, frozen=True):
    """What became of a template.

    what: ``words`` if only texts changed and every answer earns what it did, ``marks`` if a key, a credit, a tolerance
    or an option changed.
    """

    template: str
    what: What
    variants: tuple[VariantChange, ...] = ()


def compare_banks(old: Bank, new: Bank, variants: int = VARIANTS) -> tuple[TemplateChange, ...]:
    """Every template of either bank with what became of it, in the order of the new one, removed ones last.

    variants: how many are compared of each template, language and choice of radicals. Raises FindingsError for a
    template that is not well formed.
    """
    same_data = (
        old.description == new.description
        and old.corpus.sentences == new.corpus.sentences
        and old.all_words == new.all_words
    )
    found = []
    for name, document in new.documents.items():
        if name not in old.documents:
            found.append(TemplateChange(name, "added"))
        elif same_data and old.documents[name].data == document.data:
            found.append(TemplateChange(name, "unchanged"))
        else:
            changes = tuple(_changes(old, new, name, variants))
            what: What = "marks" if any(change.marks for change in changes) else "words" if changes else "unchanged"
            found.append(TemplateChange(name, what, changes))
    return (*found, *(TemplateChange(name, "removed") for name in old.documents if name not in new.documents))


def _changes(old: Bank, new: Bank, name: str, variants: int) -> Iterator[VariantChange]:
    before, after = old.template(name), new.template(name)
    ways = dict.fromkeys((*radical_choices(before), *radical_choices(after)))
    for language in dict.fromkeys((*_languages(old, before), *_languages(new, after))):
        for way in ways:
            makers = [_Maker(bank, template, language, way) for bank, template in ((old, before), (new, after))]
            for variant in range(variants):
                first, second = (maker.item(variant) for maker in makers)
                if first is None and second is None:
                    break
                change = _compared(language, way, variant, first, second)
                if change is not None:
                    yield change


def _languages(bank: Bank, template: Template) -> tuple[str, ...]:
    return (bank.language, *(language for language, _ in template.translations))


class _Maker:
    """The variants of one version, None where there is none (any more)."""

    def __init__(self, bank: Bank, template: Template, language: str, radicals: tuple[tuple[str, str], ...]) -> None:
        self._generator: Generator | None = None
        if language in _languages(bank, template) and radicals in radical_choices(template):
            self._generator = Generator(template, bank, Source(seed="diff"), language=language, radicals=dict(radicals))

    def item(self, variant: int) -> GeneratedItem | None:
        if self._generator is None:
            return None
        try:
            return None if self._generator.exhausted(variant) else self._generator.item(variant)
        except FindingsError:
            return None


def _compared(
    language: str,
    radicals: tuple[tuple[str, str], ...],
    variant: int,
    old: GeneratedItem | None,
    new: GeneratedItem | None,
) -> VariantChange | None:
    if old is None or new is None:
        what = "is new" if old is None else "is gone"
        return VariantChange(language, radicals, variant, (what,), marks=True)
    words = [
        name
        for name, before, after in (
            ("title", old.item.title, new.item.title),
            ("stem", old.item.stem, new.item.stem),
            ("prompt", _prompts(old), _prompts(new)),
            ("solution", old.key.solution, new.key.solution),
            ("hints", old.key.hints, new.key.hints),
        )
        if before != after
    ]
    marks: dict[str, None] = {}
    before_parts, after_parts = ({part.id: part for part in made.key.parts} for made in (old, new))
    if list(before_parts) != list(after_parts):
        marks["parts"] = None
    grades: list[str] = []
    for id in before_parts.keys() & after_parts.keys():
        before, after = before_parts[id], after_parts[id]
        if before == after:
            continue
        fields = _fields(_bare(before), _bare(after))
        if fields:
            marks |= dict.fromkeys(fields)
            grades += _graded_otherwise(before, after)
        elif "feedback" not in words:
            words.append("feedback")  # with its title and its hint
    if not words and not marks:
        return None
    return VariantChange(language, radicals, variant, (*sorted(marks), *words), bool(marks), tuple(grades))


def _prompts(made: GeneratedItem) -> tuple[Any, ...]:
    return tuple((part.id, part.prompt) for part in made.item.parts)


def _bare(part: PartKey) -> Mapping[str, Any]:
    """A key without the words that learners are told."""
    found: Mapping[str, Any] = _without_words(msgspec.to_builtins(part, enc_hook=str))
    return found


def _without_words(data: Any) -> Any:
    if isinstance(data, dict):
        return {name: _without_words(value) for name, value in data.items() if name not in _WORDS_OF_KEYS}
    return [_without_words(entry) for entry in data] if isinstance(data, list | tuple) else data


def _fields(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """The names of what differs between two keys, as authors call it."""
    pairs = [(name, old.get(name), new.get(name)) for name in ("weight", "options")]
    before, after = old["key"], new["key"]
    pairs += [(name, before.get(name), after.get(name)) for name in dict.fromkeys((*before, *after))]
    differing = [name for name, first, second in pairs if first != second]
    called = {"rivals": "wrong answers", "bands": "within", "forms": "form", "type": "kind"}
    return list(dict.fromkeys("key" if name in _IDENTITY else called.get(name, name) for name in differing))


def _graded_otherwise(old: PartKey, new: PartKey) -> Iterator[str]:
    """The canonical responses of the old key that earn something else under the new one."""
    for response in canonical_responses(old):
        before, after = grade(old, response.response), grade(new, response.response)
        if (before.verdict, before.score) != (after.verdict, after.score):
            yield f"{_shown(response.response)}: {_said(before)} → {_said(after)}"


def _shown(response: Any) -> str:
    return response if isinstance(response, str) else msgspec.json.encode(response).decode()


def _said(graded: Grade) -> str:
    return graded.verdict.value + (f" {graded.score}" if graded.score is not None else "")
