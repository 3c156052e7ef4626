"""XML of strangers: no document types, no entities, no network, nothing huge."""

from __future__ import annotations

from typing import Any

from quizgen.findings import Finding, FindingsError, Place
from quizgen.importing.contract import MOST_BYTES


def parsed(name: str, data: bytes) -> Any:
    """The root element of an XML file.

    name: as it is shown. Raises FindingsError with the line for anything that is not plain well-formed XML.
    """
    from lxml import etree

    check_size(name, len(data))
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as problem:
        line, column = problem.position
        message = " ".join(str(problem.msg or "it is not XML").split()).rsplit(", line", 1)[0]
        raise _error(Place(name, max(0, line or 0), max(0, column or 0)), "Q803", message, "export it anew") from None
    except (ValueError, LookupError) as problem:
        raise _error(Place(name), "Q803", " ".join(str(problem).split()), "export it anew") from None
    document = root.getroottree().docinfo
    if document.doctype or document.internalDTD is not None:
        raise _error(Place(name), "Q804", "a document type is not read", "delete the line <!DOCTYPE …>")
    return root


def check_size(name: str, size: int) -> None:
    """Raises FindingsError for more bytes than are read."""
    if size > MOST_BYTES:
        message = f"the file has {size:,} bytes, the limit is {MOST_BYTES:,}"
        raise _error(Place(name), "Q802", message, "export fewer questions at a time")


def _error(place: Place, code: str, message: str, remedy: str) -> FindingsError:
    return FindingsError([Finding(place, code, message, remedy)])
