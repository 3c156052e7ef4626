"""Draws the picture of the README: an exported question in a browser, with a wrong answer checked.

    .venv/bin/python docs/picture.py

Needs Chromium.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from quizgen import Source, assemble, load_bank
from quizgen.archive import write_archive
from quizgen.exporters.catalogue import format_of
from quizgen.exporters.delivery import export

PICTURE = Path(__file__).resolve().parent / "images" / "question.png"
OPTIONS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")
SEED = 21


def main() -> int:
    """Writes the picture."""
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
            browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
