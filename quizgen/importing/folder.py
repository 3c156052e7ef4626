"""Templates in a folder: each question tried first, written as a file of its own, and nothing ever replaced."""

from __future__ import annotations

import os
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from quizgen.bank import Bank
from quizgen.checks import formulas, gaps, options, texts
from quizgen.checks.check import Subject
from quizgen.findings import Finding, FindingsError, Place, Severity
from quizgen.generator import Generator
from quizgen.importing.contract import Data, Lost, Question
from quizgen.importing.markdown import slug
from quizgen.importing.yaml_writing import mapping_text, template_data, template_text
from quizgen.sampling.draws import Source
from quizgen.source import examine_text
from quizgen.template import Template, examine_template

DESCRIPTION = "bank.yaml"
_RULES = (texts.CHECK, gaps.CHECK, formulas.CHECK, options.CHECK)
"""The rules whose errors a question without draws can have."""


class Written(msgspec.Struct, frozen=True):
    """A template that was made. text: its YAML; path: where it stands."""

    template: str
    path: Path
    question: Question
    text: str


class Made(msgspec.Struct, frozen=True):
    """What was made of questions, and what was not."""

    written: tuple[Written, ...]
    lost: tuple[Lost, ...] = ()


def write_templates(
    folder: str | os.PathLike[str], questions: Sequence[Question], name: str = "", language: str = ""
) -> Made:
    """Writes a template for each question, and ``bank.yaml`` if the folder is new.

    name: of a new bank, that of the folder if empty. language: that the questions are written in; what the files say,
    or English, if empty. A template that has an error would be no question: it is lost, with the reason.
    Raises FindingsError, before anything is written, if a file is there already.
    """
    root = Path(folder)
    description = _description(root, questions, name, language)
    with tempfile.TemporaryDirectory() as place:
        bank = Bank(root, str(root)) if description is None else _new_bank(Path(place), description)
        known = None if bank.concepts is None else frozenset(bank.concepts)
        made = list(_made(root, questions, known))
        _refuse_what_is_there(made, bank)
        kept, lost = _tried(bank, made)
    _write(root, kept, description)
    return Made(tuple(kept), tuple(lost))


def _description(root: Path, questions: Sequence[Question], name: str, language: str) -> str | None:
    """The text of ``bank.yaml``; None if the folder is a bank already."""
    if root.exists() and not root.is_dir():
        raise _error(root, "this is not a folder", "choose another place with -o")
    if (root / DESCRIPTION).exists():
        if name or language:
            raise _error(root / DESCRIPTION, "the bank is there already", "leave --bank-name and --language out")
        return None
    spoken = Counter(question.language for question in questions if question.language)
    told = language or (spoken.most_common(1)[0][0] if spoken else "en")
    id_ = slug(name or root.resolve().name) or "imported"
    data: dict[str, Data] = {"bank": id_, "title": name or id_, "lang": told}
    return mapping_text(data)


def _new_bank(place: Path, description: str) -> Bank:
    (place / DESCRIPTION).write_text(description, encoding="utf-8")
    return Bank(place, str(place))


def _made(root: Path, questions: Sequence[Question], known: frozenset[str] | None) -> Iterator[Written]:
    taken: set[str] = set()
    for count, question in enumerate(questions, 1):
        if known is not None:
            question = msgspec.structs.replace(question, tags=tuple(tag for tag in question.tags if tag in known))
        wanted = question.id or slug(question.title or question.name) or f"question-{count}"
        id_, number = wanted, 1
        while id_ in taken:
            number += 1
            id_ = f"{wanted[:70]}-{number}"
        taken.add(id_)
        yield Written(id_, root / f"{id_}.yaml", question, template_text(question, id_))


# ---------------------------------------------------------------- trying


def _tried(bank: Bank, made: Sequence[Written]) -> tuple[list[Written], list[Lost]]:
    """The templates without errors, and the questions of the others with the first error of each."""
    kept: list[Written] = []
    lost: list[Lost] = []
    for written in made:
        error = _first_error(bank, written)
        if error:
            lost.append(Lost(written.question.place, written.question.name, "Q812", error))
        else:
            kept.append(written)
    return kept, lost


def _first_error(bank: Bank, written: Written) -> str:
    source = examine_text(written.text, f"{written.template}.yaml")
    if source.findings or len(source.documents) != 1:
        return source.findings[0].message if source.findings else "its text cannot be written as YAML"
    document = source.documents[0]
    if document.data != template_data(written.question, written.template):
        return "its text cannot be written as YAML"
    template, problems = examine_template(document)
    if template is None:
        return problems[0].message if problems else "it is no template"
    found = (*problems, *_trial(bank, template))
    errors = [finding for finding in found if finding.severity is Severity.ERROR]
    return re.sub(r"^template '[^']*': ", "", errors[0].message) if errors else ""


def _trial(bank: Bank, template: Template) -> tuple[Finding, ...]:
    """What the rules about errors say, and whether a question comes out. Nothing varies: one variant is all of them."""
    subject = Subject(bank, template)
    found = [finding for check in _RULES for finding in check.run(subject)]
    if not any(finding.severity is Severity.ERROR for finding in found):
        try:
            Generator(template, bank, Source(seed=1)).item(0)
        except FindingsError as error:
            found += error.findings
    return tuple(found)


# ---------------------------------------------------------------- files


def _refuse_what_is_there(made: Sequence[Written], bank: Bank) -> None:
    there = [written for written in made if os.path.lexists(written.path) or written.template in bank.documents]
    if there:
        message = "the template is there already"
        raise FindingsError([_finding(written.path, message, "choose another folder with -o") for written in there])


def _write(root: Path, made: Sequence[Written], description: str | None) -> None:
    if not made:
        return
    begun: list[Path] = []
    try:
        root.mkdir(parents=True, exist_ok=True)
        files = [(written.path, written.text) for written in made]
        for path, text in [*([(root / DESCRIPTION, description)] if description is not None else []), *files]:
            with path.open("x", encoding="utf-8", newline="\n") as file:
                begun.append(path)
                file.write(text)
    except BaseException as error:
        for path in begun:
            path.unlink(missing_ok=True)
        if isinstance(error, FileExistsError):
            raise _error(Path(str(error.filename)), "is there already", "choose another folder with -o") from None
        raise


def _finding(path: Path, message: str, remedy: str) -> Finding:
    return Finding(Place(str(path)), "Q820", message, remedy)


def _error(path: Path, message: str, remedy: str) -> FindingsError:
    return FindingsError([_finding(path, message, remedy)])
