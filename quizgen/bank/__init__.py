"""The bank: a folder of templates, words of misconceptions, sentences and concepts, loaded as far as it is asked for.

Opening reads the YAML of the templates and no more: a listing needs no schema. A template is checked when it is asked
for, `Bank.templates` checks them all, and `quizgen.checks` looks for everything that is wrong.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quizgen.bank.description import DESCRIPTION, Description, read_description
from quizgen.bank.listing import Listing, listing_of, text_of
from quizgen.bank.several import Banks as Banks
from quizgen.findings import Finding, FindingsError, Place, Severity
from quizgen.source import Document, Source, examine_source

if TYPE_CHECKING:
    from quizgen.bank.concepts import ConceptGraph
    from quizgen.misconceptions.words import AllWords, Words
    from quizgen.sampling.sentences import Corpus
    from quizgen.template import Template

CONCEPTS = "concepts.yaml"
PLAIN_TEXT = ".txt"
MOST_FILES = 5_000
_COMMA_LANGUAGES = frozenset(("da", "de", "es", "fi", "fr", "it", "nb", "nl", "pl", "pt", "ru", "sv", "tr", "uk"))


class Bank:
    """A bank that was opened with `load_bank`. sentences: files to take in place of its own."""

    def __init__(self, folder: Path, shown: str, sentences: tuple[Path, ...] = ()) -> None:
        self.folder = folder
        self._shown = shown
        self._own_sentences = sentences

    def __repr__(self) -> str:
        return f"Bank({self._shown!r})"

    @property
    def shown(self) -> str:
        """The folder as findings about the whole bank name it."""
        return str(self.folder)

    # ------------------------------------------------------------ the description

    @cached_property
    def description(self) -> Description:
        """What ``bank.yaml`` says; the folder's name and English if there is none."""
        return self._description_and_findings[0]

    @cached_property
    def _description_and_findings(self) -> tuple[Description, tuple[Finding, ...]]:
        source = self._source(self.folder / DESCRIPTION) if self._has(DESCRIPTION) else None
        return read_description(source, self.folder)

    @property
    def id(self) -> str:
        return self.description.id

    @property
    def language(self) -> str:
        """The language that the templates are written in."""
        return self.description.languages[0]

    @property
    def languages(self) -> tuple[str, ...]:
        """The bank's own language, then those that it is translated into."""
        return self.description.languages

    @property
    def title(self) -> str:
        return self.description.titles[self.language]

    def known_language(self, language: str | None) -> str:
        """The language, the bank's own if None or empty. Raises FindingsError for one that the bank does not have."""
        if not language:
            return self.language
        if language not in self.languages:
            message = f"the bank is not written in the language '{language}'"
            remedy = f"choose one of: {', '.join(self.languages)}"
            raise FindingsError([Finding(Place(self._shown), "Q414", message, remedy)])
        return language

    def title_in(self, language: str) -> str:
        """The title in a language; in the bank's own if it is not translated."""
        return self.description.titles.get(language, self.title)

    def decimal_comma(self, language: str) -> bool:
        """Whether numbers are written with a comma in this language."""
        return self.description.decimal_commas.get(language, language.partition("-")[0] in _COMMA_LANGUAGES)

    # ------------------------------------------------------------ templates

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """The files of templates, in the order of their names."""
        return tuple(self._source(path) for path in self._template_files())

    @cached_property
    def documents(self) -> Mapping[str, Document]:
        """The documents of templates by id, the first of each id, in the order of files."""
        found: dict[str, Document] = {}
        for source in self.sources:
            for document in source.documents:
                name = text_of(document, "template")
                if name:
                    found.setdefault(name, document)
        return found

    def listing(self) -> tuple[Listing, ...]:
        """One line for each template, without checking it."""
        return tuple(listing_of(name, document, self.id) for name, document in self.documents.items())

    @property
    def banks(self) -> tuple[Bank, ...]:
        """This bank alone; a view of several has more."""
        return (self,)

    def home(self, name: str) -> Bank:
        """The bank of the template with this id: this one."""
        return self

    def listed(self, name: str) -> str:
        """The name under which `listing` has this template: its id. Raises FindingsError for none."""
        if name not in self.documents:
            from quizgen.template.values import did_you_mean

            remedy = did_you_mean(name, self.documents) or "see them all: quizgen list"
            message = f'the bank has no template "{name}"'
            raise FindingsError([Finding(Place(self._shown), "Q412", message, remedy)])
        return name

    def template(self, name: str) -> Template:
        """The template with this id.

        Raises FindingsError if there is none, with the nearest id, or if it is not well formed.
        """
        known = self._read.get(name)
        if known is None:
            from quizgen.template import read_template

            known = self._read[name] = read_template(self.documents[self.listed(name)])
        return known

    @cached_property
    def _read(self) -> dict[str, Template]:
        return {}

    @property
    def templates(self) -> tuple[Template, ...]:
        """All templates. Raises FindingsError with everything that is wrong with the shape of any of them."""
        found, findings = self.examine_templates()
        errors = [finding for finding in findings if finding.severity is Severity.ERROR]
        if errors:
            raise FindingsError(errors)
        return found

    def examine_templates(self) -> tuple[tuple[Template, ...], tuple[Finding, ...]]:
        """The templates that are well formed, and what is wrong with the others and with the files."""
        from quizgen.template import examine_template

        templates: list[Template] = []
        findings = list(self.file_findings())
        for source in self.sources:
            for document in source.documents:
                template, problems = examine_template(document)
                findings += problems
                if template is not None:
                    templates.append(template)
        return tuple(templates), tuple(findings)

    def file_findings(self) -> Iterator[Finding]:
        """What is wrong with ``bank.yaml``, the YAML of the templates, and their ids."""
        yield from self._description_and_findings[1]
        first: dict[str, Document] = {}
        for source in self.sources:
            yield from source.findings
            for document in source.documents:
                name = text_of(document, "template")
                if name and name in first:
                    message = f'the template "{name}" is there already ({first[name].place(("template",))})'
                    yield document.finding("Q406", message, "give it another id", ("template",))
                first.setdefault(name, document)
        if not self.sources:
            yield Finding(Place(self._shown), "Q413", "the folder holds no templates", "name the folder of a bank")

    # ------------------------------------------------------------ what templates refer to

    @cached_property
    def corpus(self) -> Corpus:
        """The sentences; those that come with quizgen if the bank has none. Raises FindingsError if they are broken."""
        corpus, findings = self.examine_corpus()
        errors = [finding for finding in findings if finding.severity is Severity.ERROR]
        if errors:
            raise FindingsError(errors)
        return corpus

    def examine_corpus(self) -> tuple[Corpus, tuple[Finding, ...]]:
        """The sentences that can be used, and what is wrong with the others."""
        return self._examined_corpus

    @cached_property
    def _examined_corpus(self) -> tuple[Corpus, tuple[Finding, ...]]:
        from quizgen.sampling.sentences import read_corpus

        files = self._sentence_files()
        return read_corpus(
            [self._source(path) for path in files if path.suffix != PLAIN_TEXT],
            [path for path in files if path.suffix == PLAIN_TEXT],
        )

    @cached_property
    def all_words(self) -> AllWords:
        """The words of misconceptions: id → language → words; those that come with quizgen if the bank has none."""
        from quizgen.misconceptions.words import load_words

        return load_words(self.words_folder)

    @property
    def words_folder(self) -> Path:
        """The folder whose ``misconceptions`` are this bank's."""
        from quizgen.misconceptions.words import FOLDER

        return self.folder if (self.folder / FOLDER).is_dir() else shipped_folder()

    def words(self, language: str) -> Mapping[str, Words]:
        """The words of misconceptions in a language, in the bank's own where they are not translated."""
        if language not in self._words_by_language:
            self._words_by_language[language] = {
                name: found[chosen]
                for name, found in self.all_words.items()
                for chosen in [next((code for code in (language, self.language) if code in found), "")]
                if chosen
            }
        return self._words_by_language[language]

    @cached_property
    def _words_by_language(self) -> dict[str, Mapping[str, Words]]:
        return {}

    @cached_property
    def concepts(self) -> Mapping[str, Any] | None:
        """The concepts by id as ``concepts.yaml`` has them; None if the bank has no such file."""
        source = self._source(self.folder / CONCEPTS) if self._has(CONCEPTS) else None
        if source is None or not source.documents:
            return None
        data = source.documents[0].data
        found = data.get("concepts") if isinstance(data, dict) else None
        return found if isinstance(found, dict) else {}

    def examine_concepts(self) -> tuple[ConceptGraph, tuple[Finding, ...]]:
        """The graph of the concepts, and all that is wrong with it; an empty one if the bank has no such file."""
        from quizgen.bank.concepts import ConceptGraph, read_concepts

        source = self._source(self.folder / CONCEPTS) if self._has(CONCEPTS) else None
        if source is None or not source.documents:
            return ConceptGraph({}), source.findings if source is not None else ()
        graph, findings = read_concepts(source.documents[0], self.language)
        return graph, (*source.findings, *findings)

    @cached_property
    def concept_graph(self) -> ConceptGraph:
        """The graph of the concepts. Raises FindingsError for one that is broken, also for one with a circle."""
        graph, findings = self.examine_concepts()
        if findings:
            raise FindingsError(findings)
        return graph

    @cached_property
    def digest(self) -> str:
        """SHA-256 over what the files say: comments, quotes and indentation do not count."""
        total = hashlib.sha256()
        for path in sorted({*self._template_files(), *self._sentence_files(), *self._other_files()}):
            if path.suffix == PLAIN_TEXT:
                total.update(path.read_bytes())
                continue
            documents = [document.data for document in self._source(path).documents]
            name = path.relative_to(self.folder).as_posix() if path.is_relative_to(self.folder) else path.name
            total.update(json.dumps([name, documents], sort_keys=False, ensure_ascii=True).encode())
        return total.hexdigest()

    # ------------------------------------------------------------ files

    def _has(self, name: str) -> bool:
        return self.folder.is_dir() and (self.folder / name).is_file()

    @cached_property
    def _sources_by_path(self) -> dict[Path, Source]:
        return {}

    def _source(self, path: Path) -> Source:
        source = self._sources_by_path.get(path)
        if source is None:
            shown = (
                self._shown if path == self.folder else os.path.join(self._shown, os.path.relpath(path, self.folder))
            )
            source = self._sources_by_path[path] = examine_source(path, os.path.normpath(shown))
        return source

    @cached_property
    def _files(self) -> tuple[Path, ...]:
        """Every YAML file below the folder, except hidden ones."""
        if self.folder.is_file():
            return (self.folder,)
        found: list[Path] = []
        for folder, below, names in os.walk(self.folder):
            below[:] = sorted(name for name in below if not name.startswith("."))
            found += [Path(folder, name) for name in names if name.endswith((".yaml", ".yml")) and name[0] != "."]
            if len(found) > MOST_FILES:
                message = f"the folder holds more than {MOST_FILES:,} YAML files"
                raise FindingsError([Finding(Place(self._shown), "Q003", message, "name the folder of a bank")])
        return tuple(sorted(found))

    def _template_files(self) -> tuple[Path, ...]:
        return tuple(path for path in self._files if self._role(path) == "template")

    def _other_files(self) -> tuple[Path, ...]:
        return tuple(path for path in self._files if self._role(path) == "other")

    def _sentence_files(self) -> tuple[Path, ...]:
        if self._own_sentences:
            return self._own_sentences
        own = tuple(path for path in self._files if self._role(path) == "sentences")
        texts = tuple(sorted(self.folder.glob(f"sentences*{PLAIN_TEXT}"))) if self.folder.is_dir() else ()
        return (*own, *texts) or tuple(sorted(shipped_folder().glob("sentences*.yaml")))

    def _role(self, path: Path) -> str:
        relative = path.relative_to(self.folder).parts if path != self.folder else (path.name,)
        if relative[0] == "misconceptions" or relative in ((DESCRIPTION,), (CONCEPTS,)):
            return "other"
        return "sentences" if len(relative) == 1 and relative[0].startswith("sentences") else "template"


