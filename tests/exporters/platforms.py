"""Platforms for packages of SCORM: scorm-again around the page in Chromium, a learner in it, and a reader of what came.

The reader knows no more than docs/exporting/scorm.md says of names and responses.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from grading.answersheet import PartKey
from grading.keys import NumericTupleKey
from quizgen.archive import Archive, write_archive
from quizgen.exporters import Options, format_of
from quizgen.model import GeneratedItem, Item, Purpose
from tests.exporters import example_items as examples
from tests.exporters.qti_players import MODULES, can_be_given

ADDRESS = "http://platform.test/"
ENTER = r"""
([kind, element, response]) => {
  const root = document.getElementById(element), all = (what) => [...root.querySelectorAll(what)];
  const type = (field, value) => {
    field.value = value ?? "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const boxes = (ids) => { for (const box of all("input")) if (box.checked !== ids.includes(box.value)) box.click(); };
  if (kind === "ordering") {
    for (const [place, id] of response.entries())
      while (all("li[data-id]").findIndex((row) => row.dataset.id === id) > place)
        root.querySelector(`li[data-id="${id}"] [data-way="-1"]`).click();
    const [first] = all("li[data-id]");
    for (const way of ["1", "-1"]) first.querySelector(`[data-way="${way}"]`).click();
  } else if (kind === "matching") for (const select of all("select")) type(select, response?.[select.dataset.left]);
  else if (kind === "numeric-tuple") for (const field of all("input")) type(field, response?.[field.dataset.name]);
  else if (root.tagName !== "FIELDSET") type(root, response);
  else if (kind === "multiple-answer") boxes(response ?? []);
  else boxes([response]);
}
"""


def package(
    folder: Path, name: str, items: tuple[GeneratedItem, ...], purpose: Purpose = "practice"
) -> dict[str, bytes]:
    """The members of the package of a quiz of these items."""
    return packed(write_archive(folder / "quiz", examples.quiz_of(items, purpose), items), name)


def packed(archive: Archive, name: str, options: Options | None = None) -> dict[str, bytes]:
    """The members of the package of an archive."""
    chunks = list(format_of(name).write(archive, options or Options()))
    assert {path for path, _ in chunks} == {"quiz.zip"}
    with zipfile.ZipFile(io.BytesIO(b"".join(chunk for _, chunk in chunks))) as opened:
        assert opened.testzip() is None
        return {entry: opened.read(entry) for entry in opened.namelist()}


class Interaction(NamedTuple):
    """What a platform has of one answer: the name, by its field; the response as text; the result."""

    item: str
    revision: str
    part: str
    type: str
    response: str
    result: str
    latency: str
    patterns: tuple[str, ...]
    description: str = ""


class Platform:
    """A learner's visit: a page with the API around the quiz. kept: the run-time data of an earlier visit."""

    def __init__(
        self,
        browser: Any,
        name: str,
        page: bytes,
        kept: dict[str, Any] | None = None,
        settings: str = "",
        api: bool = True,
        framed: bool = True,
    ) -> None:
        self.old = name == "scorm12"
        self.context = browser.new_context()
        self.context.route(f"{ADDRESS}**", self.serve)
        frame = '<iframe src="/quiz/index.html" style="width: 900px; height: 700px"></iframe>' if framed else ""
        self.files = {"quiz/index.html": page, "": (host(self.old, kept, settings, api) + frame).encode()}
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.seen: list[list[Any]] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(ADDRESS)
        if framed:
            self.quiz = next(frame for frame in self.page.frames if frame.url.endswith("index.html"))
            self.quiz.wait_for_selector("#hand-in", state="attached")

    def serve(self, route: Any) -> None:
        path = route.request.url.removeprefix(ADDRESS)
        if path.endswith(".js"):
            route.fulfill(path=str(MODULES / "scorm-again" / "dist" / path), content_type="text/javascript")
        else:
            route.fulfill(body=self.files[path], content_type="text/html; charset=utf-8")

    def enter(self, *answers: tuple[int, GeneratedItem, Any]) -> None:
        """Answers questions, each by its number on the page."""
        fields = []
        for number, generated, response in answers:
            several = len(generated.item.parts) > 1
            for place, part in enumerate(generated.item.parts, 1):
                given = (response or {}).get(part.id) if several else response
                fields.append([part.interaction.__struct_config__.tag, f"q{number}-{place}", given])
        self.quiz.evaluate(f"(fields) => fields.forEach({ENTER})", fields)

    def hand_in(self) -> str:
        """Presses the button, once more if it asks for that, and returns what the page says."""
        for _ in range(2):
            self.quiz.locator("#hand-in").dispatch_event("click")
            if "once more" not in self.said():
                break
        return self.said()

    def said(self) -> str:
        return str(self.quiz.locator("#platform").inner_text())

    def leave(self) -> None:
        self.page.evaluate("document.querySelector('iframe').remove()")

    def calls(self) -> list[list[Any]]:
        """(function, arguments, answer, error) of each call of the API."""
        self.seen += json.loads(self.page.evaluate("JSON.stringify(calls.splice(0))"))
        return self.seen

    def refused(self) -> list[list[Any]]:
        return [call for call in self.calls() if call[3]]

    def data(self) -> dict[str, Any]:
        """The run-time data as JSON."""
        found: dict[str, Any] = self.page.evaluate("JSON.parse(JSON.stringify(platform.cmi))")
        return found

    def value(self, element: str) -> Any:
        """The last value that was set."""
        set_ = [args[1] for name, args, _, _ in self.calls() if name.endswith("SetValue") and args[0] == element]
        return set_[-1] if set_ else None

    def score(self) -> float:
        """Between 0 and 1."""
        if self.old:
            return float(self.value("cmi.core.score.raw")) / float(self.value("cmi.core.score.max"))
        scaled, raw, most = (float(self.value(f"cmi.score.{name}")) for name in ("scaled", "raw", "max"))
        assert abs(scaled - raw / most) < 1e-6
        return scaled

    def interactions(self) -> list[Interaction]:
        """All that came, in their order; an answer in several pieces is one."""
        found: dict[int, dict[str, str]] = {}
        for name, (element, *value), _, error in self.calls():
            match = re.fullmatch(r"cmi\.interactions\.(\d+)\.(.+)", element)
            if name.endswith("SetValue") and match and not error:
                found.setdefault(int(match[1]), {})[match[2]] = value[0]
        read: list[Interaction] = []
        for entry in found.values():
            item, revision, part, *piece = entry["id"].split("__")
            response = entry.get("student_response", entry.get("learner_response", ""))
            if piece:
                assert int(piece[0]) > 1
                read[-1] = read[-1]._replace(response=read[-1].response + response)
                continue
            patterns = tuple(value for name, value in entry.items() if name.startswith("correct_responses"))
            about = (entry["type"], response, entry["result"], entry["latency"], patterns, entry.get("description", ""))
            read.append(Interaction(unslug(item), revision, unslug(part), *about))
        return read

    def close(self) -> None:
        self.context.close()
        assert self.complaints == []


def host(old: bool, kept: dict[str, Any] | None, settings: str, api: bool) -> str:
    """The page of the platform; it writes down each call."""
    short, prefix, class_ = ("API", "LMS", "Scorm12API") if old else ("API_1484_11", "", "Scorm2004API")
    functions = ["GetValue", "SetValue", "Commit", "GetLastError", "GetErrorString", "GetDiagnostic"]
    names = [f"{prefix}{name}" for name in functions]
    names += ["LMSInitialize", "LMSFinish"] if old else ["Initialize", "Terminate"]
    return f"""<!doctype html><meta charset="utf-8"><script src="/{"scorm12" if old else "scorm2004"}.min.js"></script>
<script>
const calls = [], platform = new {class_}({{ logLevel: 5 }}), watched = {{}};
if ({json.dumps(kept)}) platform.loadFromJSON({json.dumps(kept)}, "cmi");
{settings}
for (const name of {names}) watched[name] = (...given) => {{
  const answer = platform[name](...given), failed = name.endsWith("SetValue") && String(answer) !== "true";
  calls.push([name, given, answer, failed ? Number(platform.{prefix}GetLastError()) : 0]);
  return answer;
}};
if ({json.dumps(api)}) window.{short} = watched;
</script>"""


def unslug(name: str) -> str:
    """What a name stands for."""
    return re.sub(rb"_([0-9a-f]{2})", lambda found: bytes([int(found[1], 16)]), name.encode()).decode()


def response_of(kind: str, text: str, old: bool) -> Any:
    """The canonical response of a part."""
    comma, dot = (",", ".") if old else ("[,]", "[.]")
    if not text:
        return None
    match kind:
        case "single-choice" | "true-false":
            return unslug(text)
        case "multiple-answer" | "ordering":
            return [unslug(id_) for id_ in text.split(comma)]
        case "matching":
            return dict(map(unslug, pair.split(dot)) for pair in text.split(comma))
        case "numeric-tuple":
            return json.loads(text)
    return json.loads(text) if text.startswith('"') else text


def credit_of(result: str) -> float | None:
    """The share that a result stands for; None where the platform is told none."""
    named = {"correct": 1.0, "wrong": 0.0, "incorrect": 0.0, "neutral": None, "unanticipated": None}
    return named[result] if result in named else float(result)


def givable(item: Item, keys: tuple[PartKey, ...], response: Any) -> bool:
    """Whether a learner can give a canonical response on the page."""
    if len(item.parts) > 1 and not isinstance(response, dict):
        return False
    for part, part_key in zip(item.parts, keys, strict=True):
        given = response if len(item.parts) == 1 else response.get(part.id)
        if isinstance(part_key.key, NumericTupleKey):
            texts = given.values() if isinstance(given, dict) and set(given) <= set(part_key.key.names) else [None]
            if not all(isinstance(text, str) for text in texts):
                return False
        elif given in (None, "", [], {}):
            if part.interaction.__struct_config__.tag in ("single-choice", "true-false", "ordering"):
                return False
        elif not can_be_given(part, part_key, given):
            return False
    return True


def data_of(page: bytes) -> dict[str, Any]:
    """What the script of a page is given."""
    found = re.search(r'<script type="application/json" id="quiz-data">(.*?)</script>', page.decode(), re.DOTALL)
    assert found is not None
    data: dict[str, Any] = msgspec.json.decode(found[1])
    return data
