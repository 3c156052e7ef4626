"""Plans: what exports will keep and lose, found before anything is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from quizgen.archive import Archive
from quizgen.exporters.contract import Caveat, Fidelity, Format, Level, Noted, Options, Plan, items_named
from quizgen.exporters.formula_choice import FORMULA_CHOSEN, stands_in, with_choices
from quizgen.exporters.slot_by_slot import some_at_once
from quizgen.model import GeneratedItem, Item, WorkedKey

NAMED_CODES = 5
FORMS_LOST = Caveat(
    "forms:lost",
    "the platform draws the variants itself; which learner got which is known from the responses only",
    Level.EXACT,
)
FIRST_OF_POOL = Caveat(
    "pools:first-shown",
    "nobody has a form, so the first variant of each pool is shown and no other; build with --roster or --versions "
    "for pages that differ",
    Level.EXACT,
)


def plan(archive: Archive, format_: Format, options: Options | None = None) -> Plan:
    """What an export to this format keeps and loses, and why it is refused, if it is. Writes nothing."""
    return plans(archive, [format_], options or Options())[0]


def plans(archive: Archive, formats: Sequence[Format], options: Options) -> list[Plan]:
    """The plan of each format; every item is read once for all."""

    def look_at_some(ids: Sequence[str]) -> list[_Tally]:
        tallies = [_Tally() for _ in formats]
        for id_ in ids:
            item, key = archive.item(id_), archive.key(id_) if archive.has_keys else None
            for tally, format_ in zip(tallies, formats, strict=True):
                tally.add(item.code, _fidelity(item, key, format_, _is_stripped(archive, format_), options))
        return tallies

    totals = [_Tally() for _ in formats]
    for tallies in some_at_once(archive.ids, look_at_some, options):
        for total, tally in zip(totals, tallies, strict=True):
            total.join(tally)
    return [_plan(archive, format_, options, total) for format_, total in zip(formats, totals, strict=True)]


def _is_stripped(archive: Archive, format_: Format) -> bool:
    """Whether the keys are left out: an exam, in a format that would put them before learners."""
    return format_.keys in ("learner", "file") and archive.quiz.purpose == "exam"


class _Tally(msgspec.Struct):
    """What was seen of some items: how many are kept exactly, and each caveat with how many and the first codes."""

    exact: int = 0
    noted: dict[Caveat, tuple[int, tuple[str, ...]]] = {}

    def add(self, code: str, fidelity: Fidelity) -> None:
        """One more item."""
        self.exact += fidelity.level is Level.EXACT
        for caveat in fidelity.caveats:
            self._note(caveat, 1, (code,))

    def join(self, later: _Tally) -> None:
        """Those of more items, which follow."""
        self.exact += later.exact
        for caveat, (count, codes) in later.noted.items():
            self._note(caveat, count, codes)

    def _note(self, caveat: Caveat, count: int, codes: tuple[str, ...]) -> None:
        before, named = self.noted.get(caveat, (0, ()))
        self.noted[caveat] = before + count, named if before >= NAMED_CODES else (*named, *codes)[:NAMED_CODES]


def _fidelity(item: Item, key: WorkedKey | None, format_: Format, stripped: bool, options: Options) -> Fidelity:
    """What becomes of an item; of a formula that shall be a choice where the format cannot compare it, of that."""
    if key is None or options.formulas != "choice" or not stands_in(format_):
        return format_.fidelity(item, None if stripped else key)
    made = with_choices(GeneratedItem(item, key))
    found = format_.fidelity(made.item, None if stripped else made.key)
    return found if made.item == item else Fidelity((FORMULA_CHOSEN, *found.caveats))


def _plan(archive: Archive, format_: Format, options: Options, tally: _Tally) -> Plan:
    noted, ids = tally.noted, archive.ids
    if archive.quiz.forms and not format_.forms:
        noted[FORMS_LOST] = (len(ids), _codes(archive, ids))
    if not (archive.quiz.forms or format_.pools) and (left := _behind_the_first(archive)):
        noted[FIRST_OF_POOL] = (len(left), _codes(archive, left))
    notes = tuple(Noted(caveat, count, codes) for caveat, (count, codes) in noted.items())
    refusals = [
        *_refusals(archive, format_, options),
        *(f"{note.caveat.message} ({items_named(note)})" for note in notes if note.caveat.level is Level.NONE),
    ]
    stripped = _is_stripped(archive, format_)
    return Plan(format_.id, format_.title, len(ids), tally.exact, stripped, notes, tuple(refusals))


def _codes(archive: Archive, ids: Sequence[str]) -> tuple[str, ...]:
    """Those of the first few items."""
    return tuple(archive.label(id_).code for id_ in ids[:NAMED_CODES])


def _behind_the_first(archive: Archive) -> list[str]:
    """The items that are the first of no pool."""
    shown = {slot.pool[0] for slot in archive.quiz.slots if slot.pool}
    return [id_ for slot in archive.quiz.slots for id_ in slot.item_ids if id_ not in shown]


def _refusals(archive: Archive, format_: Format, options: Options) -> Iterator[str]:
    if lacking := format_.lacking():
        yield lacking
    if not archive.has_keys and format_.keys == "server":
        yield f"{format_.title} needs the keys, and this archive was given away without them"
    if options.learner and options.learner not in dict(archive.quiz.forms):
        yield f"there is no form for the learner {options.learner!r} in this quiz"
