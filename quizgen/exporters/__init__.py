"""One format a module; what they have in common is `contract`, what drives them are `planning` and `delivery`.

>>> from quizgen.exporters import FORMATS
>>> [format_.id for format_ in FORMATS][:2]
['json', 'moodle-xml']
"""

from quizgen.exporters.catalogue import FORMATS, format_of
from quizgen.exporters.contract import Caveat, ExportError, Fidelity, Format, Level, Options, Plan
from quizgen.exporters.delivery import Exported, export
from quizgen.exporters.planning import plan

__all__ = [
    "FORMATS",
    "Caveat",
    "ExportError",
    "Exported",
    "Fidelity",
    "Format",
    "Level",
    "Options",
    "Plan",
    "export",
    "format_of",
    "plan",
]
