"""The author's texts of one template, each compiled once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NoReturn

from quizgen.content import line_of
from quizgen.findings import FindingsError, Severity

if TYPE_CHECKING:
    from quizgen.markup import CompiledBlocks, CompiledInline, Hole
    from quizgen.markup.compiler import MakeFinding
    from quizgen.misconceptions.words import Words
    from quizgen.template import Written
    from quizgen.template.written import TextByValue


class Texts:
    """Compiled Markdown by place; compiling is slow, filling is fast.

    words: of misconceptions, in the language. finding_in: makes the findings of a text. varying: the texts that depend
    on what was drawn.
    """

    def __init__(
        self,
        words: Callable[[], Mapping[str, Words]],
        finding_in: Callable[[Written], MakeFinding],
        language: str,
        varying: Iterable[TextByValue] = (),
    ) -> None:
        self.varying = {text.name: text for text in varying}
        self._load_words, self._finding_in, self._language = words, finding_in, language
        self._words: dict[tuple[str, ...], tuple[str, str, str]] = {}
        self._blocks: dict[str, CompiledBlocks] = {}
        self._inline: dict[str, CompiledInline] = {}
        self._lines: dict[str, str | None] = {}
        self._several: dict[int, tuple[tuple[Written, ...], tuple[str, ...] | None]] = {}

    def blocks(self, text: Written) -> CompiledBlocks:
        compiled = self._blocks.get(text.text)
        if compiled is None:
            from quizgen.markup import compile_blocks

            compiled = compile_blocks(text.text, self._finding_in(text), language=self._language)
            _refuse_errors(compiled)
            self._blocks[text.text] = compiled
        return compiled

    def words(self, misconceptions: tuple[str, ...]) -> tuple[str, str, str]:
        """(title, hint, feedback) of an answer that shows these misconceptions; several steps are numbered."""
        if misconceptions not in self._words:
            known = self._load_words()
            found = [known[name] for name in misconceptions if name in known]
            self._words[misconceptions] = (
                " + ".join(words.title for words in found),
                _steps([words.hint for words in found]),
                _steps([words.feedback for words in found]),
            )
        return self._words[misconceptions]

    def constant_lines(self, texts: tuple[Written, ...]) -> tuple[str, ...] | None:
        """Several texts as lines, the same tuple each time, if none of them has holes."""
        place = id(texts)
        kept = self._several.get(place)
        if kept is None or kept[0] is not texts:
            lines = [self.constant_line(text) for text in texts]
            constant = tuple([line for line in lines if line is not None])
            kept = self._several[place] = texts, constant if len(constant) == len(texts) else None
        return kept[1]

    def constant_line(self, text: Written) -> str | None:
        """The text as a line, if it has no holes."""
        if text.text not in self._lines:
            compiled = self.inline(text)
            self._lines[text.text] = None if compiled.holes else line_of(compiled.fill(_no_value))
        return self._lines[text.text]

    def inline(self, text: Written) -> CompiledInline:
        compiled = self._inline.get(text.text)
        if compiled is None:
            from quizgen.markup import compile_inline

            compiled = compile_inline(text.text, self._finding_in(text), language=self._language)
            _refuse_errors(compiled)
            self._inline[text.text] = compiled
        return compiled


def _refuse_errors(compiled: CompiledBlocks | CompiledInline) -> None:
    """A text with an error is never shown to learners. Raises FindingsError."""
    if errors := [finding for finding in compiled.findings if finding.severity is Severity.ERROR]:
        raise FindingsError(errors)


def _no_value(hole: Hole) -> NoReturn:
    raise AssertionError(f"a text without holes has the hole {hole}")


def _steps(texts: Sequence[str]) -> str:
    """What is said about an answer that takes several wrong steps.

    >>> _steps(["This."]), _steps(["This.", "That."])
    ('This.', '(1) This. (2) That.')
    """
    if len(texts) == 1:
        return texts[0]
    return " ".join(f"({number}) {text}" for number, text in enumerate(texts, 1))
