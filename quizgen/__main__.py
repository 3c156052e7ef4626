"""``python -m quizgen`` is the program ``quizgen``."""

from quizgen.cli import main

if __name__ == "__main__":
    main()
