"""What exporters do once for many items gives what doing it for each would give."""

from __future__ import annotations

import gzip
import io
import random
import tarfile
import zipfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import msgspec
import pytest

from grading.keys import Band, Digits, NumericKey, Rival, Tolerance
from quizgen.archive import Archive
from quizgen.content import Formula
from quizgen.exporters.accepted_numbers import (
    AcceptedNumbers,
    _rounded_up,
    accepted_numbers,
    full_mark_numbers,
    printed,
)
from quizgen.exporters.packaging import _LEVEL, CHUNK, IN_MEMORY, tarred, zipped
from quizgen.exporters.rendering.decimals import to_digits, written
from quizgen.exporters.rendering.mathml import _presentation, _read
from quizgen.exporters.rendering.remembering import MOST, remembering_record
from quizgen.exporters.rendering.text import MOST_SHORT, SHORT, remembering_short
from quizgen.model import ItemLabel
from tests.exporters.whole_bank import whole_bank

F = Fraction
MATHML = (
    "<mrow><mi>log</mi><mtext>[MASK]</mtext><mo>+</mo><mn>2</mn></mrow>", "<mi>log</mi><mtext>word</mtext><mn>0.5</mn>",
    '<mn mathvariant="bold">3</mn><mn>3</mn>', "<mn>\ue000</mn><mn>4</mn>", "<mtext>log</mtext><mi>x</mi><mn>1</mn>",
    "<msub><mtext>log</mtext><mn>2</mn></msub><mn>8</mn>", "<mn>1,5</mn><mtext> a</mtext><mtext>it's</mtext>",
    "<semantics><mn>1</mn><annotation>2</annotation></semantics>", "<mn>1</mn><script>2</script>", "<mn>1</mn",
    "<mfrac><mn>1</mn><mn>22</mn></mfrac><mo>-</mo><mn>3</mn><mtext>a.b</mtext>",
)  # fmt: skip


def formulas(value: object) -> Iterator[Formula]:
    """All formulas in a record."""
    if isinstance(value, Formula):
        yield value
    elif isinstance(value, msgspec.Struct):
        yield from formulas(msgspec.structs.astuple(value))
    elif isinstance(value, tuple):
        for part in value:
            yield from formulas(part)


def test_formulas_read_by_their_form_are_those_read_alone() -> None:
    made = list(whole_bank(variants=2).items())
    found = {formula.mathml for item in made for formula in (*formulas(item.item), *formulas(item.key))} - {""}
    assert len(found) > 100
    for mathml in (*found, *(f"<math>{inner}</math>" for inner in MATHML)):
        assert _presentation(mathml) == _read(mathml), mathml


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    folder: Path = tmp_path_factory.mktemp("labels") / "quiz"
    return whole_bank(variants=2).freeze(folder)


def test_a_label_says_what_the_item_says(archive: Archive) -> None:
    for item in archive.items():
        fields = {name: getattr(item, name) for name in ItemLabel.__struct_fields__}
        assert archive.label(item.id) == ItemLabel(**fields)


def test_records_are_the_same_in_any_order(archive: Archive) -> None:
    items = list(archive.items())
    keys = {key.item: key for key in archive.keys()}  # noqa: SIM118 (an archive is no dictionary)
    mixed = random.Random(3).sample(items, len(items))
    for item in (*items, *reversed(items), *mixed, *items):
        assert archive.item(item.id) == item
        assert archive.key(item.id) == keys[item.id]


KEYS = (
    NumericKey("-log(0.5)", Tolerance("absolute", F(1, 200)), (Band(F(1, 50), F(3, 4)), Band(F(1, 40), F(1)))),
    NumericKey("2/3", Tolerance("significant", F(3)), rivals=(Rival("1", credit=F(1)), Rival("2", credit=F(1, 2)))),
    NumericKey("2/3", Tolerance("absolute", F(1, 10)), rivals=(Rival("0.7", credit=F(1)), Rival("0.6", credit=F(1)))),
    NumericKey("1.609", digits=Digits("decimals", 2)), NumericKey("5", rivals=(Rival("6"),)),
)  # fmt: skip


@pytest.mark.parametrize("key", KEYS)
def test_full_mark_numbers_are_those_of_all(key: NumericKey) -> None:
    everything = [entry for entry in accepted_numbers(key) if entry.credit == 1]
    assert everything
    assert list(full_mark_numbers(key)) == everything


