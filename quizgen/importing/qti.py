"""QTI 2.1 and 3.0: single items and packages of them. Version 3.0 has the same elements with other names."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import msgspec

from quizgen.findings import FindingsError, Place
from quizgen.importing.choices import Option, multiple_answer, single_choice
from quizgen.importing.contract import MOST_QUESTIONS, Data, Imported, Lost, NotCarried, Notes, Question, Reader, Wrong
from quizgen.importing.html_text import element_line, element_markdown
from quizgen.importing.markdown import clean, escaped_text, slug
from quizgen.importing.number_answers import NumberAnswer, number_key
from quizgen.importing.qti_package import MANIFEST, Package
from quizgen.importing.qti_scoring import Keys, keys_of, numeric_range
from quizgen.importing.qti_tree import children, descendants, first, name_of, normal
from quizgen.importing.safe_xml import parsed
from quizgen.importing.shares import exact_number, share
from quizgen.importing.text_answers import TextAnswer, word_key
from quizgen.importing.yaml_writing import number

_INTERACTIONS = {
    "choiceInteraction", "textEntryInteraction", "matchInteraction", "associateInteraction", "orderInteraction",
    "extendedTextInteraction", "inlineChoiceInteraction", "gapMatchInteraction", "hottextInteraction",
    "hotspotInteraction", "graphicGapMatchInteraction", "graphicOrderInteraction", "graphicAssociateInteraction",
    "selectPointInteraction", "positionObjectInteraction", "sliderInteraction", "drawingInteraction",
    "uploadInteraction", "mediaInteraction", "customInteraction", "portableCustomInteraction", "endAttemptInteraction",
}  # fmt: skip
_CARRIED = {
    "choiceInteraction",
    "textEntryInteraction",
    "matchInteraction",
    "orderInteraction",
    "extendedTextInteraction",
}
_TRUE = {"true", "richtig", "wahr", "vrai", "verdadero", "t"}
_FALSE = {"false", "falsch", "faux", "falso", "f"}


class _Item(msgspec.Struct, frozen=True):
    """One item while it is read. body: a copy of it, from which the interaction is taken out."""

    place: Place
    name: str
    root: Any
    body: Any
    interaction: Any
    keys: Keys
    notes: Notes


def read(name: str, data: bytes) -> Imported:
    """The item (or items) of an XML file. Raises FindingsError if it is no XML."""
    root = parsed(name, data)
    items = [root] if name_of(root) == "assessmentItem" else list(descendants(root, "assessmentItem"))
    return _read_all((name, item) for item in items)


def read_package(name: str, data: bytes) -> Imported:
    """The items of a package. Raises FindingsError if it cannot be opened safely."""
    package = Package(name, data)
    manifest = package.bytes_of(MANIFEST)
    root = None if manifest is None else parsed(f"{name}/{MANIFEST}", manifest)
    found = Imported()
    for path in package.items(root):
        shown = f"{name}/{path}"
        try:
            item = read(shown, package.bytes_of(path) or b"")
        except FindingsError as error:
            if error.findings[0].code == "Q802":
                raise
            problem = error.findings[0]
            item = Imported((), (Lost(problem.place, path, "Q812", problem.message),))
        found = Imported(found.questions + item.questions, found.lost + item.lost)
        if len(found.questions) + len(found.lost) >= MOST_QUESTIONS:
            lost = Lost(Place(shown), "", "Q812", f"only {MOST_QUESTIONS:,} are read")
            return Imported(found.questions, (*found.lost, lost))
    return found


def _read_all(items: Any) -> Imported:
    questions: list[Question] = []
    lost: list[Lost] = []
    for name, root in items:
        place = Place(name, root.sourceline or 0)
        title = " ".join(clean(root.get("title") or root.get("identifier") or "").split())
        notes = Notes(place, title)
        try:
            questions.append(_question(root, place, title, notes))
            lost += notes.lost()
        except NotCarried as problem:
            lost.append(problem.lost(place, title))
    return Imported(tuple(questions), tuple(lost))


def _question(root: Any, place: Place, title: str, notes: Notes) -> Question:
    body = first(root, "itemBody")
    if body is None:
        raise NotCarried("the item has no body", broken=True)
    found = [element for element in body.iter() if normal(name_of(element)) in _INTERACTIONS]
    if not found:
        raise NotCarried("the item asks nothing")
    kind = name_of(found[0])
    if kind not in _CARRIED:
        raise NotCarried(f"a {kind} is none of our kinds")
    if len(found) > 1:
        raise NotCarried(f"the item has {len(found)} interactions; one question asks for one answer")
    interaction = found[0]
    keys = keys_of(root, interaction.get("responseIdentifier") or interaction.get("response-identifier") or "", notes)
    item = _Item(place, title, root, body, interaction, keys, notes)
    question = _READ[kind](item)
    stem = _stem(item)
    if not stem:
        raise NotCarried("the item has no text", broken=True)
    solution, hints = _said(item)
    return msgspec.structs.replace(
        question,
        stem=stem,
        title=title,
        id=slug(root.get("identifier") or "") if not root.get("title") else "",
        language=(root.get("{http://www.w3.org/XML/1998/namespace}lang") or "").partition("-")[0].lower(),
        solution="\n\n".join(filter(None, (solution, question.solution))),
        hints=hints,
        points=keys.most if keys.most > 0 else Fraction(1),
    )


def _stem(item: _Item) -> str:
    """The text of the body and the prompt of the interaction, without the interaction itself."""
    interaction, prompt = item.interaction, first(item.interaction, "prompt")
    asked = "" if prompt is None else element_markdown(prompt, item.notes)
    parent, tail = interaction.getparent(), interaction.tail or ""
    inline = name_of(interaction) == "textEntryInteraction"
    around = (tail + "".join(parent.itertext())).strip() if inline else ""
    before = interaction.getprevious()
    gap = "____" if inline and around else " "
    if before is not None:
        before.tail = (before.tail or "") + gap + tail
    else:
        parent.text = (parent.text or "") + gap + tail
    parent.remove(interaction)
    for rubric in list(descendants(item.body, "rubricBlock")):
        item.notes("a block for those who mark or take the test is left out")
        rubric.getparent().remove(rubric)
    _remove_feedback(item)
    return "\n\n".join(filter(None, (element_markdown(item.body, item.notes), asked)))


def _remove_feedback(item: _Item) -> None:
    for kind in ("feedbackBlock", "feedbackInline", "templateBlock", "templateInline", "printedVariable"):
        for element in list(descendants(item.body, kind)):
            item.notes(f"a {kind} inside the text is left out")
            element.getparent().remove(element)


def _said(item: _Item) -> tuple[str, tuple[str, ...]]:
    """The solution and hints among the feedbacks that are shown after an answer."""
    solution: list[str] = []
    for feedback in children(item.root, "modalFeedback"):
        name = (feedback.get("identifier") or "").lower()
        text = element_markdown(_content(feedback), item.notes)
        if not text or feedback in item.keys.used:
            continue
        if re.search("solution|general|explan|loesung", name):
            solution.append(text)
        else:
            item.notes("a feedback that depends on the answer is left out")
    return "\n\n".join(solution), ()


def _content(feedback: Any) -> Any:
    body = first(feedback, "contentBody")
    return feedback if body is None else body


# ---------------------------------------------------------------- kinds


def _choices(item: _Item, kind: str) -> dict[str, str]:
    """The options of an interaction by identifier, with feedback taken out of them."""
    found: dict[str, str] = {}
    for choice in list(descendants(item.interaction, kind)):
        for inner in list(descendants(choice, "feedbackInline")):
            item.keys.inline.setdefault(choice.get("identifier") or "", element_line(inner, item.notes))
            _cut(inner)
        found[choice.get("identifier") or ""] = element_line(choice, item.notes)
    return found


def _cut(element: Any) -> None:
    """Takes an element out and leaves the text behind it."""
    parent, before, tail = element.getparent(), element.getprevious(), element.tail or ""
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


def _choice(item: _Item) -> Question:
    texts, keys = _choices(item, "simpleChoice"), item.keys
    most = item.interaction.get("maxChoices") or item.interaction.get("max-choices") or "1"
    single = keys.cardinality == "single" or (most == "1" and len(keys.correct) == 1)
    best = max((value for _, value in keys.mapping), default=Fraction(0))
    mapped = dict(keys.mapping)
    options = []
    for id_, text in texts.items():
        earned = Fraction(id_ in keys.correct)
        if mapped:
            earned = share(mapped.get(id_, keys.default) / best) if best > 0 else Fraction(0)
        options.append(Option(text, earned, keys.inline.get(id_, "")))
    if single:
        if (truth := _truth(options)) and not any(0 < option.share < 1 or option.feedback for option in options):
            return Question(item.place, item.name, "true-false", "", (truth,))
        return single_choice(item.place, item.name, options, item.notes)
    return multiple_answer(item.place, item.name, _several(options, texts, item), item.notes)


def _truth(options: list[Option]) -> str:
    """Whether two options are the words for true and false, and which is right."""
    words = {option.text.strip().lower(): option for option in options}
    for word, option in words.items():
        others = [other for other in words if other != word]
        if len(others) == 1 and word in _TRUE and others[0] in _FALSE:
            return "true" if option.share == 1 else "false" if words[others[0]].share == 1 else ""
    return ""


def _several(options: list[Option], texts: dict[str, str], item: _Item) -> list[Option]:
    """Options of which each right one counts alike, with the shares that they have of the whole."""
    keys = item.keys
    right = [texts[id_] for id_ in keys.correct if id_ in texts] or [o.text for o in options if o.share > 0]
    each = Fraction(1, max(1, len(right)))
    if not keys.mapping:
        item.notes("all of the right options are needed there; here each counts")
        return [msgspec.structs.replace(o, share=each if o.text in right else -each) for o in options]
    mapped = dict(keys.mapping)
    total = sum(
        (mapped.get(id_, keys.default) for id_, text in texts.items() if text in right), Fraction(0)
    ) or Fraction(1)
    if keys.upper is not None and 0 < keys.upper < total:
        total = keys.upper
    return [
        msgspec.structs.replace(option, share=share(mapped.get(id_, keys.default) / total))
        for id_, option in zip(texts, options, strict=True)
    ]


def _entry(item: _Item) -> Question:
    keys = item.keys
    bounds = numeric_range(item.root, item.notes)
    if bounds is not None or (keys.base in ("float", "integer") and keys.correct):
        middle, radius = bounds or (_number(keys.correct[0]), Fraction(0))
        answers = [NumberAnswer(middle, radius, Fraction(1))]
        for value, earned in keys.shares:
            written = exact_number(value)
            if written is not None and earned < 1:
                answers.append(NumberAnswer(written, radius, earned))
        key = number_key(answers, item.notes)
        return Question(item.place, item.name, "numeric", "", (key.value,), key.wrong, settings=key.settings)
    found = dict(keys.shares)
    for text in keys.correct:
        found.setdefault(text, Fraction(1))
    texts = [TextAnswer(text.replace("*", r"\*"), earned) for text, earned in found.items()]
    words = word_key(texts, keys.case_sensitive, item.notes)
    return Question(
        item.place, item.name, "short-answer", "", (words.key,), words.wrong, words.accept, settings=words.settings
    )


def _number(text: str) -> Fraction:
    value = exact_number(text)
    if value is None:
        raise NotCarried(f"“{text[:30]}” is not a number", broken=True)
    return value


def _match(item: _Item) -> Question:
    sets = list(children(item.interaction, "simpleMatchSet"))
    if len(sets) != 2:
        raise NotCarried("a matching has two sets", broken=True)
    left, right = (
        {c.get("identifier") or "": element_line(c, item.notes) for c in descendants(part, "simpleAssociableChoice")}
        for part in sets
    )
    pairs = [tuple(pair.split()) for pair in item.keys.correct]
    if any(len(pair) != 2 or pair[0] not in left or pair[1] not in right for pair in pairs) or len(pairs) < 2:
        raise NotCarried("the right pairs are not pairs of the two sets, or fewer than two", broken=True)
    lefts, rights = {a for a, _ in pairs}, {b for _, b in pairs}
    if len(lefts) < len(pairs) or len(rights) < len(pairs):
        raise NotCarried("two left sides have the same answer, or one has two; our pairs are one to one")
    if set(left) - lefts:
        raise NotCarried("a left side has no answer")
    if len({value for _, value in item.keys.mapping if value > 0}) > 1:
        item.notes("right pairs have different shares there; here each counts alike")
    wrong = tuple(Wrong(text) for id_, text in right.items() if id_ not in rights)
    both = tuple((left[a], right[b]) for a, b in pairs)
    return Question(item.place, item.name, "matching", "", wrong=wrong, pairs=both)


def _order(item: _Item) -> Question:
    texts = _choices(item, "simpleChoice")
    order = [texts[id_] for id_ in item.keys.correct if id_ in texts]
    if len(order) < 2 or len(order) < len(texts):
        raise NotCarried("the right order does not name every entry", broken=True)
    settings: tuple[tuple[str, Data], ...] = (("scoring", "all-or-nothing"),) if not item.keys.mapping else ()
    return Question(item.place, item.name, "ordering", "", tuple(order), settings=settings)


def _essay(item: _Item) -> Question:
    if item.keys.correct and item.keys.base == "string" and not _lines(item.interaction):
        return _entry(item)
    item.notes("there is no rubric; a line of it was made up")
    points = number(item.keys.most if item.keys.most > 0 else Fraction(1))
    rubric: list[Data] = [{"points": points, "text": escaped_text("Answers the question.")}]
    return Question(item.place, item.name, "essay", "", settings=(("rubric", rubric),))


def _lines(interaction: Any) -> bool:
    return (interaction.get("expectedLines") or interaction.get("expected-lines") or "1") not in ("0", "1")


_READ = {
    "choiceInteraction": _choice,
    "textEntryInteraction": _entry,
    "matchInteraction": _match,
    "orderInteraction": _order,
    "extendedTextInteraction": _essay,
}


def _recognises(head: bytes) -> bool:
    return bool(re.search(rb"<(?:\w+:)?(?:qti-)?assessment-?[iI]tem[\s>]", head))


def _is_zip(head: bytes) -> bool:
    return head.startswith(b"PK\x03\x04")


READER = Reader("qti", "QTI 2.1 or 3.0", _recognises, read)
PACKAGE = Reader("qti-package", "QTI package", _is_zip, read_package)
