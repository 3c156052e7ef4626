"""Ids as formats write them that allow fewer signs in a name, and back."""

from __future__ import annotations

import re
from urllib.parse import unquote

from grading.identifiers import identifier

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]{1,20}:\S{1,500}")
_STEPS = re.compile(r"[/#?&=:]")
_BYTES = re.compile(r"(?:_[0-9a-f]{2})+")


def identifiers(text: str, before: str = "") -> tuple[str, ...]:
    """An id as QTI has it, and as Open edX and earlier packages do.

    before: what an export may have put in front of it; the names are without it.

    >>> identifiers("position-2"), identifiers("nlp/loss 1")
    (('position-2',), ('nlp-loss-1-8b87ad12', 'nlp-loss-1.8b87ad12'))
    """
    written = (identifier(before + text, periods).removeprefix(before) for periods in (False, True))
    return tuple(dict.fromkeys(written))


def unslugged(text: str) -> str:
    """The text behind a name in which every other sign is ``_`` and two hexadecimal digits for each of its bytes.

    >>> unslugged("b_5f1"), unslugged("_c3_a9"), unslugged("a_b")
    ('b_1', 'é', 'a_b')
    """
    return _BYTES.sub(lambda found: bytes.fromhex(found[0].replace("_", "")).decode("utf-8", "replace"), text)


def interaction_fields(text: str) -> list[str] | None:
    """The fields of the name of an interaction, ``ITEM__REVISION__PART`` and perhaps the number of a piece.

    It may stand behind the name of the activity and a slash.

    >>> interaction_fields("urn:x:quiz/w3_2f1__9a__answer__2")
    ['w3/1', '9a', 'answer', '2']
    """
    fields = text.strip().rpartition("/")[2].split("__")
    return [unslugged(field) for field in fields] if len(fields) in (3, 4) and all(fields) else None


def endings(address: str) -> list[str]:
    """What stands at the end of an address, the longest first, as it is and with its %-signs undone: a platform may
    have put its own name before an id. Nothing for what is no address.

    >>> endings("https://lms/w3/a%231")[-4:], endings("w3/1")
    (['w3/a%231', 'w3/a#1', 'a%231', 'a#1'], [])
    """
    if not _ADDRESS.fullmatch(address):
        return []
    found = [address[step.end() :] for step in _STEPS.finditer(address)]
    return list(dict.fromkeys(text for ending in found if ending for text in (ending, unquote(ending))))
