"""``canvas``: a QTI 1.2 package with Canvas's own metadata, for Classic Quizzes and for New Quizzes.

One quiz; each slot is a question group that picks one item from its pool.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from quizgen.archive import Archive
from quizgen.exporters.canvas.fidelity import KIND_LEVELS, fidelity
from quizgen.exporters.canvas.markup import xml_attribute, xml_text
from quizgen.exporters.canvas.questions import question
from quizgen.exporters.contract import Format, Options
from quizgen.exporters.packaging import zipped
from quizgen.exporters.qti.names import identifier
from quizgen.exporters.rendering.decimals import decimal
from quizgen.exporters.slot_by_slot import pools, slot_by_slot
from quizgen.exporters.stand_in import writing_choices
from quizgen.model import Quiz, Slot

PATH = "quiz.zip"

_QTI = (
    'xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:schemaLocation="http://www.imsglobal.org/xsd/ims_qtiasiv1p2 '
    'http://www.imsglobal.org/xsd/ims_qtiasiv1p2p1.xsd"'
)
_CANVAS = (
    'xmlns="http://canvas.instructure.com/xsd/cccv1p0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:schemaLocation="http://canvas.instructure.com/xsd/cccv1p0 '
    'https://canvas.instructure.com/xsd/cccv1p0.xsd"'
)
_MANIFEST = (
    'xmlns="http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1" xmlns:imsmd="http://www.imsglobal.org/xsd/imsmd_v1p2"'
)
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


@writing_choices
def write(archive: Archive, options: Options) -> Iterator[tuple[str, bytes]]:
    """The package."""
    return zipped(PATH, _members(archive, options))


def _members(archive: Archive, options: Options) -> Iterator[tuple[str, bytes]]:
    quiz = archive.quiz

    def write_one(slot: Slot, id_: str) -> bytes:
        return question(archive.item(id_), archive.key(id_), slot.points, options.code_in_stem).encode()

    name = identifier(quiz.id, "quiz-", periods=True)
    yield "imsmanifest.xml", _manifest(quiz, name).encode()
    yield f"{name}/assessment_meta.xml", _settings(quiz, name).encode()
    path = f"{name}/{name}.xml"
    title = xml_attribute(quiz.title or quiz.id)
    yield path, f"{_HEAD}<questestinterop {_QTI}>\n<assessment ident={xml_attribute(name)} title={title}>\n".encode()
    yield path, b'<section ident="root_section">\n'
    for slot, questions in slot_by_slot(pools(quiz), write_one, options):
        yield path, _group(slot).encode()
        yield from ((path, written) for written in questions)
        yield path, b"</section>\n"
    yield path, b"</section>\n</assessment>\n</questestinterop>\n"


def _group(slot: Slot) -> str:
    """A question group: Canvas draws one item of it for each learner."""
    title = xml_attribute(f"{slot.id} {slot.title}" if slot.title else slot.id)
    points = f"<points_per_item>{decimal(slot.points, 12)}</points_per_item>"
    drawn = f"<selection_number>1</selection_number><selection_extension>{points}</selection_extension>"
    ordering = f"<selection_ordering><selection>{drawn}</selection></selection_ordering>"
    return f"<section ident={xml_attribute(slot.id)} title={title}>\n{ordering}\n"


def _settings(quiz: Quiz, name: str) -> str:
    """Canvas's settings of the quiz; an exam shows no right answers."""
    exam = quiz.purpose == "exam"
    settings = {
        "title": quiz.title or quiz.id,
        "quiz_type": "assignment" if exam else "practice_quiz",
        "points_possible": decimal(sum((slot.points for slot in quiz.slots), Fraction(0)), 12),
        "shuffle_answers": "false",
        "show_correct_answers": "false" if exam else "true",
        "hide_results": "always" if exam else "",
        "allowed_attempts": "1" if exam else "-1",
        "time_limit": str(quiz.minutes) if quiz.minutes else "",
    }
    lines = "".join(f"<{label}>{xml_text(text)}</{label}>\n" for label, text in settings.items() if text)
    return f"{_HEAD}<quiz identifier={xml_attribute(name)} {_CANVAS}>\n{lines}</quiz>\n"


def _manifest(quiz: Quiz, name: str) -> str:
    title = f"<imsmd:lom><imsmd:general><imsmd:title><imsmd:string>{xml_text(quiz.title or quiz.id)}</imsmd:string>"
    settings = "associatedcontent/imscc_xmlv1p1/learning-application-resource"
    return (
        f"{_HEAD}<manifest identifier={xml_attribute(f'package-{quiz.id}')} {_MANIFEST}>\n"
        "<metadata><schema>IMS Content</schema><schemaversion>1.1.3</schemaversion>\n"
        f"{title}</imsmd:title></imsmd:general></imsmd:lom></metadata>\n<organizations/>\n<resources>\n"
        f'<resource identifier={xml_attribute(name)} type="imsqti_xmlv1p2">'
        f'<file href="{name}/{name}.xml"/><dependency identifierref={xml_attribute(f"{name}-settings")}/></resource>\n'
        f'<resource identifier={xml_attribute(f"{name}-settings")} type="{settings}" href="{name}/assessment_meta.xml">'
        f'<file href="{name}/assessment_meta.xml"/></resource>\n'
        "</resources>\n</manifest>\n"
    )


FORMAT = Format(
    id="canvas",
    title="Canvas",
    audience="Canvas, Classic Quizzes and New Quizzes",
    keys="server",
    kinds=KIND_LEVELS,
    fidelity=fidelity,
    write=write,
    forms=False,
    next_step="in the course choose Settings, Import Course Content, QTI .zip file and this package; its groups draw "
    "from the pools (docs/exporting/canvas.md)",
)
