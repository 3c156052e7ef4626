"""YAML text as plain data, with the places of everything beside it.

Nothing is constructed: every scalar stays the text that the author wrote (``no``, ``on`` and ``1:30`` are words), and
the schema types it later. The places lie beside the data, so that values can be compared without stripping them.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import msgspec
import yaml

from quizgen.findings import Finding, FindingsError, Place
from quizgen.source_scalars import index_in_raw

Data = str | list["Data"] | dict[str, "Data"]
DataPath = tuple[str | int, ...]
"""The way to a value inside a document: keys and list indices."""

MOST_BYTES = 2_000_000
MOST_NODES = 100_000
DEEPEST = 40
_SMALL = 2_000
"""So few structural characters cannot nest deeply or hide many nodes: composing needs no look ahead."""

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_ESCAPED = re.compile("[\x00-\x09\x0b-\x1f\x7f]")
_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_PLAIN_TAGS = {
    "scalar": "tag:yaml.org,2002:str",
    "sequence": "tag:yaml.org,2002:seq",
    "mapping": "tag:yaml.org,2002:map",
}

_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # libyaml where it is there; the same nodes, faster


class Document:
    """One document of a file: `data`, and the place of each value and key in it."""

    def __init__(self, source: Source, node: yaml.Node, data: Data) -> None:
        self.source = source
        self.data = data
        self._node = node

    def __repr__(self) -> str:
        return f"Document({self.place()})"

    def place(self, path: DataPath = (), of: Literal["value", "key"] = "value") -> Place:
        """Where the value (or the key) at this path stands; the nearest thing around it if the path leads nowhere."""
        node, name, found = self._find(path)
        if name is not None and (of == "key" or not found):
            return self._span(name)
        return self._span(node)

    def place_in(self, path: DataPath, offset: int, length: int = 1) -> Place:
        """The place of a character inside a text, whatever its style in the file (plain, quoted, ``|``, ``>``).

        offset: characters from the beginning of the text as it stands in `data`.
        """
        node, _, found = self._find(path)
        if not found or not isinstance(node, yaml.ScalarNode):
            return self.place(path)
        start = self.source.index(node.start_mark.line, node.start_mark.column)
        end = self.source.index(node.end_mark.line, node.end_mark.column)
        index = index_in_raw(self.source.text[start:end], node.style or "", node.value, offset)
        return self.source.place_at(start + index, length)

    def finding(
        self,
        code: str,
        message: str,
        remedy: str,
        path: DataPath = (),
        *,
        of: Literal["value", "key"] = "value",
        at: tuple[int, int] | None = None,
        **more: Any,
    ) -> Finding:
        """A finding at the value or key of a path, or at (offset, length) inside its text."""
        place = self.place(path, of) if at is None else self.place_in(path, *at)
        return Finding(place, code, message, remedy, source_line=self.source.line(place.line), **more)

    def _find(self, path: DataPath) -> tuple[yaml.Node, yaml.Node | None, bool]:
        """(value node, key node, whether the path was there)."""
        node, name = self._node, None
        for step in path:
            if isinstance(node, yaml.MappingNode):
                pair = next(((k, v) for k, v in node.value if k.value == step), None)
                if pair is None:
                    return node, name, False
                name, node = pair
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                name, node = None, node.value[step]
            else:
                return node, name, False
        return node, name, True

    def _span(self, node: yaml.Node) -> Place:
        start, end = node.start_mark, node.end_mark
        if end.line == start.line:
            length = end.column - start.column
        else:
            length = len(self.source.line(start.line + 1).rstrip()) - start.column
        return Place(self.source.path, start.line + 1, start.column + 1, max(1, length))


class Source:
    """A YAML file that was read: its text, its documents and what is wrong with it.

    path: as it is printed in findings. documents: empty where the text could not be read at all.
    """

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.documents: tuple[Document, ...] = ()
        self.findings: tuple[Finding, ...] = ()

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        return (0, *(found.end() for found in _LINE_BREAK.finditer(self.text)))

    def line(self, number: int) -> str:
        """The text of a line, counted from 1, without its break; "" if there is none."""
        if not 1 <= number <= len(self._starts):
            return ""
        start = self._starts[number - 1]
        end = _LINE_BREAK.search(self.text, start)
        return self.text[start : end.start() if end else len(self.text)]

    def index(self, line: int, column: int) -> int:
        """The index in the text of a line and column, both counted from 0."""
        return self._starts[line] + column if line < len(self._starts) else len(self.text)

    def place_at(self, index: int, length: int = 1) -> Place:
        """The place of an index of the text."""
        from bisect import bisect_right

        line = bisect_right(self._starts, index)
        return Place(self.path, line, index - self._starts[line - 1] + 1, length)

    def finding(self, code: str, message: str, remedy: str, place: Place) -> Finding:
        return Finding(place, code, message, remedy, source_line=self.line(place.line))


def read_source(path: str | os.PathLike[str], shown: str | None = None) -> Source:
    """The documents of a YAML file.

    shown: how the file is named in findings; its path if None.
    Raises FindingsError with everything that is wrong with the file; `examine_source` returns it instead.
    """
    source = examine_source(path, shown)
    if source.findings:
        raise FindingsError(source.findings)
    return source


def read_text(text: str, name: str = "<text>") -> Source:
    """The documents of a YAML text, as `read_source`.

    >>> read_text("answer: no\\ntimes: [1:30, 5]").documents[0].data
    {'answer': 'no', 'times': ['1:30', '5']}
    """
    source = examine_text(text, name)
    if source.findings:
        raise FindingsError(source.findings)
    return source


def examine_source(path: str | os.PathLike[str], shown: str | None = None) -> Source:
    """Like `read_source`, but what is wrong stands in ``Source.findings``; never raises for a bad file."""
    name = os.fspath(path) if shown is None else shown
    source = Source(name, "")
    try:
        raw = _read_bytes(Path(path))
    except _Unreadable as problem:
        source.findings = (Finding(Place(name), problem.code, problem.message, problem.remedy),)
        return source
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        before = raw[: problem.start].decode("utf-8", "replace")
        place = Place(name, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)
        message = f"byte 0x{raw[problem.start]:02x} is not UTF-8"
        source.findings = (Finding(place, "Q004", message, "save the file with the encoding UTF-8"),)
        return source
    return examine_text(text, name)


def examine_text(text: str, name: str = "<text>") -> Source:
    """Like `read_text`, but what is wrong stands in ``Source.findings``."""
    source = Source(name, text)
    findings: list[Finding] = []
    if len(text) > MOST_BYTES:
        findings = [Finding(Place(name), "Q003", *_too_large(len(text)))]
    else:
        findings = list(_forbidden_characters(source)) or list(_look_ahead(source))
    if not findings:
        nodes: list[yaml.Node] = []
        findings = list(_compose(source, nodes))
        reader = _Reader(source)
        source.documents = tuple(Document(source, node, reader.read(node, 1)) for node in nodes)
        findings = sorted([*findings, *reader.findings], key=lambda finding: finding.place)
        if reader.aliases:
            source.documents = ()
    source.findings = tuple(findings)
    return source


class _Unreadable(Exception):
    def __init__(self, code: str, message: str, remedy: str) -> None:
        self.code, self.message, self.remedy = code, message, remedy


def _read_bytes(path: Path) -> bytes:
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise _Unreadable("Q002", "this is a folder, not a file", "name one of the YAML files in it")
        if not stat.S_ISREG(mode):
            raise _Unreadable("Q002", "this is not an ordinary file", "name a YAML file")
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise _Unreadable("Q001", "there is no such file", "check the name") from None
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        raise _Unreadable("Q002", f"the file cannot be read ({reason})", "check its permissions") from None
    if len(raw) > MOST_BYTES:
        raise _Unreadable("Q003", *_too_large(path.stat().st_size))
    return raw


def _too_large(size: int) -> tuple[str, str]:
    return f"the file has {size:,} bytes, the limit is {MOST_BYTES:,}", "split it into several files"


def _forbidden_characters(source: Source) -> Iterator[Finding]:
    for count, found in enumerate(_FORBIDDEN.finditer(source.text)):
        if count == 5:
            return
        message = f"the character U+{ord(found.group()):04X} cannot stand in a text"
        yield source.finding("Q005", message, "delete it", source.place_at(found.start()))


def _look_ahead(source: Source) -> Iterator[Finding]:
    """Refuses what would be deep or large *before* it is composed: composing is recursive and keeps every node."""
    if sum(map(source.text.count, "[{-:?,")) <= _SMALL:
        return
    depth = nodes = 0
    try:
        for event in yaml.parse(source.text, Loader=_Loader):
            nodes += isinstance(event, yaml.NodeEvent)
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > DEEPEST or nodes > MOST_NODES:
                place = _place_of(source, event.start_mark)
                if depth > DEEPEST:
                    yield _too_deep(source, place)
                else:
                    message = f"the file holds more than {MOST_NODES:,} values"
                    yield source.finding("Q003", message, "split it into several files", place)
                return
    except yaml.YAMLError:
        return  # composing meets the same error and reports it


def _too_deep(source: Source, place: Place) -> Finding:
    return source.finding("Q010", f"lists and mappings are nested more than {DEEPEST} deep", "write it flatter", place)


def _place_of(source: Source, mark: Any) -> Place:
    return Place(source.path, mark.line + 1, mark.column + 1)


def _compose(source: Source, nodes: list[yaml.Node]) -> Iterator[Finding]:
    """Appends the root of each document; yields the syntax error that ended it, if any."""
    from quizgen.source_errors import syntax_finding

    loader = _Loader(source.text)
    try:
        while loader.check_node():
            node = loader.get_node()
            if isinstance(node, yaml.ScalarNode) and not node.value and not node.style:
                continue  # nothing between two ---
            nodes.append(node)
        if not nodes:
            yield source.finding(
                "Q011", "the file is empty", "write a template into it, or delete it", Place(source.path)
            )
    except yaml.YAMLError as problem:
        yield syntax_finding(source, problem)
    finally:
        loader.dispose()


class _Reader:
    """Turns nodes into data and collects what is wrong with them."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.findings: list[Finding] = []
        self.aliases = False
        self._seen: set[int] = set()

    def read(self, node: yaml.Node, depth: int) -> Data:
        if id(node) in self._seen:
            self._report_aliases()
            return ""
        if self.aliases:
            return ""
        if depth > DEEPEST:
            self.findings.append(_too_deep(self.source, _place_of(self.source, node.start_mark)))
            return ""
        if node.tag not in (_PLAIN_TAGS[node.id], "!"):
            self._report("Q007", node, f"the tag {_tag_text(node.tag)} is not allowed", "delete it")
        self._seen.add(id(node))
        if isinstance(node, yaml.ScalarNode):
            if node.style == '"' and _ESCAPED.search(node.value):
                message = "a backslash in double quotes made an invisible character of the text"
                self._report("Q005", node, message, "use single quotes, which keep backslashes")
            return str(node.value)
        if isinstance(node, yaml.SequenceNode):
            return [self.read(entry, depth + 1) for entry in node.value]
        return self._read_mapping(node, depth)

    def _read_mapping(self, node: yaml.Node, depth: int) -> Data:
        data: dict[str, Data] = {}
        first: dict[str, yaml.Node] = {}
        for name, value in node.value:
            if not isinstance(name, yaml.ScalarNode):
                message = "a list or mapping stands where a name should be"
                self._report("Q009", name, message, "put a text that begins with {{ or [ into quotes")
                continue
            if name.value in first:
                earlier = first[name.value].start_mark.line + 1
                message = f'the key "{name.value}" stands here for the second time (first on line {earlier})'
                self._report("Q008", name, message, "delete or rename one of the two")
                self.read(value, depth + 1)
                continue
            first[name.value] = name
            data[name.value] = self.read(value, depth + 1)
        return data

    def _report(self, code: str, node: yaml.Node, message: str, remedy: str) -> None:
        start, end = node.start_mark, node.end_mark
        length = end.column - start.column if end.line == start.line else 1
        place = Place(self.source.path, start.line + 1, start.column + 1, max(1, length))
        self.findings.append(self.source.finding(code, message, remedy, place))

    def _report_aliases(self) -> None:
        """Aliases are refused: a few lines of them can stand for billions of values."""
        if self.aliases:
            return
        self.aliases = True
        for event in yaml.parse(self.source.text, Loader=_Loader):
            if isinstance(event, yaml.AliasEvent):
                place = _place_of(self.source, event.start_mark)
                place = msgspec.structs.replace(place, length=len(event.anchor) + 1)
                message = f"the alias *{event.anchor} repeats something written elsewhere"
                self.findings.append(self.source.finding("Q006", message, "write it out", place))
                if len(self.findings) >= 5:
                    return


def _tag_text(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!")