def test_a_radius_makes_up_for_a_rounded_middle() -> None:
    drawn = random.Random(5)
    for _ in range(2_000):
        middle = F(drawn.randrange(-(10**6), 10**6), drawn.choice((1, 7, 400, 2**80 + 1)))
        radius = F(drawn.randrange(10**4), 10 ** drawn.randrange(8)) / drawn.choice((1, 1, 3))
        radius *= drawn.choice((1, 1, 1 - F(1, 10**9), F(10) ** -drawn.randrange(30)))
        steps, places = to_digits(*middle.as_integer_ratio())
        missing = abs(F(steps, 10**places) - middle)
        whole = _rounded_up(*(radius + missing).as_integer_ratio())
        assert printed(AcceptedNumbers(middle, radius, F(1))) == (written(steps, places), whole)


def test_a_radius_that_gets_one_more_digit() -> None:
    nines = F(10**20 - 1, 10**20)
    assert printed(AcceptedNumbers(F(1, 3), nines, F(1))) == ("0.33333333333333333333", "1")
    assert printed(AcceptedNumbers(F(1, 2), nines, F(1))) == ("0.5", "0.99999999999999999999")


def test_only_the_very_same_record_is_remembered() -> None:
    counted: list[tuple[int, ...]] = []

    @remembering_record
    def length(record: tuple[int, ...]) -> int:
        counted.append(record)
        return len(record)

    records = [tuple(range(size)) for size in range(2, MOST + 12)]
    for record in records:
        assert length(record) == length(record) == len(record)
    assert counted == records
    assert length((*records[-1],)) == len(records[-1])
    assert len(counted) == len(records) + 1


def test_short_texts_are_written_once_and_not_too_many() -> None:
    asked: list[str] = []
    shout = remembering_short(lambda text: asked.append(text) or text.upper())
    long = "a" * (SHORT + 1)
    assert [shout(text) for text in ("a", "a", long, long)] == ["A", "A", long.upper(), long.upper()]
    assert asked == ["a", long, long]
    for number in range(MOST_SHORT):
        shout(f"n{number}")
    shout("a")
    assert asked.count("a") == 2


def test_a_package_is_the_same_on_disk_and_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = random.Random(1)
    members = [(f"{number}.txt", drawn.randbytes(40_000)) for number in range(30) for _ in range(2)]
    packed = b"".join(chunk for _, chunk in zipped("q.zip", members))
    assert len(packed) < IN_MEMORY
    monkeypatch.setattr("quizgen.exporters.packaging.IN_MEMORY", 1_000)
    assert b"".join(chunk for _, chunk in zipped("q.zip", members)) == packed


NAMES = ("a", "ü/β.txt", "a" * 100, "a" * 101, "d/" * 120 + "b", "last")


def test_a_zip_of_more_members_than_its_first_form_counts_is_read_whole() -> None:
    count = 2**16 + 5
    members = ((f"items/{number}.xml", b"%d" % number) for number in range(count))
    with zipfile.ZipFile(io.BytesIO(b"".join(chunk for _, chunk in zipped("q.zip", members)))) as package:
        assert package.namelist() == [f"items/{number}.xml" for number in range(count)]
        assert [package.read(f"items/{number}.xml") for number in (0, 70, count - 1)] == [
            b"0",
            b"70",
            b"%d" % (count - 1),
        ]


def test_a_zip_is_what_a_careful_writer_writes() -> None:
    drawn = random.Random(2)
    sizes = (0, 7, 40_000, CHUNK, CHUNK + 1, 9)
    members = [(name, drawn.randbytes(size // 2).hex().encode()) for name, size in zip(NAMES, sizes, strict=True)]
    with zipfile.ZipFile(file := io.BytesIO(), "w") as package:
        for name, content in members:
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
            package.writestr(entry, content, compresslevel=_LEVEL)
    split = [(name, part) for name, content in members for part in (content[:3], content[3:])]
    assert b"".join(chunk for _, chunk in zipped("q.zip", split)) == file.getvalue()


def test_a_tar_is_what_a_careful_writer_writes() -> None:
    for count in range(len(NAMES) + 1):
        members = [(name, b"x" * (510 + number)) for number, name in enumerate(NAMES[:count])]
        with tarfile.open(fileobj=(file := io.BytesIO()), mode="w", format=tarfile.PAX_FORMAT) as package:
            for name, content in members:
                entry = tarfile.TarInfo(name)
                entry.size, entry.mtime, entry.mode = len(content), 315_532_800, 0o644
                package.addfile(entry, io.BytesIO(content))
        assert gzip.decompress(b"".join(chunk for _, chunk in tarred("c.tar.gz", members))) == file.getvalue()
