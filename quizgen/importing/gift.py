"""GIFT: Moodle's plain text format, as Moodle writes it and as people type it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from html import unescape

import msgspec

from quizgen.findings import Finding, FindingsError, Place
from quizgen.importing import known_answers, own_marks
from quizgen.importing.choices import Option, multiple_answer, single_choice
from quizgen.importing.contract import MOST_QUESTIONS, Data, Imported, Lost, NotCarried, Notes, Question, Reader, Wrong
from quizgen.importing.html_text import line_of_html, markdown_of, plain_markdown
from quizgen.importing.markdown import clean, slug
from quizgen.importing.number_answers import NumberAnswer, number_key
from quizgen.importing.shares import exact_number, percent
from quizgen.importing.text_answers import TextAnswer, word_key

_SPECIAL = "~=#{}:"
_HIDDEN = {sign: chr(0xE000 + index) for index, sign in enumerate("\\" + _SPECIAL)}
_BACK = {ord(mark): sign for sign, mark in _HIDDEN.items()}
_FORMAT = re.compile(r"\A\s*\[(html|markdown|moodle|plain)\]", re.IGNORECASE)
_ID = re.compile(r"\[id:([^\]]{1,200})\]")
_TAG = re.compile(r"\[tag:([^\]]{1,200})\]")
_TRUTH = {"T": "true", "TRUE": "true", "F": "false", "FALSE": "false"}


class _Block(msgspec.Struct, frozen=True):
    """A question as it stands: its text without comments, and what the comments before it say."""

    text: str
    line: int
    id: str = ""
    tags: tuple[str, ...] = ()


class _Answer(msgspec.Struct, frozen=True):
    """mark: ``=``, ``~`` or ``""``; share: None if the answer says none."""

    mark: str
    share: Fraction | None
    text: str
    feedback: str


class _Read(msgspec.Struct, frozen=True):
    """A question while it is read. own: where it comes from, if we wrote it.

    language, unit: as our own words beside it say. known: entries of our list of known wrong answers, as HTML.
    """

    place: Place
    name: str
    format: str
    notes: Notes
    block: _Block
    own: own_marks.Origin | None = None
    language: str = ""
    unit: str = ""
    known: tuple[str, ...] = ()

    def line(self, text: str) -> str:
        return line_of_html(_html(text, self.format), self.notes)

    def feedback(self, text: str) -> tuple[str, str]:
        """(feedback, misconception): if it is our own words about one, the misconception says it all."""
        html = _html(text, self.format) if text else ""
        found = own_marks.belief_of(html, self.language) if self.own and html else ""
        return ("", found) if found else (line_of_html(html, self.notes), "")

    def believed(self, html: str) -> str:
        """The misconception of ours whose words these are, "" if they are none."""
        return own_marks.belief_of(html, self.language) if html else ""


def read(name: str, data: bytes) -> Imported:
    """The questions of a file. Raises FindingsError if it is no UTF-8 text."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data[: problem.start].count(b"\n") + 1
        message = f"byte 0x{data[problem.start]:02x} is not UTF-8"
        raise FindingsError(
            [Finding(Place(name, line), "Q004", message, "save the file with the encoding UTF-8")]
        ) from None
    questions: list[Question] = []
    lost: list[Lost] = []
    for block in _blocks(clean(text.replace("\r\n", "\n").replace("\r", "\n"))):
        place = Place(name, block.line)
        if len(questions) + len(lost) >= MOST_QUESTIONS:
            lost.append(Lost(place, "", "Q812", f"only {MOST_QUESTIONS:,} are read"))
            break
        title, body, format_ = _titled(_hidden(block.text))
        shown = title or " ".join(_opened(body.split("{")[0]).split())[:60]
        read = _Read(place, shown, format_, Notes(place, shown), block)
        try:
            questions.append(_question(read, body, title))
        except NotCarried as problem:
            lost.append(problem.lost(place, shown))
            continue
        lost += read.notes.lost()
    return Imported(tuple(questions), tuple(lost))


def _blocks(text: str) -> Iterator[_Block]:
    """Questions stand apart by blank lines; categories and comments are no part of them."""
    lines: list[str] = []
    first, id_, tags = 0, "", []
    for number, line in enumerate((*text.split("\n"), ""), 1):
        bare = line.strip()
        if bare.startswith("//"):
            id_ = found[1].strip() if (found := _ID.search(bare)) else id_
            tags += [tag.strip() for tag in _TAG.findall(bare)]
        elif bare.startswith("$CATEGORY:"):
            continue
        elif bare:
            first = first or number
            lines.append(line)
        elif lines:
            yield _Block("\n".join(lines), first, id_, tuple(tags))
            lines, first, id_, tags = [], 0, "", []


