"""Opens a file of responses as UTF-8, whatever it is packed in and whichever way its signs are written.

Gzip is unpacked as it is read, and only so far. UTF-16 is known by its mark. Windows-1252 is taken where nothing else
can be meant: a file in which every sign outside ASCII is the same in it, in Latin-1 and in the Central European
Windows-1250, and stands as in a language of Latin letters. Anything else is left as it is; the rows that are no UTF-8
are reported one by one.
"""

from __future__ import annotations

import codecs
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from grading.responses.problems import ResponseProblem, UnreadableResponses
from grading.responses.rows import LONGEST_LINE, Report, Stream

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer as Buffer

HEAD = 65_536
"""Bytes of a file that a reader may look at to recognise it."""
MOST_UNPACKED = 20_000_000_000
"""Bytes that are unpacked of one compressed file."""

_GZIP = b"\x1f\x8b"
_PIECE = 1 << 18
_NO_TEXT = (b"PK\x03\x04", b"PK\x05\x06", b"PAR1", b"%PDF", b"\xd0\xcf\x11\xe0")
_OUTSIDE = re.compile(rb"[\x80-\xff]+")
_SAME_EVERYWHERE = frozenset(
    byte
    for byte in range(0xA0, 0x100)
    if bytes([byte]).decode("cp1252") == bytes([byte]).decode("cp1250") == bytes([byte]).decode("latin-1")
)
_MARKS = frozenset(b"\x80\x84\x93\x94\x96\x97")
"""The euro sign, quotation marks „“” and dashes of Windows-1252; they stand beside words, not in them."""
_SYMBOLS = _SAME_EVERYWHERE & frozenset([*range(0xA1, 0xAB), *range(0xAE, 0xB9), 0xD7, 0xF7])
"""Signs such as § and °, which end no word; in the set of an old Macintosh some of them are letters."""
_LONGEST_RUN = 2
"""Signs outside ASCII in a row; words of Latin letters have no more, words of other scripts do."""


class _Pieces(io.RawIOBase):
    """Bytes that are made piece by piece; `_piece` gives the next one, b"" at the end."""

    def __init__(self) -> None:
        self._ready = b""

    def readable(self) -> bool:
        return True

    def _piece(self) -> bytes:
        raise NotImplementedError

    def readinto(self, buffer: Buffer, /) -> int:
        if not self._ready:
            self._ready = self._piece()
        view = memoryview(buffer)
        size = min(len(view), len(self._ready))
        view[:size], self._ready = self._ready[:size], self._ready[size:]
        return size


class _Unpacked(_Pieces):
    """The text of a gzip file. What follows a damaged place is not there, nor is the line that it is in."""

    def __init__(self, path: Path, report: Report) -> None:
        super().__init__()
        self._path, self._report = path, report
        self._file = gzip.GzipFile(path, "rb")
        self._waiting, self._size, self._ended = b"", 0, False

    def _piece(self) -> bytes:
        while not self._ended:
            piece = self._unpacked()
            if not piece and not self._ended:
                self._ended = True
                return self._waiting
            whole = self._waiting + piece
            end = whole.rfind(b"\n") + 1
            if not end and len(whole) > LONGEST_LINE:
                end = len(whole)
            self._waiting = whole[end:]
            if end:
                return whole[:end]
        return b""

    def _unpacked(self) -> bytes:
        """The next bytes, b"" at the end; `_ended` is set where there can be no more."""
        try:
            piece = self._file.read1(_PIECE)  # `read` would lose what it has unpacked before a damaged place
        except (OSError, EOFError, zlib.error) as error:
            place = "ends too early" if isinstance(error, EOFError) else "is damaged"
            return self._stop(
                f"the compressed file {place}; the whole lines before that were read", "download it again"
            )
        self._size += len(piece)
        if self._size > MOST_UNPACKED:
            message = f"the compressed file holds more than {MOST_UNPACKED:,} bytes; what follows was not read"
            return self._stop(message, "split it into several files")
        return piece

    def _stop(self, message: str, remedy: str) -> bytes:
        self._ended, self._waiting = True, b""
        self._report(ResponseProblem(str(self._path), 0, message, remedy))
        return b""

    def close(self) -> None:
        self._file.close()
        super().close()


class _Recoded(_Pieces):
    """Another stream as UTF-8. Signs that are none become U+FFFD."""

    def __init__(self, stream: Stream, encoding: str) -> None:
        super().__init__()
        self._stream, self._decoder = stream, codecs.getincrementaldecoder(encoding)("replace")

    def _piece(self) -> bytes:
        while True:
            piece = self._stream.read(_PIECE)
            text = self._decoder.decode(piece, final=not piece)
            if text or not piece:
                return text.encode("utf-8", "replace")


