"""``python -m quizgen.cli`` is the program ``quizgen``."""

from quizgen.cli import main

main()
