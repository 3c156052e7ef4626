"""Headings of columns as platforms write them, in English and German."""

from __future__ import annotations

import re
from collections.abc import Iterable

from grading.responses.rows import RowFault

_JOIN = re.compile(r"[\W_]+")

USERNAME = ("username", "benutzername", "anmeldename", "loginid", "sisloginid")
NUMBER = ("idnumber", "idnummer", "studentid", "matrikelnummer", "sisid", "sisuserid", "studentnumber")
EMAIL = ("emailaddress", "emailadresse", "email", "mail")
FIRST = ("firstname", "vorname", "givenname")
LAST = ("lastname", "surname", "nachname", "familyname")
NAME = ("learner", "student", "name", "fullname", "lernende", "teilnehmer", "user", "id")
ATTEMPT = ("attempt", "attemptnumber", "versuch")
STARTED = ("startedon", "started", "begonnenam", "begonnen", "gestartet")
SUBMITTED = (
    "submittedat",
    "submitted",
    "completed",
    "completedon",
    "finished",
    "beendet",
    "abgeschlossen",
    "abgegeben",
    "timestamp",
    "zeitstempel",
)


def plain(heading: str) -> str:
    """A heading without capital letters, spaces and signs.

    >>> plain("E-Mail-Adresse"), plain("Grade/10.00")
    ('emailadresse', 'grade1000')
    """
    return _JOIN.sub("", heading.replace("\ufeff", "")).lower()


def place_of(headings: list[str], names: Iterable[str]) -> int | None:
    """The place of the first of these names among plain headings, None if none is there."""
    return next((headings.index(name) for name in names if name in headings), None)


class Learners:
    """Which cells of a row say who it is about: what tells learners apart best comes first.

    order: groups of headings; the first that is filled in is the learner. First and last name come after these.
    """

    def __init__(self, headings: list[str], *order: Iterable[str]) -> None:
        self._single = [place for group in order for place in [place_of(headings, group)] if place is not None]
        self._names = [place for group in (FIRST, LAST) for place in [place_of(headings, group)] if place is not None]
        self._last = place_of(headings, NAME)
        self.places = {*self._single, *self._names, *([] if self._last is None else [self._last])}

    def of(self, cells: list[str]) -> str:
        """The learner of a row. Raises RowFault if it names none."""
        for place in self._single:
            if (found := at(cells, place)) and found != "-":
                return found
        if name := " ".join(filter(None, (at(cells, place) for place in self._names))):
            return name
        if found := at(cells, self._last):
            return found
        raise RowFault("no learner is named", "fill in who it is")


def at(cells: list[str], place: int | None) -> str:
    """The text of a cell without white space around it, "" if there is no such cell."""
    return cells[place].strip() if place is not None and place < len(cells) else ""
