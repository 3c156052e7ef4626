"""Draws the pictures of the README: an exported question in a browser, with a wrong answer checked; a class report.

    .venv/bin/python docs/picture.py

Needs Chromium.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from grading.bulk import grade_all
from grading.responses import ResponseRow
from quizgen import Source, assemble, load_bank
from quizgen.archive import write_archive
from quizgen.class_report import class_report, report_html
from quizgen.cli.demo import ATTEMPTS, LEARNERS, TEMPLATES, TITLE, VARIANTS
from quizgen.cli.demo import SEED as DEMO_SEED
from quizgen.exporters.catalogue import format_of
from quizgen.exporters.delivery import export
from quizgen.simulation import invent_class, simulate

FOLDER = Path(__file__).resolve().parent / "images"
PICTURE, REPORT = FOLDER / "question.png", FOLDER / "report.png"
OPTIONS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")
SEED = 21


def main() -> int:
    """Writes the pictures."""
    browser_path = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser_path is None:
        print("the picture needs Chromium: install it and run this again", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        quiz = assemble(load_bank(), ["obj-expression-choice"], variants=1, source=Source(SEED), title="Practice")
        archive = write_archive(Path(folder) / "quiz", quiz.quiz, quiz.items())
        (exported,) = export(archive, [format_of("html")])
        (generated,) = archive.generated()
        shown = [option.id for option in generated.item.parts[0].interaction.options]
        wrong = next(r.value for r in generated.key.parts[0].key.rivals if len(r.misconceptions) == 1)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=browser_path, args=list(OPTIONS))
            page = browser.new_page(viewport={"width": 860, "height": 1300}, device_scale_factor=1.5)
            page.goto((exported.folder / "index.html").as_uri())
            page.get_by_role("radio").nth(shown.index(wrong)).check()
            page.get_by_role("button", name="Check").first.click()
            page.wait_for_timeout(500)
            below = page.get_by_role("heading", name="When you are done").bounding_box()
            assert below is not None, "the page ends with the download of the answers"
            page.screenshot(path=PICTURE, clip={"x": 30, "y": 175, "width": 800, "height": below["y"] - 175 - 60})
            draw_report(browser, Path(folder))
            browser.close()
    return 0


def draw_report(browser: Browser, folder: Path) -> None:
    """The middle of the report on the class of the demonstration. folder: where files may be written."""
    quiz = assemble(load_bank(), TEMPLATES, variants=VARIANTS, source=Source(DEMO_SEED), title=TITLE)
    archive = write_archive(folder / "class", quiz.quiz, quiz.items())
    learners = invent_class(archive, LEARNERS, DEMO_SEED, attempts=ATTEMPTS)
    rows = [
        ResponseRow(one.learner, one.item, one.response, attempt=one.attempt)
        for one in simulate(archive, learners, DEMO_SEED, ATTEMPTS)
    ]
    path = folder / "report.html"
    path.write_text(report_html(class_report(archive, grade_all(rows, archive.keys()))), encoding="utf-8")
    page = browser.new_page(viewport={"width": 920, "height": 1300}, device_scale_factor=1)
    page.goto(path.as_uri())
    top, below = page.locator("#scores").bounding_box(), page.locator("#beliefs .how").first.bounding_box()
    assert top is not None
    assert below is not None
    page.screenshot(
        path=REPORT,
        full_page=True,
        clip={"x": 20, "y": top["y"] + 30, "width": 880, "height": below["y"] - top["y"] - 40},
    )
    page.close()


if __name__ == "__main__":
    sys.exit(main())
