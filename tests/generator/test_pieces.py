"""Pieces of items as JSON: the bytes are those of the whole record, whatever was kept before."""

from fractions import Fraction

from grading.answersheet import to_json
from quizgen.archive import lines_of
from quizgen.assembly.spool import Spool
from quizgen.bank import load_bank
from quizgen.generator import generate
from quizgen.pieces import MOST_KEPT, joined_json, piece_json, record_json
from quizgen.sampling.draws import Source


def test_lines_of_the_archive_are_the_records_as_a_whole() -> None:
    bank = load_bank()
    for template in bank.templates:
        made = generate(template, 3, bank=bank, source=Source(4))
        assert lines_of(made) == (to_json(made.item) + b"\n", to_json(made.key) + b"\n")
        assert record_json(made.key, "parts") == to_json(made.key)


def test_more_pieces_than_are_kept_are_written_right() -> None:
    pieces = [("piece", number, Fraction(1, 2)) for number in range(3 * MOST_KEPT)]
    for piece in (*pieces, *reversed(pieces)):
        assert piece_json(piece) == to_json(piece)
    assert joined_json(*pieces) == to_json(tuple(pieces))


def test_a_piece_is_known_by_itself() -> None:
    """Where a piece is gone, another one may get its identity."""
    for number in range(4 * MOST_KEPT):
        assert piece_json((str(number),)) == to_json((str(number),))


def test_a_spool_is_gone_through_while_it_grows() -> None:
    bank = load_bank()
    made = [generate("clm-loss", variant, bank=bank, source=Source(4)) for variant in range(3)]
    spool = Spool()
    spool.add(made[0])
    spool.add(made[1])
    lines = spool.lines()
    first = next(lines)
    spool.add(made[2])
    assert [first, next(lines), next(lines)] == [lines_of(each) for each in made]
    assert list(spool) == made