def _hidden(text: str) -> str:
    r"""The text with escaped signs hidden, so that those that are left have a meaning; ``\n`` is a new line."""
    text = re.sub(r"\\([\\~=#{}:])", lambda found: _HIDDEN[found[1]], text)
    return re.sub(r"\\n", "\n", text)


def _opened(text: str) -> str:
    return text.translate(_BACK)


def _titled(text: str) -> tuple[str, str, str]:
    """(title, the rest, format of the text)."""
    title = ""
    if found := re.match(r"\s*::(.*?)::", text, re.DOTALL):
        title, text = " ".join(_opened(found[1]).split()), text[found.end() :]
    format_ = ""
    if found := _FORMAT.match(text):
        format_, text = found[1].lower(), text[found.end() :]
    return title, text.strip(), format_


def _question(read: _Read, body: str, title: str) -> Question:
    start, end = body.find("{"), body.rfind("}")
    if start < 0:
        raise NotCarried("a description asks nothing")
    if end < start:
        raise NotCarried("the brace before the answers is not closed", broken=True)
    before, inside, after = body[:start].strip(), body[start + 1 : end].strip(), body[end + 1 :].strip()
    if "{" in inside or "}" in inside:
        raise NotCarried(
            "there is more than one pair of braces; a blank line stands between two questions, and a brace of the text "
            "is written \\{",
            broken=True,
        )
    inside, general = _general(inside)
    read, stem, general = _own(
        read, _html(f"{before} ____ {after}".strip() if after else before, read.format), _html(general, read.format)
    )
    question = _answered(read, inside)
    text = markdown_of(stem, read.notes)
    if not text:
        raise NotCarried("the question has no text", broken=True)
    said = "\n\n".join(filter(None, (markdown_of(general, read.notes), question.solution)))
    named = {"title": title, "id": slug(read.block.id), "tags": _slugs(read.block.tags)}
    if read.own is not None:
        named = own_marks.identity(read.own)
        named["title"] = own_marks.title_of(title, read.own.code)
    return msgspec.structs.replace(question, stem=text, solution=said, language=read.language, **named)


def _slugs(tags: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(slug, tags))))


def _own(read: _Read, stem: str, general: str) -> tuple[_Read, str, str]:
    """What our own export wrote beside a question, taken off its text and general feedback (both HTML)."""
    own, general = own_marks.origin_of(general, read.block.id, list(read.block.tags))
    if own is None:
        return read, stem, general
    everything = stem + general + _html(read.block.text, read.format)
    general, known = own_marks.without_known_answers(general)
    stem, unit, language = own_marks.without_instructions(stem, own.code)
    language = own_marks.language_of(everything) or language
    return msgspec.structs.replace(read, own=own, language=language, unit=unit, known=known), stem, general


def _general(inside: str) -> tuple[str, str]:
    """The answers without the feedback for all of them, and that feedback."""
    before, mark, after = inside.partition("####")
    return (before.strip(), after.strip()) if mark else (inside, "")


def _html(text: str, format_: str) -> str:
    """A text as HTML. Plain text may hold HTML as well: Moodle shows it so."""
    text, said = _formatted(text, format_)
    text = _opened(text)
    if said == "markdown":
        from markdown_it import MarkdownIt

        return str(MarkdownIt("commonmark").enable("table").render(text))
    if said == "plain":
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>")
    if said == "html":
        return text
    paragraphs = re.split(r"\n\s*\n", text.strip())
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs) if len(paragraphs) > 1 else text


def _formatted(text: str, format_: str) -> tuple[str, str]:
    found = _FORMAT.match(text)
    return (text[found.end() :], found[1].lower()) if found else (text, format_)


# ---------------------------------------------------------------- answers


def _answered(read: _Read, inside: str) -> Question:
    if not inside:
        read.notes("there is no rubric; a line of it was made up")
        rubric: list[Data] = [{"points": "1", "text": "Answers the question."}]
        return Question(read.place, read.name, "essay", "", settings=(("rubric", rubric),))
    if inside.startswith("#"):
        return _numeric(read, inside[1:].strip())
    if found := re.fullmatch(r"(T|TRUE|F|FALSE)\s*(?:#(.*))?", inside, re.DOTALL | re.IGNORECASE):
        return _true_false(read, _TRUTH[found[1].upper()], found[2] or "")
    answers = list(_answers(inside))
    if not answers:
        raise NotCarried("the answers begin with neither = nor ~", broken=True)
    if all(answer.mark == "=" for answer in answers):
        if any("->" in answer.text for answer in answers):
            return _matching(read, answers)
        return _short(read, answers)
    return _choice(read, answers)


