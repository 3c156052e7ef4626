"""The formats that can be imported, in the order in which a file is tried."""

from __future__ import annotations

from quizgen.importing import gift, moodle_xml, qti
from quizgen.importing.contract import Reader

READERS: tuple[Reader, ...] = (moodle_xml.READER, qti.PACKAGE, qti.READER, gift.READER)
