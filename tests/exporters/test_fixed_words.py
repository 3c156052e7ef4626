"""The fixed words of exports: in every language, each name once, with the same holes; what a page says with them."""

from __future__ import annotations

import re
import string
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from quizgen.archive import write_archive
from quizgen.exporters import export, format_of
from quizgen.exporters.html_page import SCRIPT_WORDS
from quizgen.exporters.rendering.wording import FOLDER, wording
from tests.exporters import example_items as examples

LANGUAGES = sorted(path.stem for path in FOLDER.glob("*.yaml"))
PAGE_SCRIPT = Path(__file__).parents[2] / "quizgen" / "exporters" / "html_page" / "page.js"


def holes(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_name_stands_there_once_and_with_the_same_holes(language: str) -> None:
    text = (FOLDER / f"{language}.yaml").read_text("utf-8")
    names = re.findall(r'^"?([\w:-]+)"?: ', text, re.MULTILINE)
    assert [name for name, count in Counter(names).items() if count > 1] == []
    found, english = yaml.safe_load(text), yaml.safe_load((FOLDER / "en.yaml").read_text("utf-8"))
    assert set(found) == set(names) == set(english)
    assert {name: holes(words) for name, words in found.items()} == {n: holes(words) for n, words in english.items()}


def test_the_script_of_the_page_has_the_words_that_it_says() -> None:
    script = PAGE_SCRIPT.read_text("utf-8")
    said = set(re.findall(r'\bwords(?:\.(\w+)|\["([\w-]+)"\])', script))
    assert {first or second for first, second in said} == SCRIPT_WORDS


@pytest.mark.parametrize(
    ("typed", "said"), [("1.609", "no-point"), ("1,6,09", "no-number"), ("log(5)", "no-number"), ("1,61", "right")]
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_says_what_is_typed_wrong_in_its_language(
    browser: Any, tmp_path: Path, language: str, typed: str, said: str
) -> None:
    number = examples.numeric()
    part = number.key.parts[0]
    key = msgspec.structs.replace(part, key=msgspec.structs.replace(part.key, decimal_comma=True))
    item = msgspec.structs.replace(number.item, language=language)
    made = msgspec.structs.replace(number, item=item, key=msgspec.structs.replace(number.key, parts=(key,)))
    quiz = msgspec.structs.replace(examples.quiz_of((made,)), language=language)
    export(write_archive(tmp_path / "quiz", quiz, (made,)), [format_of("html")], tmp_path / "out")
    page = browser.new_page()
    page.goto((tmp_path / "out" / "html" / "index.html").as_uri())
    page.locator("#q1 input").fill(typed)
    page.locator("#q1 input").press("Enter")
    assert page.locator("#q1 .verdict").inner_text().startswith(wording(language)(f"page:{said}"))
    page.close()
