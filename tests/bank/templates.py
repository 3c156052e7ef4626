"""The templates of the bank that is shipped, read from its files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

import question_bank
from quizgen.source import read_source
from quizgen.template import Template, Written, read_template

BANK = Path(question_bank.__file__).parent
FILES = tuple(sorted((BANK / "mlm").glob("*.yaml")))


def read(path: Path) -> Template:
    return read_template(read_source(path).documents[0])


TEMPLATES = {path.stem: read(path) for path in FILES}


def concepts() -> Any:
    return read_source(BANK / "concepts.yaml").documents[0].data


def words_of(template: Template) -> Iterator[Written]:
    """Every text of a template that a person reads, translations left out."""
    words = (template.stem, template.solution, *template.hints)
    yield from (text for text in words if text is not None)
    for part in template.parts:
        if part.prompt is not None:
            yield part.prompt
        yield from _texts(part.answer)


def _texts(value: Any) -> Iterator[Written]:
    if isinstance(value, Written):
        yield value
    elif isinstance(value, tuple):
        for entry in value:
            yield from _texts(entry)
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _texts(getattr(value, name))
