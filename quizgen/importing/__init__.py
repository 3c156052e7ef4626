"""Importing: questions of other programs, and our own that come back, as templates of a bank.

    imported = read_questions("questions.xml")
    made = write_templates("my-bank", imported.questions)

Whatever is not carried is named: `Lost` says which question, where, and why.
"""

from __future__ import annotations

from quizgen.importing.contract import Imported, Lost, Question, Wrong
from quizgen.importing.files import read_questions
from quizgen.importing.folder import Made, Written, write_templates

__all__ = ["Imported", "Lost", "Made", "Question", "Written", "Wrong", "read_questions", "write_templates"]
