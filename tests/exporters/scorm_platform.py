"""A platform for packages of SCORM: scorm-again around the page in Chromium."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.exporters.platforms import Interaction, Visit, unslug
from tests.exporters.qti_players import MODULES

ADDRESS = "http://platform.test/"


class Platform(Visit):
    """A page with the API around the quiz. kept: the run-time data of an earlier visit."""

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
