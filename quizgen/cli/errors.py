"""What a person reads when something goes wrong: place, fault, remedy, in one sentence."""

from __future__ import annotations

import errno
import sys

_REMEDIES = {
    errno.ENOSPC: "free some space and run the command again",
    errno.EDQUOT: "free some space and run the command again",
    errno.EACCES: "choose another place, or change its permissions",
    errno.EPERM: "choose another place, or change its permissions",
    errno.EROFS: "choose another place",
    errno.ENOENT: "check the name",
    errno.EISDIR: "name a file, not a folder",
    errno.ENOTDIR: "name a folder, not a file",
    errno.ENAMETOOLONG: "choose a shorter name",
    errno.EMFILE: "close other programs and run the command again",
}

_OURS = (
    ("quizgen.findings", "FindingsError"),
    ("quizgen.folders", "PlacedError"),
    ("grading.responses", "UnreadableResponses"),
    ("grading.keys", "KeyUnusable"),
    ("grading.amending", "AmendmentUnusable"),
    ("grading.crew", "GraderLost"),
    ("grading.cluster", "ClusterError"),
)
"""Exceptions whose text already is such a sentence. If the module was not imported, it did not raise one."""


def sentence_of(error: BaseException) -> str | None:
    """The sentence for an exception that can be expected, None for a fault of ours.

    >>> sentence_of(FileNotFoundError(errno.ENOENT, "No such file or directory", "roster.csv"))
    'roster.csv: No such file or directory; check the name'
    >>> sentence_of(ZeroDivisionError()) is None
    True
    """
    for module, name in _OURS:
        kind = getattr(sys.modules.get(module), name, None)
        if isinstance(kind, type) and isinstance(error, kind):
            several = len(getattr(error, "findings", ()))
            return f"{several} findings\n{error}" if several > 1 else str(error)
    if isinstance(error, OSError):
        return _of_system(error)
    if isinstance(error, UnicodeDecodeError):
        return f"byte {error.start} of the input is not {error.encoding.upper()}; save the file as UTF-8"
    if isinstance(error, UnicodeEncodeError):
        before = error.object[max(0, error.start - 20) : error.start].encode("ascii", "replace").decode()
        place = f" after “{before}”" if before else ""
        return f"a text has a damaged character{place}; type it anew, in a terminal that is set to UTF-8"
    if isinstance(error, MemoryError):
        return "the memory of this machine is not enough; ask for fewer variants or split the file"
    if isinstance(error, RecursionError):
        return "the input is nested too deeply; make it flatter"
    return None


def _of_system(error: OSError) -> str:
    place = f"{error.filename}: " if error.filename else ""
    remedy = _REMEDIES.get(error.errno or 0, "check that the place can be read and written")
    return f"{place}{error.strerror or error}; {remedy}"
