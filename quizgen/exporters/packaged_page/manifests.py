"""The manifests of packages: one activity, launched by the page."""

from __future__ import annotations

from collections.abc import Callable

from quizgen.exporters.packaged_page.names import slug
from quizgen.exporters.rendering.html import escaped
from quizgen.exporters.rendering.text import printable
from quizgen.model import Quiz

PAGE = "index.html"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
XAPI_ASSESSMENT = "http://adlnet.gov/expapi/activities/assessment"


def scorm12(quiz: Quiz) -> str:
    """``imsmanifest.xml`` of SCORM 1.2."""
    spaces = (
        'xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2"'
    )
    return _manifest(quiz, spaces, "1.2", "", "", "scormtype")


def scorm2004(quiz: Quiz) -> str:
    """``imsmanifest.xml`` of SCORM 2004, 4th edition."""
    spaces = (
        'xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3" '
        'xmlns:imsss="http://www.imsglobal.org/xsd/imsss"'
    )
    controls = '<imsss:deliveryControls completionSetByContent="true" objectiveSetByContent="true"/>'
    item = f"<imsss:sequencing>{controls}</imsss:sequencing>"
    whole = '<imsss:sequencing><imsss:controlMode choice="true" flow="true"/></imsss:sequencing>'
    return _manifest(quiz, spaces, "2004 4th Edition", item, whole, "scormType")


def _manifest(quiz: Quiz, spaces: str, version: str, in_item: str, in_organization: str, kind: str) -> str:
    title = f"<title>{escaped(title_of(quiz))}</title>"
    return (
        f'{HEAD}<manifest identifier="quizgen-{slug(quiz.id)}" version="1.0" {spaces}>\n'
        f"<metadata><schema>ADL SCORM</schema><schemaversion>{version}</schemaversion></metadata>\n"
        f'<organizations default="quiz"><organization identifier="quiz">{title}\n'
        f'<item identifier="questions" identifierref="page">{title}{in_item}</item>\n'
        f"{in_organization}</organization></organizations>\n"
        f'<resources><resource identifier="page" type="webcontent" adlcp:{kind}="sco" href="{PAGE}">'
        f'<file href="{PAGE}"/></resource></resources>\n</manifest>\n'
    )


def tincan(quiz: Quiz) -> str:
    """``tincan.xml``, which names the activity and the page that launches it."""
    title, language = escaped(title_of(quiz)), escaped(quiz.language or "en")
    return (
        f'{HEAD}<tincan xmlns="http://projecttincan.com/tincan.xsd">\n<activities>\n'
        f'<activity id="{activity_id(quiz)}" type="{XAPI_ASSESSMENT}">\n<name>{title}</name>\n'
        f'<description lang="{language}">{title}</description>\n<launch lang="{language}">{PAGE}</launch>\n'
        "</activity>\n</activities>\n</tincan>\n"
    )


def activity_id(quiz: Quiz) -> str:
    """The name of the quiz in statements, unless the launch gives another."""
    return f"urn:x-quizgen:{slug(quiz.id)}"


def title_of(quiz: Quiz) -> str:
    """One line."""
    return " ".join(printable(quiz.title or quiz.id).split()) or quiz.id


MANIFESTS: dict[str, tuple[str, Callable[[Quiz], str]]] = {
    "scorm12": ("imsmanifest.xml", scorm12),
    "scorm2004": ("imsmanifest.xml", scorm2004),
    "xapi": ("tincan.xml", tincan),
}
"""For each platform the name of its manifest and what writes it."""