def load_bank(folder: str | os.PathLike[str] | None = None, sentences: Sequence[str | os.PathLike[str]] = ()) -> Bank:
    """Opens a bank.

    folder: of the bank, or one template file; the bank that comes with quizgen if None. sentences: files to take in
    place of the bank's own, YAML or plain text.
    Raises FindingsError with everything that is wrong with the YAML of its files; shapes are checked on demand.

    >>> load_bank().template("why-sum-of-logs").kind
    'single-choice'
    """
    bank = open_bank(folder, sentences)
    errors = [finding for finding in bank.file_findings() if finding.severity is Severity.ERROR]
    if errors:
        raise FindingsError(errors)
    return bank


def load_banks(
    folders: Sequence[str | os.PathLike[str]] = (), sentences: Sequence[str | os.PathLike[str]] = ()
) -> Bank | Banks:
    """Opens the bank in each folder, as one if there are several; the bank that comes with quizgen if there is none.

    Raises FindingsError like `load_bank`, and if two banks have the same id.

    >>> load_banks().listed("why-sum-of-logs")
    'why-sum-of-logs'
    """
    if len(folders) < 2:
        return load_bank(folders[0] if folders else None, sentences)
    return Banks([load_bank(folder, sentences) for folder in folders])


def open_bank(folder: str | os.PathLike[str] | None = None, sentences: Sequence[str | os.PathLike[str]] = ()) -> Bank:
    """Like `load_bank`, without looking for mistakes. Raises FindingsError if there is no such folder or file."""
    path = shipped_folder() if folder is None else Path(folder)
    shown = os.fspath(path) if folder is not None else _relative(path)
    if not path.exists():
        remedy = "check the name, or leave it out for the bank that comes with quizgen"
        raise FindingsError([Finding(Place(shown), "Q001", "there is no such folder", remedy)])
    own = tuple(map(Path, sentences))
    missing = [Finding(Place(str(file)), "Q001", "there is no such file", "check the name") for file in own
               if not file.is_file()]  # fmt: skip
    if missing:
        raise FindingsError(missing)
    return Bank(path, shown, own)


def shipped_folder() -> Path:
    """The folder of the bank that comes with quizgen."""
    from importlib.resources import files

    return Path(str(files("question_bank")))


def _relative(path: Path) -> str:
    """The path from the working directory if it lies below it, otherwise the whole path."""
    relative = os.path.relpath(path)
    return os.fspath(path) if relative.startswith("..") else relative
