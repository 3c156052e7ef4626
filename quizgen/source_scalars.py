"""Where a character of a text stands in a YAML file, whatever its style there."""

from __future__ import annotations

_ESCAPE_LENGTH = {"x": 4, "u": 6, "U": 10}


def index_in_raw(raw: str, style: str, value: str, offset: int) -> int:
    """Where the character at `offset` of a scalar's value stands in its raw text.

    style: as in YAML, "" for a plain scalar. Styles add indentation, folds and quotes, but keep the order of
    everything that is not white space; so the n-th visible character of the value is the n-th visible character of
    the raw text.

    >>> index_in_raw("'it''s'", "'", "it's", 3)
    5
    """
    wanted = len("".join(value[:offset].split()))
    position = 0
    if style in "|>" and style:
        position = raw.find("\n") + 1
    elif style:
        position = 1
    seen = 0
    while position < len(raw):
        character = raw[position]
        width = 1
        if style == '"' and character == "\\":
            following = raw[position + 1 : position + 2]
            width = _ESCAPE_LENGTH.get(following, 2)
            character = " " if following in ("n", "t", " ", "\n", "\r", "") else following
        elif style == "'" and character == "'":
            width = 2
        if not character.isspace():
            if seen == wanted:
                return position
            seen += 1
        position += width
    return max(0, len(raw.rstrip()) - 1)
