"""In a real MathJax, set up by itself: no text is taken for a formula, and every formula is one."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import pytest

from quizgen.content import Formula
from quizgen.exporters.canvas.markup import canvas_text
from quizgen.exporters.cc.markup import html_text
from quizgen.exporters.h5p.markup import plain_text
from quizgen.exporters.h5p.markup import text as h5p_text
from quizgen.exporters.moodle_xml.xml import moodle_formula, moodle_text
from quizgen.exporters.olx.markup import olx_formula, olx_text
from tests.conftest import CONSUMERS, Missing

MATHJAX = CONSUMERS / "node_modules" / "mathjax" / "es5" / "tex-chtml-full.js"

TEXTS = (
    r"\(x\)", r"\[x\]", "$$x$$", "$$$x$$$", r"\begin{cases} a \end{cases}", r"\begin {cases} a \end{cases}",
    r"see \ref{a} and \eqref{b}", r"costs \$5", r"a \\ b", r"\\(x\\)", r"\\\(x\\\)", r"\$$x$$", r"x_{<t} \& $5$",
    "[mathjaxinline]x[/mathjaxinline]", r"C:\beginning", r"\begin{a}\begin{b}x\end{b}\end{a}",
)  # fmt: skip
WRITERS: tuple[Callable[[str], str], ...] = (moodle_text, olx_text, canvas_text, html_text, h5p_text, plain_text)


def shown(browser: Any, path: Path, entries: list[str], missing: Missing) -> tuple[list[int], list[str]]:
    """How many formulas MathJax finds in each entry, and what is read there."""
    if not MATHJAX.is_file():
        missing("MathJax", "npm ci --ignore-scripts --prefix tests/consumers")
    body = "".join(f"<p>{entry}</p>" for entry in entries)
    path.write_text(f'<!DOCTYPE html><meta charset="utf-8"><script src="{MATHJAX.as_uri()}"></script><body>{body}')
    page = browser.new_page()
    page.goto(path.as_uri())
    page.evaluate("MathJax.startup.promise")
    counts = page.locator("p").evaluate_all("all => all.map(one => one.querySelectorAll('mjx-container').length)")
    texts = page.locator("p").evaluate_all("all => all.map(one => one.textContent)")
    page.close()
    return counts, [text.replace("\u2060", "") for text in texts]


@pytest.mark.parametrize("write", WRITERS, ids=lambda write: getattr(write, "__name__", "text"))
def test_no_text_is_typeset(tmp_path: Path, browser: Any, missing: Missing, write: Callable[[str], str]) -> None:
    counts, texts = shown(browser, tmp_path / "page.html", [*map(write, TEXTS), r"\(x\)"], missing)
    assert counts == [0] * len(TEXTS) + [1]
    assert texts[:-1] == list(TEXTS)


def test_texts_would_be_typeset_and_formulas_are(tmp_path: Path, browser: Any, missing: Missing) -> None:
    one = Formula(r"\begin{cases} a \end{cases}", "", "", "", "")
    entries = [*(escape(text) for text in TEXTS), moodle_formula(one), olx_formula(one)]
    counts, texts = shown(browser, tmp_path / "page.html", entries, missing)
    assert counts[-2:] == [1, 1]
    changed = [text for text, count, read in zip(TEXTS, counts, texts, strict=False) if count or read != text]
    assert len(changed) > 9
