"""What a gradebook imports, and tables for people, one format a module."""

from quizgen.book.gradebooks import canvas, moodle, sheets
from quizgen.book.gradebooks.contract import Gradebook

GRADEBOOKS: tuple[Gradebook, ...] = (moodle.GRADEBOOK, canvas.GRADEBOOK, sheets.CSV, sheets.XLSX)
