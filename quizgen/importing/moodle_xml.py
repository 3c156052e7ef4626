"""Moodle XML: what Moodle exports, what others write for it, and what we write ourselves."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from html import unescape
from typing import Any

import msgspec

from quizgen.findings import Place
from quizgen.importing import known_answers, own_marks
from quizgen.importing.choices import Option, multiple_answer, single_choice
from quizgen.importing.contract import MOST_QUESTIONS, Data, Imported, Lost, NotCarried, Notes, Question, Reader, Wrong
from quizgen.importing.html_text import element_line, line_of_html, markdown_of, plain_markdown
from quizgen.importing.markdown import clean, slug
from quizgen.importing.moodle_cloze import gap_parts, gaps_of, with_gaps
from quizgen.importing.number_answers import NumberAnswer, number_key
from quizgen.importing.safe_xml import parsed
from quizgen.importing.shares import exact_number, percent
from quizgen.importing.text_answers import TextAnswer, word_key
from quizgen.importing.yaml_writing import number

_NOT_CARRIED = {
    "calculated": "a calculated question draws its numbers from a data set of Moodle's",
    "calculatedmulti": "a calculated choice draws its numbers from a data set of Moodle's",
    "calculatedsimple": "a calculated question draws its numbers from a data set of Moodle's",
    "description": "a description asks nothing",
    "ddwtos": "drag and drop into text is none of our kinds",
    "ddimageortext": "drag and drop onto a picture is none of our kinds",
    "ddmarker": "drag and drop of markers is none of our kinds",
    "gapselect": "the selection of missing words is none of our kinds",
    "formulas": "a question of the plug-in “formulas” computes its key in a language of its own",
    "stack": "a STACK question computes its key with Maxima",
    "coderunner": "a CodeRunner question runs programs",
    "randomsamatch": "a random matching is made of other questions",
    "random": "a random question stands for others",
    "pmatch": "a question of the plug-in “pmatch” has patterns as its key",
    "regexp": "a question of the plug-in “regexp” has patterns as its key",
}


class _Read(msgspec.Struct, frozen=True):
    """One question while it is read. stem: HTML or text as it is asked; said: HTML of a field as one of our lines."""

    element: Any
    type: str
    place: Place
    name: str
    stem: str
    notes: Notes
    own: own_marks.Origin | None
    language: str
    unit: str
    known: tuple[str, ...]

    def text(self, tag: str) -> str:
        return _child_text(self.element, tag)

    def line(self, element: Any) -> str:
        return line_of_html(_as_html(element), self.notes)

    def feedback(self, element: Any, several: bool = False) -> tuple[str, str]:
        """(feedback, misconception): if it is our own words about one, the misconception says it all.

        several: it may be about several misconceptions, whose ids are then joined by a space.
        """
        html = _as_html(element.find("feedback")) if element.find("feedback") is not None else ""
        return self.belief(html, several)

    def belief(self, html: str, several: bool = False) -> tuple[str, str]:
        found = own_marks.belief_of(html, self.language, several) if self.own and html else ""
        return ("", found) if found else (line_of_html(html, self.notes), "")

    def believed(self, html: str) -> str:
        """The misconception of ours whose words these are, "" if they are none."""
        return self.belief(html)[1]


def read(name: str, data: bytes) -> Imported:
    """The questions of a file. Raises FindingsError if it is no XML."""
    root = parsed(name, data)
    questions: list[Question] = []
    lost: list[Lost] = []
    for element in root.iterchildren("question"):
        if len(questions) + len(lost) >= MOST_QUESTIONS:
            lost.append(Lost(Place(name, element.sourceline or 0), "", "Q812", f"only {MOST_QUESTIONS:,} are read"))
            break
        if element.get("type") == "category":
            continue
        question, losses = _question(element, Place(name, element.sourceline or 0))
        questions += [question] if question is not None else []
        lost += losses
    return Imported(tuple(questions), tuple(lost))


def _question(element: Any, place: Place) -> tuple[Question | None, tuple[Lost, ...]]:
    title = " ".join(clean(_child_text(element, "name")).split())
    notes = Notes(place, title)
    type_ = (element.get("type") or "").strip().lower()
    try:
        if type_ in _NOT_CARRIED or type_ not in _KINDS:
            raise NotCarried(_NOT_CARRIED.get(type_, f"Moodle's type “{type_[:40]}” is none of our kinds"))
        return _carried(element, type_, place, title, notes), notes.lost()
    except NotCarried as problem:
        return None, (problem.lost(place, title),)


def _carried(element: Any, type_: str, place: Place, name: str, notes: Notes) -> Question:
    title = name
    tags = [" ".join(_text(tag).split()) for tag in element.iterfind("tags/tag")]
    general = _as_html(element.find("generalfeedback"))
    own, general = own_marks.origin_of(general, _child(element, "idnumber"), tags)
    html, unit, language = _as_html(element.find("questiontext")), "", ""
    known: tuple[str, ...] = ()
    if own is not None:
        general, known = own_marks.without_known_answers(general)
        html, unit, language = own_marks.without_instructions(html, own.code)
        everything = "".join(_as_html(field) for field in element if field.get("format") == "html")
        language = own_marks.language_of(everything) or language
        title = own_marks.title_of(title, own.code)
    read = _Read(element, type_, place, name, html, notes, own, language, unit, known)
    question = _KINDS[type_](read)
    if element.find(".//file") is not None:
        notes("files that come with the question are left out")
    for field in ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"):
        if not own_marks.usual_feedback(_as_html(element.find(field))):
            notes("words for right, partly right or wrong answers as a whole are left out")
    if element.find("single") is None and type_ == "multichoice":
        notes("the file does not say whether several options may be chosen; one is assumed")
    solution = markdown_of(general, notes)
    stem = question.stem or markdown_of(read.stem, notes)
    if not stem:
        raise NotCarried("the question has no text", broken=True)
    return msgspec.structs.replace(
        question,
        stem=stem,
        title=title,
        solution="\n\n".join(filter(None, (solution, question.solution))),
        hints=tuple(_hints(read)),
        points=_points(read),
        language=language,
        **_identity(read, tags),
    )


def _identity(read: _Read, tags: list[str]) -> dict[str, Any]:
    if read.own is None:
        concepts = tuple(dict.fromkeys(filter(None, map(slug, tags))))
        return {"tags": concepts, "id": slug(_child(read.element, "idnumber"))}
    return own_marks.identity(read.own)


def _points(read: _Read) -> Fraction:
    points = exact_number(_child(read.element, "defaultgrade") or "1")
    if points is None or points <= 0:
        read.notes("a question that is worth nothing is worth one point here")
        return Fraction(1)
    return points.limit_denominator(1000)


def _hints(read: _Read) -> Iterator[str]:
    fillers = set(own_marks.fillers()) if read.own and read.type == "ordering" else set()
    for hint in read.element.iterfind("hint"):
        html = _as_html(hint)
        if html.strip() not in fillers and (text := line_of_html(html, read.notes)):
            yield text


# ---------------------------------------------------------------- kinds


def _options(read: _Read) -> list[Option]:
    return [
        Option(read.line(answer), _share(answer), *read.feedback(answer)) for answer in read.element.iterfind("answer")
    ]


def _multichoice(read: _Read) -> Question:
    single = _child(read.element, "single").strip().lower() not in ("false", "0")
    if single:
        return single_choice(read.place, read.name, _options(read), read.notes)
    question = multiple_answer(read.place, read.name, _options(read), read.notes, own=read.own is not None)
    return known_answers.with_omissions([question], read.known, read.believed, read.notes)[0]


def _true_false(read: _Read) -> Question:
    right = ""
    settings: tuple[tuple[str, Data], ...] = ()
    for answer in read.element.iterfind("answer"):
        word, share = _text(answer).strip().lower(), _share(answer)
        if word not in ("true", "false"):
            raise NotCarried(f"“{word[:20]}” is neither true nor false", broken=True)
        right = word if share == 1 else right
        feedback, belief = read.feedback(answer)
        if belief and share < 1:
            settings = (("wrong", belief),)
        elif feedback:
            read.notes(f"what is said about the answer {word} is left out")
        if 0 < share < 1:
            read.notes(f"the answer {word} earns a part of the points there and none here")
    if not right:
        raise NotCarried("neither true nor false is right", broken=True)
    return Question(read.place, read.name, "true-false", "", (right,), settings=settings)


def _numerical(read: _Read) -> Question:
    answers = []
    for answer in read.element.iterfind("answer"):
        text, tolerance = _text(answer).strip(), exact_number(_child(answer, "tolerance") or "0")
        value, (feedback, belief) = exact_number(text), read.feedback(answer, several=True)
        if text == "*" and _share(answer) <= 0:
            if feedback:
                read.notes("what is said about any other number is left out")
            continue
        if value is None or tolerance is None:
            raise NotCarried(f"“{text[:30]}” is not a number with a tolerance that we can read", broken=True)
        answers.append(NumberAnswer(value, abs(tolerance), _share(answer), feedback, belief))
    key = number_key(answers, read.notes)
    settings = (*key.settings, *_unit(read))
    return Question(read.place, read.name, "numeric", "", (key.value,), key.wrong, settings=settings)


def _unit(read: _Read) -> Iterator[tuple[str, Data]]:
    units = [
        (" ".join(clean(_child(unit, "unit_name")).split()), exact_number(_child(unit, "multiplier") or "1"))
        for unit in read.element.iterfind("units/unit")
    ]
    plain = [name for name, factor in units if name and factor == 1]
    if len(units) > len(plain[:1]):
        read.notes("only the first unit is kept; numbers in other units are not converted")
    if _child(read.element, "unitgradingtype") not in ("", "0"):
        read.notes("points are taken away there for a missing or wrong unit, not here")
    if unit := read.unit or (plain[0] if plain else ""):
        yield "unit", unit


def _short_answer(read: _Read) -> Question:
    answers = [
        TextAnswer(_text(answer), _share(answer), *read.feedback(answer)) for answer in read.element.iterfind("answer")
    ]
    words = word_key(answers, _child(read.element, "usecase").strip() == "1", read.notes)
    return Question(
        read.place, read.name, "short-answer", "", (words.key,), words.wrong, words.accept, settings=words.settings
    )


def _matching(read: _Read) -> Question:
    pairs: dict[str, str] = {}
    unused: list[str] = []
    for entry in read.element.iterfind("subquestion"):
        left, right = read.line(entry), plain_markdown(unescape(_child_text(entry, "answer")))
        if left and right:
            if left in pairs or right in pairs.values():
                raise NotCarried("two left sides have the same answer, or are the same; our pairs are one to one")
            pairs[left] = " ".join(right.split())
        elif right:
            unused.append(" ".join(right.split()))
    if len(pairs) < 2:
        raise NotCarried("a matching needs two pairs", broken=True)
    wrong = [Wrong(text) for text in dict.fromkeys(unused) if text not in pairs.values()]
    question = Question(read.place, read.name, "matching", "", wrong=tuple(wrong), pairs=tuple(pairs.items()))
    return known_answers.with_pairs(question, read.known, read.believed, read.notes)


def _ordering(read: _Read) -> Question:
    entries = [read.line(answer) for answer in read.element.iterfind("answer")]
    entries = [entry for entry in entries if entry]
    if len(set(entries)) < 2 or len(set(entries)) < len(entries):
        raise NotCarried("an order needs two entries, and different ones", broken=True)
    grading = _child(read.element, "gradingtype").strip().upper()
    settings: tuple[tuple[str, Data], ...] = ()
    if grading in ("ALL_OR_NOTHING", "-1"):
        settings = (("scoring", "all-or-nothing"),)
    elif grading not in ("ABSOLUTE_POSITION", "0", ""):
        read.notes("neighbours that are in order earn points there; here an entry at its place does")
    question = Question(read.place, read.name, "ordering", "", tuple(entries), settings=settings)
    return known_answers.with_orders(question, read.known, read.believed, read.notes)


def _essay(read: _Read) -> Question:
    info = read.element.find("graderinfo")
    html = _as_html(info)
    if read.own and any(words("graded-on-return") in html for words in own_marks.languages()):
        raise NotCarried("a formula is marked by its expression, of which Moodle keeps only words")
    rubric: list[Data] = []
    if read.own and html:
        from lxml import html as lxml_html

        lines = own_marks.rubric_of(lxml_html.fragment_fromstring(html, create_parent="div"))
        rubric = [{"points": points, "text": element_line(entry, read.notes)} for points, entry in lines]
    if not rubric:
        asked = line_of_html(html, read.notes)
        if not asked:
            read.notes("there is no rubric; a line of it was made up")
        rubric = [{"points": number(_points(read)), "text": asked or "Answers the question."}]
    settings: list[tuple[str, Data]] = [("rubric", rubric)]
    least, most = (exact_number(_child(read.element, f"{end}wordlimit") or "0") for end in ("min", "max"))
    if least or most:
        first, last = int(least or 0), int(most or 0)
        settings.append(("words", [str(first), str(last or max(first, 100_000))]))
    if _child(read.element, "responsetemplate").strip():
        read.notes("the text that an answer begins with is left out")
    if _child(read.element, "attachments").strip() not in ("", "0"):
        read.notes("files cannot be handed in")
    return Question(read.place, read.name, "essay", "", settings=tuple(settings))


def _cloze(read: _Read) -> Question:
    html, gaps = gaps_of(read.stem)
    if not gaps:
        raise NotCarried("no gap of the text can be read", broken=True)
    sections = own_marks.parts_of(html, len(gaps)) if read.own else None
    named = list(gap_parts(gaps, read.place, read.notes, read.belief, below=sections is not None))
    parts = known_answers.with_omissions([part for _, part in named], read.known, read.believed, read.notes)
    if sections is None:
        html, units = own_marks.units_behind_gaps(html) if read.own else (html, {})
        parts = [_with_unit(read, part, units.get(number, "")) for number, part in enumerate(parts, 1)]
        stem = with_gaps(markdown_of(html, read.notes), len(gaps))
        if stem.count("{{ gap.g") < len(gaps):
            raise NotCarried("a gap stands where no answer can be given", broken=True)
    else:
        stem = markdown_of(sections[0], read.notes)
        parts = [_below(read, part, *section) for part, section in zip(parts, sections[1], strict=True)]
    ids = [name for name, _ in named]
    kind = "cloze" if sections is None else "parts"
    return Question(read.place, read.name, kind, stem, parts=tuple(zip(ids, parts, strict=True)))


def _below(read: _Read, part: Question, prompt: str, unit: str) -> Question:
    """A part that stands below the stem, with its prompt and the unit behind its field."""
    return msgspec.structs.replace(_with_unit(read, part, unit), stem=markdown_of(prompt, read.notes))


def _with_unit(read: _Read, part: Question, unit: str) -> Question:
    if not unit or part.kind != "numeric":
        return part
    settings = (*part.settings, ("unit", own_marks.unit_named(unit, read.language)))
    return msgspec.structs.replace(part, settings=settings)


_KINDS: dict[str, Callable[[_Read], Question]] = {
    "multichoice": _multichoice,
    "truefalse": _true_false,
    "numerical": _numerical,
    "shortanswer": _short_answer,
    "matching": _matching,
    "match": _matching,
    "ordering": _ordering,
    "essay": _essay,
    "cloze": _cloze,
    "multianswer": _cloze,
}


# ---------------------------------------------------------------- fields


def _text(element: Any) -> str:
    """What stands in the ``<text>`` of an element, or in the element itself; HTML that is not escaped counts."""
    inner = element.find("text")
    found = element if inner is None else inner
    if inner is None or not len(found):
        return found.text or ""
    from lxml import etree

    return (found.text or "") + "".join(etree.tostring(child, encoding="unicode") for child in found)


def _child(element: Any, tag: str) -> str:
    found = element.find(tag)
    return "" if found is None else _text(found).strip()


def _child_text(element: Any, tag: str) -> str:
    found = element.find(tag)
    return "" if found is None else _text(found)


def _share(answer: Any) -> Fraction:
    found = percent(answer.get("fraction") or "0")
    if found is None or abs(found) > 1:
        raise NotCarried(f"“{(answer.get('fraction') or '')[:20]}” is no share of the points", broken=True)
    return found


def _as_html(element: Any) -> str:
    """The text of a field as HTML, whatever format it says."""
    if element is None:
        return ""
    text, format_ = _text(element), element.get("format", "html")
    if format_ == "markdown":
        from markdown_it import MarkdownIt

        return str(MarkdownIt("commonmark").enable("table").render(text))
    if format_ in ("plain_text", "moodle_auto_format"):
        if format_ == "plain_text":
            text = text.replace("&", "&amp;").replace("<", "&lt;")
        paragraphs = re.split(r"\n\s*\n", text.strip().replace("\r\n", "\n"))
        if len(paragraphs) > 1 or "\n" in paragraphs[0]:
            return "".join(f"<p>{paragraph.replace(chr(10), '<br>')}</p>" for paragraph in paragraphs)
    return text


def _recognises(head: bytes) -> bool:
    return bool(re.search(rb"<quiz[\s>]", head))


READER = Reader("moodle-xml", "Moodle XML", _recognises, read)