@contextmanager
def opened(path: Path, report: Report) -> Iterator[Stream]:
    """The text of a file as UTF-8. report: is told of a compressed file that is cut off or damaged.

    Raises UnreadableResponses for a file that cannot be opened or is no text.
    """
    try:
        with path.open("rb") as file:
            start = file.read(4)
            if not start.startswith(_GZIP):
                file.seek(0)
                yield from _text_of(file, path)
                return
    except OSError as error:
        reason = error.strerror or str(error)
        raise refused(path, f"the file cannot be read ({reason})", "check the name and the rights") from None
    packed = io.BufferedReader(_Unpacked(path, report), _PIECE)
    try:
        yield from _text_of(packed, path)
    finally:
        packed.close()


def _text_of(stream: Stream, path: Path) -> Iterator[Stream]:
    encoding = encoding_of(path)
    yield stream if encoding == "utf-8" else io.BufferedReader(_Recoded(stream, encoding), _PIECE)


def refused(path: Path, message: str, remedy: str, line: int = 0) -> UnreadableResponses:
    """The error for a file of which nothing can be read."""
    return UnreadableResponses(ResponseProblem(str(path), line, message, remedy))


def start_of(path: Path, size: int = HEAD) -> bytes:
    """The first bytes of a file, unpacked if they are packed. Raises UnreadableResponses."""
    if path.exists() and not path.is_file():
        raise refused(path, "this is a pipe or a device", "save the responses in a file first")
    try:
        with path.open("rb") as file:
            start = file.read(size)
    except OSError as error:
        reason = error.strerror or str(error)
        raise refused(path, f"the file cannot be read ({reason})", "check the name and the rights") from None
    if start.startswith(_GZIP):
        with io.BufferedReader(_Unpacked(path, lambda _: None), size) as packed:
            start = packed.read(size)
    return start


def is_text(start: bytes) -> bool:
    """Whether a file that begins like this may be text."""
    return not start.startswith(_NO_TEXT)


def text_start(path: Path) -> bytes:
    """The beginning of a file of text as UTF-8, without a byte order mark. Raises UnreadableResponses."""
    with opened(path, lambda _: None) as stream:
        return stream.read(HEAD).removeprefix(b"\xef\xbb\xbf")


_encodings: dict[tuple[str, int, int], str] = {}


def encoding_of(path: Path) -> str:
    """How the signs of a file of text are written: ``utf-16``, ``cp1252`` or, in all other cases, ``utf-8``.

    The file is looked through once, unless it is UTF-16. Raises UnreadableResponses for UTF-16 without a mark.
    """
    state = path.stat()
    name = (str(path), state.st_size, state.st_mtime_ns)
    if name not in _encodings:
        if len(_encodings) > 1000:
            _encodings.clear()
        _encodings[name] = _encoding_of(path)
    return _encodings[name]


def _encoding_of(path: Path) -> str:
    start = start_of(path)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if len(start) >= 8 and (start[1:64:2].strip(b"\0") == b"" or start[0:64:2].strip(b"\0") == b""):
        raise refused(path, "the file seems to be UTF-16 without a mark that says so", "save it again as UTF-8")
    with path.open("rb") as file:
        if file.read(2) == _GZIP:
            return "utf-8"  # to look through it would be to unpack it twice
        file.seek(0)
        return _encoding_of_stream(file)


def _encoding_of_stream(stream: Stream) -> str:
    decoder = codecs.getincrementaldecoder("utf-8")()
    valid, western, before = True, True, b""
    while piece := stream.read(1 << 20):
        if valid:
            try:
                decoder.decode(piece)
            except UnicodeDecodeError:
                valid = False
        western = western and _is_western(before + piece)
        before = piece[-4:]
        if not valid and not western:
            return "utf-8"
    return "cp1252" if not valid and western else "utf-8"


def _is_western(piece: bytes) -> bool:
    """Whether everything outside ASCII is a sign of Windows-1252 that cannot be taken for another.

    >>> _is_western("Müller, „x“".encode("cp1252")), _is_western("привет".encode("cp1251")), _is_western("ü".encode())
    (True, False, False)
    """
    for found in _OUTSIDE.finditer(piece):
        run = found[0]
        signs = set(run)
        if not signs <= _SAME_EVERYWHERE | _MARKS or len(run.strip(bytes(_MARKS))) > _LONGEST_RUN:
            return False
        before, after = (
            piece[found.start() - 1 : found.start()].isalpha(),
            piece[found.end() : found.end() + 1].isalpha(),
        )
        if before and (signs & _SYMBOLS or (after and signs & _MARKS)):
            return False
    return True
