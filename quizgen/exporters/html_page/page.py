"""A whole page: one file, no network, a content security policy that allows its own script and style alone."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from pathlib import Path

from grading.answersheet import to_json
from quizgen.exporters.rendering.html import escaped

FOLDER = Path(__file__).parent


def page(
    title: str,
    body: str,
    language: str = "en",
    data: object = None,
    styles: tuple[str, ...] = ("page",),
    large_print: bool = False,
    refresh: int = 0,
    script: str = "",
    style: str = "",
) -> bytes:
    """A page as bytes. body: HTML. data: what the script reads as JSON; without data there is no script.

    styles: names of style sheets of this package. large_print: for a learner who needs larger letters, on paper too.
    refresh: seconds after which the page is loaded anew, 0 for never. script: another one than that of questions;
    style: further rules.

    >>> b"default-src 'none'" in page("A page", "<main></main>")
    True
    """
    script = (script or asset("page.js")) if data is not None else ""
    start = page_start(title, language, script, styles, large_print, refresh, style=style)
    return f"{start}{body}{page_end(data, script)}".encode()


def page_start(
    title: str,
    language: str = "en",
    script: str = "",
    styles: tuple[str, ...] = ("page",),
    large_print: bool = False,
    refresh: int = 0,
    reachable: str = "",
    style: str = "",
) -> str:
    """A page up to the opening of its body. script: the one that `page_end` will hold.

    reachable: what the script may connect to, as a content security policy says it; "" for nothing. The others as in
    `page`.
    """
    style = "".join(asset(f"{name}.css") for name in styles) + style
    policy = f"default-src 'none'; style-src '{digest(style)}'; img-src data:; base-uri 'none'; form-action 'none'" + (
        f"; script-src '{digest(script)}'" if script else ""
    )
    policy += f"; connect-src {reachable}" if reachable else ""
    again = f'<meta http-equiv="refresh" content="{refresh}">\n' if refresh else ""
    size = ' data-print="large"' if large_print else ""
    return (
        f'<!DOCTYPE html>\n<html lang="{escaped(language)}"{size}>\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="generator" content="quizgen">\n'
        f"{again}<title>{escaped(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n"
    )


def page_end(data: object, script: str) -> str:
    """The rest of a page behind the content of its body. data: what the script reads as JSON."""
    embedded = f'<script type="application/json" id="quiz-data">{json_inside(data)}</script>\n' if script else ""
    return embedded + (f"<script>{script}</script>\n" if script else "") + "</body>\n</html>\n"


def digest(text: str) -> str:
    """The name by which a content security policy knows an inline script or style."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@lru_cache(maxsize=16)
def asset(name: str) -> str:
    """A style sheet or script of this package."""
    return (FOLDER / name).read_text("utf-8")


def json_inside(data: object) -> str:
    """JSON inside a page: no ``<`` may stand in it, or a text could end the script element."""
    return to_json(data).decode().replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
