"""The file of sentences as it is written: YAML nodes to raw entries, each with its place for findings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from quizgen.findings import Finding, Place

if TYPE_CHECKING:
    import yaml

FIELDS = ("text", "topic", "source", "mask")
LARGEST_FILE = 4_000_000
"""Characters. A corpus of sentences is far smaller; anything larger is a mistake."""


class Located(msgspec.Struct, frozen=True):
    """A text and where it stands."""

    text: str
    place: Place
    source_line: str = ""

    def finding(self, code: str, message: str, remedy: str) -> Finding:
        return Finding(self.place, code, message, remedy, source_line=self.source_line)


class RawMask(msgspec.Struct, frozen=True):
    """One line under ``mask``; position 0 if it cannot be read."""

    head: Located
    position: int
    word: str
    tag: str
    fillers: tuple[str, ...]


class RawSentence(msgspec.Struct, frozen=True):
    """A sentence before it is checked. broken: something of it could not be read and is already reported."""

    id: Located
    text: Located
    language: str
    topic: str
    source: str
    mask: tuple[RawMask, ...]
    broken: bool

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(self.text.text.split())


def read_file(file: str, text: str) -> tuple[tuple[RawSentence, ...], tuple[Finding, ...]]:
    """The raw sentences of one file and what could not be read."""
    reader = _Reader(file, text)
    return tuple(reader.sentences()), tuple(reader.findings)


class _Reader:
    def __init__(self, file: str, text: str) -> None:
        self._file, self._text, self._lines = file, text, text.splitlines()
        self.findings: list[Finding] = []

    def sentences(self) -> Iterator[RawSentence]:
        root = self._compose()
        if root is None:
            return
        top = self._mapping(root, "the file", ("language", "sentences"))
        language = self._scalar(top.get("language"), "en")
        if "sentences" not in top:
            self._report(
                self._at(root, ""), "S002", "the file has no 'sentences'", "add a mapping of names to sentences"
            )
            return
        for name, (key, value) in self._pairs(top["sentences"], "'sentences'").items():
            before = len(self.findings)
            fields = self._mapping(value, f"sentence {name!r}", FIELDS)
            if "text" not in fields:
                self._report(key, "S002", f"sentence {name!r} has no 'text'", "write its words under 'text'")
            words = self._located(fields.get("text"), key)
            mask = tuple(self._mask(head, node) for head, node in self._mask_lines(fields.get("mask")))
            topic, source = self._scalar(fields.get("topic")), self._scalar(fields.get("source"))
            broken = len(self.findings) > before or not key.text
            yield RawSentence(key, words, language, topic, source, mask, broken)

    def _compose(self) -> yaml.Node | None:
        import yaml

        whole = Located("", Place(self._file))
        if len(self._text) > LARGEST_FILE:
            self._report(whole, "S001", f"the file has {len(self._text)} characters", "split it into smaller files")
            return None
        try:
            root: yaml.Node | None = yaml.compose(self._text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            where = self._marked("", mark.line, mark.column) if mark else whole
            self._report(where, "S001", f"this is not YAML: {error.problem}", "mend the line or the one above it")
            return None
        except (yaml.YAMLError, RecursionError):
            self._report(whole, "S001", "this cannot be read as YAML", "look for control characters and deep nesting")
            return None
        if root is None:
            self._report(whole, "S002", "the file is empty", "write 'sentences:' with at least one sentence")
        return root

    def _report(self, where: Located, code: str, message: str, remedy: str) -> None:
        self.findings.append(where.finding(code, message, remedy))

    def _marked(self, text: str, line: int, column: int) -> Located:
        source_line = self._lines[line] if line < len(self._lines) else ""
        return Located(text, Place(self._file, line + 1, column + 1, max(1, len(text))), source_line)

    def _at(self, node: yaml.Node, text: str) -> Located:
        return self._marked(text, node.start_mark.line, node.start_mark.column)

    def _pairs(self, node: yaml.Node, what: str) -> dict[str, tuple[Located, yaml.Node]]:
        """The entries of a mapping by key; reports other nodes, keys that are no text, and repeated keys."""
        import yaml

        self._refuse_tag(node)
        if not isinstance(node, yaml.MappingNode):
            self._report(self._at(node, ""), "S002", f"{what} is not a mapping", "write 'key: value' lines")
            return {}
        pairs: dict[str, tuple[Located, yaml.Node]] = {}
        for key_node, value in node.value:
            key = self._located(key_node, self._at(node, ""))
            if key.text in pairs:
                self._report(key, "S003", f"{key.text!r} stands twice in {what}", "keep one of them")
            pairs.setdefault(key.text, (key, value))
        return pairs

    def _refuse_tag(self, node: yaml.Node) -> None:
        """Nothing is built from tags, so one that asks for it (``!!python/object``) is a mistake."""
        kind = node.tag.removeprefix("tag:yaml.org,2002:")
        if not kind.isalpha():
            self._report(self._at(node, ""), "S006", f"the tag {kind!r} has no meaning here", "leave it out")

    def _mapping(self, node: yaml.Node, what: str, allowed: tuple[str, ...]) -> dict[str, yaml.Node]:
        pairs = self._pairs(node, what)
        for name, (key, _) in pairs.items():
            if name not in allowed:
                self._report(key, "S004", f"{what} has an unknown field {name!r}", f"use one of {', '.join(allowed)}")
        return {name: value for name, (_, value) in pairs.items()}

    def _located(self, node: yaml.Node | None, otherwise: Located) -> Located:
        import yaml

        if node is None:
            return Located("", otherwise.place, otherwise.source_line)
        self._refuse_tag(node)
        if not isinstance(node, yaml.ScalarNode):
            where = self._at(node, "")
            self._report(where, "S002", "a text is expected here, not a list or mapping", "write plain words")
            return where
        return self._at(node, str(node.value))

    def _scalar(self, node: yaml.Node | None, default: str = "") -> str:
        return self._located(node, Located("", Place(self._file))).text if node is not None else default

    def _mask_lines(self, node: yaml.Node | None) -> list[tuple[Located, yaml.Node]]:
        return [] if node is None else list(self._pairs(node, "'mask'").values())

    def _mask(self, head: Located, node: yaml.Node) -> RawMask:
        position, word, tag = [*head.text.split(), "", "", ""][:3]
        if len(head.text.split()) != 3 or not (position.isascii() and position.isdigit() and len(position) < 4):
            remedy = "write the position, the word and its tag, such as '2 early ADJ'"
            self._report(head, "S005", f"{head.text!r} does not name a word", remedy)
            position = "0"
        fillers = tuple(self._located(node, head).text.split())
        return RawMask(head, int(position), word, tag, fillers)
