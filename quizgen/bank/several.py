"""Several banks side by side, seen as one.

A template keeps the sentences, the words and the languages of the bank that it comes from: `Banks.home` says which
that is. Only names are shared, so a name that two banks have is written ``bank/template``.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from quizgen.findings import Finding, FindingsError, Place

if TYPE_CHECKING:
    from quizgen.bank import Bank
    from quizgen.bank.concepts import ConceptGraph
    from quizgen.bank.listing import Listing
    from quizgen.template import Template


class Banks:
    """A view of several banks. Raises FindingsError if two of them have the same id.

    banks: at least one; the first gives the language where nobody asks for one.
    """

    def __init__(self, banks: Sequence[Bank]) -> None:
        self.banks = tuple(banks)
        for id, count in Counter(bank.id for bank in self.banks).items():
            if count > 1:
                first, second = [str(bank.folder) for bank in self.banks if bank.id == id][:2]
                message = f"two banks are called '{id}', so their templates cannot be told apart (the other: {first})"
                remedy = "give one of them another id: `bank:` in its bank.yaml"
                raise FindingsError([Finding(Place(second), "Q429", message, remedy)])

    def __repr__(self) -> str:
        return f"Banks({', '.join(map(repr, self.banks))})"

    # ------------------------------------------------------------ as of one bank

    @property
    def shown(self) -> str:
        """The folders, for people."""
        return ", ".join(bank.shown for bank in self.banks)

    @property
    def language(self) -> str:
        """The language of the first bank."""
        return self.banks[0].language

    @property
    def languages(self) -> tuple[str, ...]:
        """Every language of any of the banks; a template has those of its own bank."""
        return tuple(dict.fromkeys(language for bank in self.banks for language in bank.languages))

    def known_language(self, language: str | None) -> str:
        """The language, the first bank's if None or empty. Raises FindingsError for one that no bank has."""
        if not language or language in self.languages:
            return language or self.language
        message = f"no bank is written in the language '{language}'"
        remedy = f"choose one of: {', '.join(self.languages)}"
        raise FindingsError([Finding(Place(self.shown), "Q414", message, remedy)])

    def title_in(self, language: str) -> str:
        """The titles of all banks."""
        return ", ".join(dict.fromkeys(bank.title_in(language) for bank in self.banks))

    @cached_property
    def concept_graph(self) -> ConceptGraph:
        """The graphs of all banks as one. Raises FindingsError if one is broken, or all together have a circle."""
        from quizgen.bank.concepts import joined

        graph = joined([bank.concept_graph for bank in self.banks])
        if circle := graph.circle():
            ring = " → ".join((*circle, circle[0]))
            message = f"in these banks together each of these has to be known before the next: {ring}"
            raise FindingsError([Finding(Place(self.shown), "Q418", message, "break the circle in one of them")])
        return graph

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the ids and digests of the banks."""
        lines = "".join(f"{bank.id} {bank.digest}\n" for bank in self.banks)
        return hashlib.sha256(lines.encode()).hexdigest()

    # ------------------------------------------------------------ templates

    @cached_property
    def _homes(self) -> Mapping[str, tuple[tuple[Bank, str], ...]]:
        """Every name, plain and qualified, with the templates that it could mean."""
        found: dict[str, tuple[tuple[Bank, str], ...]] = {}
        for bank in self.banks:
            for name in bank.documents:
                found[name] = (*found.get(name, ()), (bank, name))
                found[f"{bank.id}/{name}"] = ((bank, name),)
        return found

    def _find(self, name: str) -> tuple[Bank, str]:
        meant = self._homes.get(name, ())
        if len(meant) == 1:
            return meant[0]
        if meant:
            message = f"more than one bank has a template '{name}'"
            remedy = f"name its bank as well: {' or '.join(f'{bank.id}/{name}' for bank, _ in meant)}"
            raise FindingsError([Finding(Place(self.shown), "Q428", message, remedy)])
        from quizgen.template.values import did_you_mean

        remedy = did_you_mean(name, self._homes) or "see them all: quizgen list"
        raise FindingsError([Finding(Place(self.shown), "Q412", f'no bank has a template "{name}"', remedy)])

    def home(self, name: str) -> Bank:
        """The bank of the template with this name. Raises FindingsError like `template`."""
        return self._find(name)[0]

    def template(self, name: str) -> Template:
        """The template with this name, ``bank/template`` where that is needed.

        Raises FindingsError if there is none or more than one, or if it is not well formed.
        """
        bank, own = self._find(name)
        return bank.template(own)

    def listed(self, name: str) -> str:
        """The name under which `listing` has this template: the plain one if it is alone. Raises like `template`."""
        bank, own = self._find(name)
        return own if len(self._homes[own]) == 1 else f"{bank.id}/{own}"

    def listing(self) -> tuple[Listing, ...]:
        """One line for each template, bank by bank, without checking it; qualified names where a name is not alone."""
        return tuple(
            msgspec.structs.replace(row, template=self.listed(f"{row.bank}/{row.template}"))
            for bank in self.banks
            for row in bank.listing()
        )
