"""What the converters that others made need for the same questions; run by a Python that has them installed.

    python peer_converters.py PROGRAM QUESTIONS.json FOLDER

prints the seconds of CPU time. QUESTIONS: ``[[question, [option, …], place of the right one], …]``.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

Questions = list[tuple[str, list[str], int]]


def with_text2qti(questions: Questions, folder: Path) -> Callable[[], object]:
    """Its own plain text, read and written as a package."""
    from text2qti.config import Config
    from text2qti.qti import QTI
    from text2qti.quiz import Quiz

    text = "".join(
        f"{number}. {question}\n"
        + "".join(
            f"{'*' if place == right else ''}{chr(97 + place)}) {option}\n" for place, option in enumerate(options)
        )
        + "\n"
        for number, (question, options, right) in enumerate(questions, 1)
    )

    def convert() -> None:
        QTI(Quiz(text, config=Config(), source_name="quiz.txt")).save(folder / "quiz.zip")

    return convert


def with_qti_package_maker(questions: Questions, folder: Path) -> Callable[[], object]:
    """Its records, written as a package for Canvas."""
    from qti_package_maker.package_interface import QTIPackageInterface

    def ascii_only(text: str) -> str:
        return text.encode("ascii", "xmlcharrefreplace").decode()

    written = [(ascii_only(question), list(map(ascii_only, options)), right) for question, options, right in questions]

    def convert() -> None:
        package = QTIPackageInterface("quiz")
        for question, options, right in written:
            package.add_item("MC", (question, options, options[right]))
        package.save_package("canvas_qti_v1_2", str(folder / "quiz.zip"))

    return convert


def main(program: str, path: str, folder: str) -> None:
    """Converts once; whatever the program says of it goes nowhere."""
    convert = {"text2qti": with_text2qti, "qti_package_maker": with_qti_package_maker}[program](
        json.loads(Path(path).read_text("utf-8")), Path(folder)
    )
    said, sys.stdout = sys.stdout, sys.stderr
    started = time.process_time()
    convert()
    spent = time.process_time() - started
    if not (Path(folder) / "quiz.zip").stat().st_size:
        raise SystemExit(f"{program} wrote nothing")
    print(spent, file=said)


if __name__ == "__main__":
    main(*sys.argv[1:])
