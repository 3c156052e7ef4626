"""What is wrong with a YAML text, in plain words: the parser's own words are for programmers."""

from __future__ import annotations

import re
from typing import Any

import yaml

from quizgen.findings import Finding, Place
from quizgen.source import Source

_QUOTE = 'put the text into quotes, or write it as a block after "|"'

_WORDS: tuple[tuple[str, str, str], ...] = (
    # a part of the parser's problem, what is wrong, what to do
    ("mapping values are not allowed", "a colon followed by a space stands inside an unquoted text", _QUOTE),
    (
        "could not find expected ':'",
        "this line is neither `name: value` nor part of a text",
        "add the colon, or indent it",
    ),
    (
        "did not find expected key",
        "this line does not belong to what stands above it",
        "check the indentation and the quotes",
    ),
    ("did not find expected '-'", "this line does not belong to the list above it", "indent it like the other entries"),
    ("block sequence entries are not allowed", "a list entry cannot stand here", "begin the list on a new line"),
    ("did not find expected ',' or ']'", "the list that begins with [ is not closed", "add a comma or the ]"),
    ("did not find expected ',' or '}'", "the mapping that begins with { is not closed", "add a comma or the }"),
    ("unexpected end of stream", "the quotes that open here are never closed", "close them"),
    ("unexpected document indicator", "the quotes that open before this line are never closed", "close them"),
    ("unknown escape character", "a backslash stands in double quotes", "use single quotes, which keep backslashes"),
    ("did not find expected hexdecimal number", "a backslash stands in double quotes", "use single quotes"),
    ("found undefined alias", "a text that begins with * is read as an alias", "put the text into quotes"),
    ("alphabetic or numeric character", "a text that begins with * or & needs quotes", "put the text into quotes"),
    ("comment or line break", "nothing may stand behind | or > on the same line", "begin the text on the next line"),
    ("while scanning for the next token", "a text cannot begin with this character", "put the text into quotes"),
    ("cannot start any token", "a text cannot begin with this character", "put the text into quotes"),
    ("document start", "the document ended before this line", "check the indentation, or separate documents by ---"),
    ("duplicate anchor", "two anchors have one name", "write the values out instead"),
)


def syntax_finding(source: Source, problem: yaml.YAMLError) -> Finding:
    """The finding for an error of the YAML parser, with its place."""
    mark: Any = getattr(problem, "problem_mark", None) or getattr(problem, "context_mark", None)
    said = str(getattr(problem, "problem", None) or problem)
    opened: Any = getattr(problem, "context_mark", None)
    if opened is not None and ("unexpected end of stream" in said or "expected ':'" in said):
        mark = opened
    if mark is None:
        return source.finding("Q012", "the file is not YAML", "check its quotes and indentation", Place(source.path))
    place = Place(source.path, mark.line + 1, mark.column + 1)
    if not source.line(place.line).strip() and place.line > 1:  # an error at the very end: show the last line
        last = max(number for number in range(1, place.line) if number == 1 or source.line(number).strip())
        place = Place(source.path, last, max(1, len(source.line(last))))
    line = source.line(place.line)
    if re.match(r"[ ]*\t", line):
        column = line.index("\t") + 1
        return source.finding("Q013", "a tab indents this line", "use spaces", Place(source.path, place.line, column))
    hole = re.search(r"(?:^|:|-)\s+(\{\{)", line)
    if hole:
        place = Place(source.path, place.line, hole.start(1) + 1, 2)
        return source.finding("Q012", "a text that begins with {{ needs quotes", _QUOTE, place)
    for part, message, remedy in _WORDS:
        if part in said or part in str(getattr(problem, "context", None)):
            return source.finding("Q012", message, remedy, place)
    return source.finding("Q012", f"the file is not YAML here ({said})", "check the quotes and the indentation", place)