def _true_false(read: _Read, right: str, said: str) -> Question:
    wrong, *others = said.split("#")
    _, belief = read.feedback(wrong.strip())
    if any(part.strip() for part in others) or (wrong.strip() and not belief):
        read.notes("what is said about true and false is left out")
    settings: tuple[tuple[str, Data], ...] = (("wrong", belief),) if belief else ()
    return Question(read.place, read.name, "true-false", "", (right,), settings=settings)


def _answers(inside: str) -> Iterator[_Answer]:
    pieces = re.split(r"([=~])", inside)
    if pieces[0].strip():
        raise NotCarried(f"“{pieces[0].strip()[:30]}” stands before the first = or ~", broken=True)
    for mark, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        share = None
        if found := re.match(r"\s*%(-?\d{1,3}(?:\.\d{1,10})?)%", piece):
            share, piece = percent(found[1]), piece[found.end() :]
        text, _, feedback = piece.partition("#")
        yield _Answer(mark, share, text.strip(), feedback.strip())


def _choice(read: _Read, answers: list[_Answer]) -> Question:
    several = not any(answer.mark == "=" for answer in answers)
    options = []
    for answer in answers:
        share = answer.share if answer.share is not None else Fraction(answer.mark == "=")
        options.append(Option(read.line(answer.text), share, *read.feedback(answer.feedback)))
    if not several:
        return single_choice(read.place, read.name, options, read.notes)
    question = multiple_answer(read.place, read.name, options, read.notes, own=read.own is not None)
    return known_answers.with_omissions([question], read.known, read.believed, read.notes)[0]


def _short(read: _Read, answers: list[_Answer]) -> Question:
    texts = [
        TextAnswer(
            _opened(_formatted(answer.text, "")[0]),
            Fraction(1) if answer.share is None else answer.share,
            *read.feedback(answer.feedback),
        )
        for answer in answers
    ]
    words = word_key(texts, False, read.notes)
    return Question(
        read.place, read.name, "short-answer", "", (words.key,), words.wrong, words.accept, settings=words.settings
    )


def _matching(read: _Read, answers: list[_Answer]) -> Question:
    pairs: dict[str, str] = {}
    unused: list[str] = []
    for answer in answers:
        left, arrow, right = answer.text.partition("->")
        if not arrow:
            raise NotCarried("a pair of the matching has no ->", broken=True)
        left, right = read.line(left), " ".join(plain_markdown(unescape(_opened(right))).split())
        if not right:
            raise NotCarried("a pair of the matching has no right side", broken=True)
        if not left:
            unused.append(right)
        elif left in pairs or right in pairs.values():
            raise NotCarried("two left sides have the same answer, or are the same; our pairs are one to one")
        else:
            pairs[left] = right
        if answer.feedback:
            read.notes("what is said about a pair is left out")
    if len(pairs) < 2:
        raise NotCarried("a matching needs two pairs", broken=True)
    wrong = tuple(Wrong(text) for text in dict.fromkeys(unused) if text not in pairs.values())
    question = Question(read.place, read.name, "matching", "", wrong=wrong, pairs=tuple(pairs.items()))
    return known_answers.with_pairs(question, read.known, read.believed, read.notes)


def _numeric(read: _Read, inside: str) -> Question:
    if re.match(r"[=~]", inside):
        answers = list(_answers(inside))
    else:
        text, _, feedback = inside.partition("#")
        answers = [_Answer("=", None, text.strip(), feedback)]
    numbers = []
    for answer in answers:
        said = read.feedback(answer.feedback)
        if answer.mark == "~" and (not answer.text or answer.text == "*"):
            if any(said):
                read.notes("what is said about any other number is left out")
            continue
        share = answer.share if answer.share is not None else Fraction(answer.mark == "=")
        numbers.append(NumberAnswer(*_interval(answer.text), share, *said))
    key = number_key(numbers, read.notes)
    unit: tuple[tuple[str, Data], ...] = (("unit", read.unit),) if read.unit else ()
    return Question(read.place, read.name, "numeric", "", (key.value,), key.wrong, settings=(*key.settings, *unit))


def _interval(text: str) -> tuple[Fraction, Fraction]:
    """``3``, ``3:2`` and ``1..5`` as (middle, radius)."""
    text = _opened(text)
    if ".." in text:
        low, high = (exact_number(end) for end in text.split("..", 1))
        if low is None or high is None or low > high:
            raise NotCarried(f"“{text[:30]}” is no range of numbers", broken=True)
        return (low + high) / 2, (high - low) / 2
    value, _, tolerance = text.partition(":")
    middle, radius = exact_number(value), exact_number(tolerance or "0")
    if middle is None or radius is None:
        raise NotCarried(f"“{text[:30]}” is not a number", broken=True)
    return middle, abs(radius)


def _recognises(data: bytes) -> bool:
    head = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return head != b"<" and b"\0" not in data[:4000] and b"{" in data and b"}" in data


READER = Reader("gift", "GIFT", _recognises, read)
