"""``python -m quizgen`` is the program ``quizgen``."""

from quizgen.cli import main

main()
