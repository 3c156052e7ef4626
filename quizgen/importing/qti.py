"""QTI 2.1 and 3.0: single items and packages of them. Version 3.0 has the same elements with other names."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import msgspec

from quizgen.findings import FindingsError, Place
from quizgen.importing.contract import MOST_QUESTIONS, Imported, Lost, NotCarried, Notes, Question, Reader
from quizgen.importing.html_text import element_line, element_markdown
from quizgen.importing.markdown import clean, slug
from quizgen.importing.qti_kinds import READ, Reading
from quizgen.importing.qti_own import origins, own_of, rubric_settings, with_origin
from quizgen.importing.qti_package import MANIFEST, Package
from quizgen.importing.qti_scoring import keys_of
from quizgen.importing.qti_tree import attribute, children, descendants, first, name_of, normal
from quizgen.importing.safe_xml import parsed

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
    ours = {} if root is None else origins(root)
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
        if path in ours and len(item.questions) == 1:
            item = Imported((with_origin(item.questions[0], ours[path]),), item.lost)
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
    own = own_of(root, body)
    if own is not None and own.formula:
        rubric_settings(own, notes)
    keys = keys_of(root, attribute(interaction, "responseIdentifier"), notes)
    item = Reading(place, title, root, body, interaction, keys, notes, own)
    question = READ[kind](item)
    stem = _stem(item)
    if not stem:
        raise NotCarried("the item has no text", broken=True)
    solution, hints = _said(item)
    return msgspec.structs.replace(
        question,
        stem=stem,
        title=title.removeprefix(f"{own.code} ") if own else title,
        id=slug(root.get("identifier") or "") if not root.get("title") else "",
        language=(root.get("{http://www.w3.org/XML/1998/namespace}lang") or "").partition("-")[0].lower(),
        solution="\n\n".join(filter(None, (solution, question.solution))),
        hints=hints,
        points=keys.most if keys.most > 0 else Fraction(1),
    )


def _stem(item: Reading) -> str:
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


def _remove_feedback(item: Reading) -> None:
    for kind in ("feedbackBlock", "feedbackInline", "templateBlock", "templateInline", "printedVariable"):
        for element in list(descendants(item.body, kind)):
            item.notes(f"a {kind} inside the text is left out")
            element.getparent().remove(element)


def _said(item: Reading) -> tuple[str, tuple[str, ...]]:
    """The solution and hints among the feedbacks that are shown after an answer."""
    solution: list[str] = []
    hints: list[str] = []
    for feedback in children(item.root, "modalFeedback"):
        name = (feedback.get("identifier") or "").lower()
        text = element_markdown(_content(feedback), item.notes)
        if not text or feedback in item.keys.used:
            continue
        if item.own and attribute(feedback, "outcomeIdentifier") == "HINT":
            hints.append(element_line(_content(feedback), item.notes))
        elif re.search("solution|general|explan|loesung", name):
            solution.append(text)
        else:
            item.notes("a feedback that depends on the answer is left out")
    return "\n\n".join(solution), tuple(hints)


def _content(feedback: Any) -> Any:
    body = first(feedback, "contentBody")
    return feedback if body is None else body


def _recognises(head: bytes) -> bool:
    return bool(re.search(rb"<(?:\w+:)?(?:qti-)?assessment-?[iI]tem[\s>]", head))


def _is_zip(head: bytes) -> bool:
    return head.startswith(b"PK\x03\x04")


READER = Reader("qti", "QTI 2.1 or 3.0", _recognises, read)
PACKAGE = Reader("qti-package", "QTI package", _is_zip, read_package)
