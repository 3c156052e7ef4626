"""The package around the items: the manifest, and a test that draws one item of each slot's pool."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from quizgen.archive import Archive
from quizgen.exporters.contract import Options
from quizgen.exporters.packaging import zipped
from quizgen.exporters.qti.content import xhtml_text
from quizgen.exporters.qti.items import Written, item_title, item_xml
from quizgen.exporters.qti.names import HERE, Version, identifier
from quizgen.exporters.rendering.html import escaped
from quizgen.exporters.rendering.text import printable
from quizgen.exporters.slot_by_slot import some_at_once
from quizgen.model import ItemLabel, Quiz, Section, Slot

MANIFEST, TEST = "imsmanifest.xml", "assessment.xml"
LOM = "http://ltsc.ieee.org/xsd/LOM"
FOLDER = "items"


def package(version: Version, path: str, archive: Archive, options: Options) -> Iterator[tuple[str, bytes]]:
    """(path, chunk) of the zip, whose files stand in the order of their names."""
    return zipped(path, _files(version, archive, options))


def _files(version: Version, archive: Archive, options: Options) -> Iterator[tuple[str, bytes]]:
    practice = archive.quiz.purpose == "practice"

    def write_one(slot: Slot, id_: str) -> bytes:
        item, key = archive.item(id_), archive.key(id_)
        return item_xml(Written(version, item, key, slot.points, practice, options.code_in_stem))

    def write_some(places: Sequence[tuple[Slot, str]]) -> list[tuple[str, bytes]]:
        return [(_path(id_), write_one(slot, id_)) for slot, id_ in places]

    for text in _test(version, archive.quiz):
        yield TEST, text.encode()
    for text in _manifest(version, archive):
        yield MANIFEST, text.encode()
    places = [(slot, id_) for slot in archive.quiz.slots for id_ in slot.pool]
    places.sort(key=lambda place: _path(place[1]))
    for items in some_at_once(places, write_some, options):
        yield from items


def _path(id_: str) -> str:
    return f"{FOLDER}/{identifier(id_)}.xml"


# ---------------------------------------------------------------- the manifest


def _manifest(version: Version, archive: Archive) -> Iterator[str]:
    quiz = archive.quiz
    yield (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<manifest xmlns="{version.package_namespace}" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:imsmd="{LOM}" '
        f'xsi:schemaLocation="{version.package_namespace} {version.package_schema}" '
        f'identifier="{identifier(quiz.id, "package-")}">\n'
        f"<metadata><schema>{version.schema_name}</schema><schemaversion>{version.schema_version}</schemaversion>"
        f"{_lom(identifier(quiz.id), _title(quiz), quiz.language)}</metadata>\n<organizations/>\n<resources>\n"
    )
    yield f'<resource identifier="test" type="{version.test_type}" href="{TEST}">\n<file href="{TEST}"/>\n'
    for slot in quiz.slots:
        yield "".join(f'<dependency identifierref="{_resource(id_)}"/>\n' for id_ in slot.pool)
    yield "</resource>\n"
    for slot in quiz.slots:
        for id_ in slot.pool:
            yield _item_resource(version, archive.label(id_))
    yield "</resources>\n</manifest>\n"


def _resource(id_: str) -> str:
    return identifier(id_, "item-")


def _item_resource(version: Version, item: ItemLabel) -> str:
    path = _path(item.id)
    keywords = (item.template, *item.concepts, *([f"bloom:{item.bloom}"] if item.bloom else ()))
    about = _lom(item.id, item_title(item), item.language, keywords, item.revision)
    return (
        f'<resource identifier="{_resource(item.id)}" type="{version.item_type}" href="{path}">\n'
        f'<metadata>{about}</metadata>\n<file href="{path}"/>\n</resource>\n'
    )


def _lom(id_: str, title: str, language: str, keywords: Iterable[str] = (), revision: str = "") -> str:
    """Metadata of learning objects: identifier, title, language, keywords, and the revision as version."""
    catalogue = "<imsmd:catalog>quizgen</imsmd:catalog>"
    general = f"<imsmd:identifier>{catalogue}<imsmd:entry>{escaped(id_)}</imsmd:entry></imsmd:identifier>"
    general += _lom_text("title", title)
    general += f"<imsmd:language>{escaped(language)}</imsmd:language>" if language else ""
    general += "".join([_lom_text("keyword", word) for word in keywords if word])
    life = f"<imsmd:lifeCycle>{_lom_text('version', revision)}</imsmd:lifeCycle>" if revision else ""
    return f"<imsmd:lom><imsmd:general>{general}</imsmd:general>{life}</imsmd:lom>"


def _lom_text(tag: str, words: str) -> str:
    return f"<imsmd:{tag}><imsmd:string>{escaped(words)}</imsmd:string></imsmd:{tag}>"


# ---------------------------------------------------------------- the test


def _title(quiz: Quiz) -> str:
    return " ".join(printable(quiz.title or quiz.id).split())


def _test(version: Version, quiz: Quiz) -> Iterator[str]:
    v = version
    practice = quiz.purpose == "practice"
    yield v.opening(
        "assessmentTest",
        identifier=identifier(quiz.id, "test-"),
        title=_title(quiz),
        toolName="quizgen",
        toolVersion=quiz.engine_version,
    )
    yield "\n" + _outcomes(v)
    if quiz.minutes:
        yield v.element("timeLimits", maxTime=60 * quiz.minutes) + "\n"
    yield _opened(v, "testPart", identifier="part", navigationMode="nonlinear", submissionMode="individual")
    yield v.element(
        "itemSessionControl",
        maxAttempts=0 if practice else 1,
        showFeedback=practice,
        showSolution=practice,
        allowReview=practice,
        allowSkipping=True,
    )
    about = {section.title: section for section in quiz.sections}
    for number, (title, slots) in enumerate(_sections(quiz), 1):
        yield "\n" + _opened(v, "assessmentSection", identifier=f"section-{number}", title=title, visible=True)
        yield _instructions(v, about.get(title))
        for slot in slots:
            yield from _slot(v, slot)
        yield f"</{v.tag('assessmentSection')}>"
    most = v.element("sum", v.element("testVariables", variableIdentifier="MAXSCORE"))
    earned = v.element("sum", v.element("testVariables", variableIdentifier="SCORE"))
    totals = v.element("setOutcomeValue", earned, identifier="SCORE")
    totals += v.element("setOutcomeValue", most, identifier="MAXSCORE")
    yield f"\n</{v.tag('testPart')}>\n{v.element('outcomeProcessing', totals)}\n</{v.tag('assessmentTest')}>\n"


def _opened(version: Version, name: str, **attributes: object) -> str:
    return version.element(name, "", **attributes).removesuffix("/>") + ">\n"


def _outcomes(version: Version) -> str:
    nothing = version.element("defaultValue", version.element("value", "0"))
    return "".join(
        version.element("outcomeDeclaration", nothing, identifier=name, cardinality="single", baseType="float") + "\n"
        for name in ("SCORE", "MAXSCORE")
    )


def _sections(quiz: Quiz) -> Iterator[tuple[str, list[Slot]]]:
    """Slots that follow each other under one heading; the title of the quiz where there is none."""
    title, slots = "", list[Slot]()
    for slot in quiz.slots:
        if slots and slot.section != title:
            yield title or _title(quiz), slots
            slots = []
        title = slot.section
        slots.append(slot)
    if slots:
        yield title or _title(quiz), slots


def _instructions(version: Version, section: Section | None) -> str:
    if section is None or not section.instructions:
        return ""
    text = f"<p>{xhtml_text(section.instructions)}</p>"
    inner = version.element("contentBody", text) if version.dashed else text
    use = "instructions" if version.dashed else None
    return version.element("rubricBlock", inner, view="candidate", use=use) + "\n"


def _slot(version: Version, slot: Slot) -> Iterator[str]:
    """A section that shows one of its items, which learner gets which is drawn by the player."""
    title = " ".join(printable(f"{slot.id} {slot.title}").split())
    yield _opened(version, "assessmentSection", identifier=identifier(slot.id, "slot-"), title=title, visible=False)
    yield version.element("selection", select=1) + "\n"
    before, between, behind = _reference(version)
    yield "".join([f"{before}{_resource(id_)}{between}{_path(id_)}{behind}\n" for id_ in slot.pool])
    yield f"</{version.tag('assessmentSection')}>\n"


@lru_cache(maxsize=2)
def _reference(version: Version) -> list[str]:
    """What stands around the name and the path of an item, which hold no sign that has to be escaped."""
    return version.element("assessmentItemRef", identifier=HERE, href=HERE).split(HERE)
