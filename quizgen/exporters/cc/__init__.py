"""``cc``: Common Cartridges 1.1 with questions in their QTI profile, which is stricter than the QTI 1.2 of Canvas.

A cartridge holds at most one question bank, and its tests cannot draw from one. A quiz whose slots hold one question
each becomes a test in one cartridge; a quiz with pools becomes a cartridge for each slot, with its pool as the bank.
"""

from __future__ import annotations

from collections.abc import Iterator

from quizgen.archive import Archive
from quizgen.exporters.cc.fidelity import KIND_LEVELS, fidelity
from quizgen.exporters.cc.markup import metadata, xml_text, xml_value
from quizgen.exporters.cc.questions import questions
from quizgen.exporters.contract import Format, Options
from quizgen.exporters.packaging import zipped
from quizgen.exporters.pool_files import pool_path
from quizgen.exporters.slot_by_slot import pools, slot_by_slot
from quizgen.exporters.stand_in import writing_choices
from quizgen.model import Quiz, Slot

WHOLE = "quiz.imscc"
TEST, BANK = "assessment", "question-bank"
_LONGEST_TIME = 527_040
"""Minutes, in the profile."""

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
_QTI = (
    f'xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2" {_XSI} '
    'xsi:schemaLocation="http://www.imsglobal.org/xsd/ims_qtiasiv1p2 '
    'http://www.imsglobal.org/profile/cc/ccv1p1/ccv1p1_qtiasiv1p2p1_v1p0.xsd"'
)
_PACKAGE = (
    'xmlns="http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1" '
    f'xmlns:lomimscc="http://ltsc.ieee.org/xsd/imsccv1p1/LOM/manifest" {_XSI} '
    'xsi:schemaLocation="http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1 '
    "http://www.imsglobal.org/profile/cc/ccv1p1/ccv1p1_imscp_v1p2_v1p0.xsd "
    "http://ltsc.ieee.org/xsd/imsccv1p1/LOM/manifest "
    'http://www.imsglobal.org/profile/cc/ccv1p1/LOM/ccv1p1_lommanifest_v1p0.xsd"'
)


@writing_choices
def write(archive: Archive, options: Options) -> Iterator[tuple[str, bytes]]:
    """The cartridges."""
    quiz = archive.quiz
    title = quiz.title or quiz.id
    if all(len(slot.pool) == 1 for slot in quiz.slots):
        yield from zipped(WHOLE, _test(archive, title, options))
        return
    for number, (slot, written) in enumerate(_questions(archive, True, options), 1):
        path = pool_path(number, slot, len(quiz.slots)).removesuffix("txt") + "imscc"
        yield from zipped(path, _bank(quiz, slot, written))


def _bank_title(quiz: Quiz, slot: Slot) -> str:
    return f"{quiz.title or quiz.id}: {slot.title or slot.id}"


def _questions(archive: Archive, in_banks: bool, options: Options) -> Iterator[tuple[Slot, Iterator[bytes]]]:
    """Every slot with its questions. in_banks: they say to which bank they belong."""

    def write_one(slot: Slot, id_: str) -> bytes:
        item, key, bank = archive.item(id_), archive.key(id_), _bank_title(archive.quiz, slot) if in_banks else ""
        return "".join(questions(item, key, slot.points, bank, options.code_in_stem)).encode()

    return slot_by_slot(pools(archive.quiz), write_one, options)


def _test(archive: Archive, title: str, options: Options) -> Iterator[tuple[str, bytes]]:
    path = f"{TEST}/{TEST}.xml"
    opened = f"<assessment ident={xml_value(f'quiz-{archive.quiz.id}')} title={xml_value(title)}>\n"
    yield path, f"{_HEAD}<questestinterop {_QTI}>\n{opened}{_settings(archive.quiz)}".encode()
    yield path, b'<section ident="root_section">\n'
    for _, written in _questions(archive, False, options):
        yield from ((path, question) for question in written)
    yield path, b"</section>\n</assessment>\n</questestinterop>\n"
    yield "imsmanifest.xml", _manifest(archive.quiz, title, TEST, path).encode()


def _bank(quiz: Quiz, slot: Slot, written: Iterator[bytes]) -> Iterator[tuple[str, bytes]]:
    path = f"{BANK}/{BANK}.xml"
    yield "imsmanifest.xml", _manifest(quiz, _bank_title(quiz, slot), BANK, path).encode()
    opened = f"<objectbank ident={xml_value(f'{quiz.id}-{slot.id}')}>\n"
    yield path, f"{_HEAD}<questestinterop {_QTI}>\n{opened}".encode()
    yield from ((path, question) for question in written)
    yield path, b"</objectbank>\n</questestinterop>\n"


def _settings(quiz: Quiz) -> str:
    """The metadata of a test; an exam tells nothing about answers."""
    told = "No" if quiz.purpose == "exam" else "Yes"
    return metadata(
        {
            "cc_profile": "cc.exam.v0p1",
            "qmd_assessmenttype": "Examination",
            "qmd_scoretype": "Percentage",
            "qmd_feedbackpermitted": told,
            "qmd_hintspermitted": told,
            "qmd_solutionspermitted": told,
            "qmd_timelimit": str(quiz.minutes) if 0 < quiz.minutes <= _LONGEST_TIME else "",
            "cc_maxattempts": "1" if quiz.purpose == "exam" else "unlimited",
        }
    )


def _manifest(quiz: Quiz, title: str, kind: str, path: str) -> str:
    """``imsmanifest.xml``. A question bank has no place in the table of contents, a test has."""
    shown = f"<title>{xml_text(title)}</title>"
    contents = (
        '<organization identifier="contents" structure="rooted-hierarchy"><item identifier="root">'
        f'<item identifier="item-{kind}" identifierref={xml_value(kind)}>{shown}</item></item></organization>'
    )
    organizations = f"<organizations>{contents}</organizations>" if kind == TEST else "<organizations/>"
    string = f"<lomimscc:string language={xml_value(quiz.language)}>{xml_text(title)}</lomimscc:string>"
    return (
        f'{_HEAD}<manifest identifier="cartridge" {_PACKAGE}>\n'
        "<metadata><schema>IMS Common Cartridge</schema><schemaversion>1.1.0</schemaversion>\n"
        f"<lomimscc:lom><lomimscc:general><lomimscc:title>{string}</lomimscc:title></lomimscc:general></lomimscc:lom>"
        f"</metadata>\n{organizations}\n<resources>\n"
        f'<resource identifier={xml_value(kind)} type="imsqti_xmlv1p2/imscc_xmlv1p1/{kind}">'
        f"<file href={xml_value(path)}/></resource>\n</resources>\n</manifest>\n"
    )


FORMAT = Format(
    id="cc",
    title="Common Cartridge",
    audience="platforms that import Common Cartridge 1.1, such as Canvas, Sakai, Brightspace, Schoology",
    keys="server",
    kinds=KIND_LEVELS,
    fidelity=fidelity,
    write=write,
    forms=False,
    next_step="import each cartridge into the course; where a quiz has pools, each file is the question bank of one "
    "slot (docs/exporting/cc.md)",
    best_effort=True,
)
