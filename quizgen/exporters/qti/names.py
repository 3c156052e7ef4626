"""The two versions of QTI that are written: the same elements under other names, and the one place that escapes.

Everything else in this package speaks of elements and attributes as version 2.1 names them.
"""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec

from grading import identifiers
from quizgen.exporters.rendering.html import escaped

HERE = "\ue000"
"""The place of what differs, in the attributes of an element that is written once."""

_XSI = "http://www.w3.org/2001/XMLSchema-instance"


class Version(msgspec.Struct, frozen=True, eq=False):
    """How a version names things; there are two of them, each equal to itself alone.

    id: of the format. number: as people write it. item_type, test_type: of the resources in the manifest. namespace,
    schema: of items and tests; package_namespace, package_schema: of the manifest. dashed: the names of version 3.
    """

    id: str
    number: str
    item_type: str
    test_type: str
    namespace: str
    schema: str
    package_namespace: str
    package_schema: str
    schema_name: str
    schema_version: str
    dashed: bool

    def element(self, name: str, content: str = "", /, **attributes: object) -> str:
        """An element of QTI. attributes: None is left out, True and False are written as such.

        >>> QTI3.element("simpleChoice", "4 &lt; 5", identifier="a", fixed=True)
        '<qti-simple-choice identifier="a" fixed="true">4 &lt; 5</qti-simple-choice>'
        >>> QTI21.element("baseValue", "3", baseType="float")
        '<baseValue baseType="float">3</baseValue>'
        """
        opening, tag = _remembered_opening(self.dashed, name, tuple(attributes.items()))
        return f"{opening}>{content}</{tag}>" if content else opening + "/>"

    def around(self, name: str, /, **attributes: object) -> tuple[str, str]:
        """What stands before and behind the content of an element that has some.

        >>> QTI21.around("value")
        ('<value>', '</value>')
        """
        opening, tag = _remembered_opening(self.dashed, name, tuple(attributes.items()))
        return f"{opening}>", f"</{tag}>"

    def tag(self, name: str) -> str:
        """The name of an element."""
        return _tag(name, self.dashed)

    def opening(self, name: str, **attributes: object) -> str:
        """The declaration of a file and the first tag of its root element."""
        declared = f'xmlns="{self.namespace}" xmlns:xsi="{_XSI}" xsi:schemaLocation="{self.namespace} {self.schema}"'
        written, tag = _opening(self.dashed, name, tuple(attributes.items()))
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<{tag} {declared}{written.removeprefix(f"<{tag}")}>'


def in_attribute(text: str) -> str:
    """A text as the value of an attribute; the certified player knows one way to write an apostrophe there.

    >>> in_attribute("don't <b>")
    'don&#39;t &lt;b&gt;'
    """
    return escaped(text).replace("&#x27;", "&#39;")


def _opening(dashed: bool, name: str, attributes: tuple[tuple[str, object], ...]) -> tuple[str, str]:
    """The first tag of an element without its end, and the name of the element."""
    tag = _tag(name, dashed)
    written = f"<{tag}"
    for attribute, value in attributes:
        if value is not None:
            text = str(value).lower() if isinstance(value, bool) else in_attribute(str(value))
            written += f' {_attribute(attribute, dashed)}="{text}"'
    return written, tag


_remembered_opening = lru_cache(maxsize=8192)(_opening)
"""Of elements that stand in many items; those of a whole file stand in one."""


def _tag(name: str, dashed: bool) -> str:
    return "qti-" + _dashed(name) if dashed else name


def _attribute(name: str, dashed: bool) -> str:
    """``xml_lang`` is ``xml:lang`` in both versions; a name that Python reserves ends with ``_``."""
    if name.startswith("xml_"):
        return "xml:" + name.removeprefix("xml_")
    return _dashed(name) if dashed else name.removesuffix("_")


@lru_cache(maxsize=1024)
def _dashed(name: str) -> str:
    return re.sub(r"([A-Z])", lambda found: "-" + found[1].lower(), name.removesuffix("_"))


QTI3 = Version(
    "qti3",
    "3.0",
    "imsqti_item_xmlv3p0",
    "imsqti_test_xmlv3p0",
    "http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
    "https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_asiv3p0_v1p0.xsd",
    "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
    "https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqtiv3p0_imscpv1p2_v1p0.xsd",
    "QTI Package",
    "3.0.0",
    dashed=True,
)

QTI21 = Version(
    "qti21",
    "2.1",
    "imsqti_item_xmlv2p1",
    "imsqti_test_xmlv2p1",
    "http://www.imsglobal.org/xsd/imsqti_v2p1",
    "http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd",
    "http://www.imsglobal.org/xsd/imscp_v1p1",
    "http://www.imsglobal.org/xsd/qti/qtiv2p1/qtiv2p1_imscpv1p2_v1p0.xsd",
    "QTIv2.1 Package",
    "1.0.0",
    dashed=False,
)


@lru_cache(maxsize=4096)
def identifier(text: str, before: str = "", periods: bool = False) -> str:
    """An id as an identifier of QTI: what begins with a letter and holds letters, digits, ``-`` and ``_``.

    A period stands between an item and its variable in the rules of a test, so that OpenOLAT takes no other and TAO
    reads it as such. before: put in front of the id, so that two kinds of ids cannot meet. Ids that have to be changed
    stay different. periods: as other formats write them, which allow periods.

    >>> identifier("position-2"), identifier("nlp/loss 1"), identifier("2", "left-")
    ('position-2', 'nlp-loss-1-8b87ad12', 'left-2')
    >>> identifier("nlp/loss 1", periods=True)
    'nlp-loss-1.8b87ad12'
    """
    return identifiers.identifier(before + text, periods)
