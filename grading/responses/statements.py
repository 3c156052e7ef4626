"""xAPI: the statements that a record store gives out, as a list, as an answer to a query or one a line.

Of what our page sends every statement ``answered`` names its item and part and holds the canonical response; of others
the id of the activity, which need only end in that of the item, or else its text, and the text of the response count.
Of several answers to one part in one registration the last counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from grading.responses.rows import Mark, Report, RowFault, from_json_text, lines_of, mark_of, text_of_line
from grading.responses.sittings import Attempts, Dialect, Said, Sitting
from grading.responses.streams import opened, refused

name = "xAPI statements"
DIALECT = Dialect(separator="[,]", arrow="[.]", ids=True)
ITEM, RESPONSE = "urn:x-quizgen:item", "urn:x-quizgen:response"
LONGEST_FILE = 300_000_000
"""Bytes; the statements are kept in memory as a whole."""

_LIST = re.compile(rb'\s*(\[\s*\{|\{\s*"(statements|more)"\s*:)')


def recognises(head: bytes) -> bool:
    """Whether a file that begins like this is one: it opens a list or an object, and somebody did something."""
    opens = head.lstrip()[:1] in (b"[", b"{")
    return opens and b'"actor"' in head and b'"verb"' in head


def read(path: Path, report: Report) -> Iterator[Sitting]:
    """A sitting for each learner and registration, in the order in which they begin. Raises UnreadableResponses."""
    sittings: dict[tuple[str, str], dict[tuple[str, str], Said]] = {}
    times: dict[tuple[str, str], tuple[str, int]] = {}
    dated: dict[tuple[str, ...], str] = {}
    for number, statement in _statements(path, report):
        try:
            found = _answer(statement)
        except RowFault as fault:
            report(fault.at(str(path), number))
            continue
        if found is None:
            continue
        learner, registration, moment, said = found
        mine = learner, registration
        about = said.question, said.part
        if moment < dated.get((*mine, *about), ""):
            continue  # stores give out the newest first
        dated[*mine, *about] = moment
        sittings.setdefault(mine, {})[about] = said
        before, line = times.get(mine, ("", number))
        times[mine] = max(before, moment), line
    attempts = Attempts()
    for learner, registration in sorted(sittings, key=lambda mine: times[mine][0]):
        moment, line = times[learner, registration]
        answers = tuple(sittings[learner, registration].values())
        yield Sitting(learner, answers, attempts.of(learner), moment, str(path), line)


def _statements(path: Path, report: Report) -> Iterator[tuple[int, Any]]:
    """(number, statement) of all. The number is that of the line where each line holds one, else the place."""
    with opened(path, report) as stream:
        start = stream.read(4096).removeprefix(b"\xef\xbb\xbf")
        as_list = _LIST.match(start)
    with opened(path, report if as_list else lambda _: None) as stream:
        if as_list:
            data = stream.read(LONGEST_FILE + 1)
            if len(data) > LONGEST_FILE:
                raise refused(
                    path, f"the file is longer than {LONGEST_FILE:,} bytes", "export fewer statements at once"
                )
            yield from enumerate(_listed(path, data), 1)
            return
    with opened(path, report) as stream:
        for number, line in lines_of(stream):
            try:
                if line is not None and line.strip():
                    yield number, from_json_text(text_of_line(line.removeprefix(b"\xef\xbb\xbf")))
            except RowFault as fault:
                report(fault.at(str(path), number))


def _listed(path: Path, data: bytes) -> list[Any]:
    try:
        content = from_json_text(text_of_line(data.removeprefix(b"\xef\xbb\xbf")))
    except RowFault as fault:
        message = fault.message.split(" (byte")[0]
        raise refused(path, message, "download the file again; it was cut or changed") from None
    found = content.get("statements") if isinstance(content, dict) else content
    if isinstance(content, dict) and "actor" in content:
        found = [content]
    if not isinstance(found, list):
        raise refused(path, "the file holds no list of statements", "export the statements again")
    return found


def _answer(statement: Any) -> tuple[str, str, str, Said] | None:
    """(learner, registration, time, answer) of a statement; None if it is about anything but an answer."""
    if not isinstance(statement, dict) or not isinstance(statement.get("verb"), dict):
        raise RowFault("this is no statement", "export the statements again")
    verb, object_ = str(statement["verb"].get("id", "")), statement.get("object")
    if not verb.endswith("/answered") or not isinstance(object_, dict):
        return None
    learner = learner_of(statement.get("actor"))
    result = statement.get("result")
    result = result if isinstance(result, dict) else {}
    context = statement.get("context")
    registration = context.get("registration") if isinstance(context, dict) else ""
    about = _extension(object_.get("definition"), ITEM)
    given = _mark(result.get("score"))
    answer: Any = result.get("response", "")
    if (told := _extension(result, RESPONSE)) is not None:
        answer = told
    question, part = str(object_.get("id", "")), ""
    blank = told is None and not str(answer).strip()  # our page says no more of an answer that was taken away
    if isinstance(about, dict) and isinstance(about.get("item"), str) and (told is not None or blank):
        question, part = about["item"], str(about.get("part", ""))
    moment = statement.get("timestamp")
    said = Said(question, answer, part, given, _printed(object_.get("definition")))
    return learner, str(registration or ""), moment if isinstance(moment, str) else "", said


def _printed(definition: Any) -> tuple[str, ...]:
    """What the platform shows of an activity: its description and its name in the languages that it has."""
    definition = definition if isinstance(definition, dict) else {}
    maps = [definition.get(field) for field in ("description", "name")]
    return tuple(text for one in maps if isinstance(one, dict) for text in one.values() if isinstance(text, str))


def learner_of(actor: Any) -> str:
    """Who an actor is: the name of an account, an address without ``mailto:``, or a name. Raises RowFault.

    >>> learner_of({"account": {"homePage": "https://lms", "name": "ana"}}), learner_of({"mbox": "mailto:a@b"})
    ('ana', 'a@b')
    """
    actor = actor if isinstance(actor, dict) else {}
    account = actor.get("account")
    found = account.get("name") if isinstance(account, dict) else None
    for field in ("mbox", "mbox_sha1sum", "openid", "name"):
        found = found or actor.get(field)
    if not isinstance(found, str) or not found.strip() or "\x00" in found:
        raise RowFault("no learner is named", "export the statements with their actors")
    return found.strip().removeprefix("mailto:")


def _extension(holder: Any, of: str) -> Any:
    extensions = holder.get("extensions") if isinstance(holder, dict) else None
    return extensions.get(of) if isinstance(extensions, dict) else None


def _mark(score: Any) -> Mark | None:
    if not isinstance(score, dict):
        return None
    return mark_of(score.get("raw"), score.get("max")) or mark_of(score.get("scaled"), "1")
