"""A small record store: it takes statements and states over HTTP as xAPI 1.0.3 says, and can be out of order."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from tests.exporters.platforms import BY_ID, Interaction, Visit, unslug

AUTH = "Basic bGVhcm5lcjpzZWNyZXQ="
ACTIVITY = "https://courses.example/masked-words"
REGISTRATION = "3f1f0c5e-0a53-4c53-9a62-1f6f8f0f1a11"
ADA = {"objectType": "Agent", "name": "Ada", "account": {"homePage": "https://courses.example", "name": "ada"}}


class Store:
    """statements: what was taken, by id. requests: (method, path, status). trouble: a status to answer with; 0 for a
    connection that ends without an answer, None for none. dislikes: which statements are refused for good, with all of
    the same request.
    """

    def __init__(self) -> None:
        self.statements: dict[str, dict[str, Any]] = {}
        self.states: dict[str, bytes] = {}
        self.requests: list[tuple[str, str, int]] = []
        self.trouble: int | None = None
        self.dislikes: Callable[[dict[str, Any]], bool] = lambda statement: False
        store = self

        class Handler(_Handler):
            owner = store

        class Pages(_Pages):
            owner = store

        self.html = b""
        self.servers = [ThreadingHTTPServer(("127.0.0.1", 0), handler) for handler in (Handler, Pages)]
        self.endpoint, self.page = (f"http://127.0.0.1:{server.server_port}/xapi" for server in self.servers)
        for server in self.servers:
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        for server in self.servers:
            server.shutdown()
            server.server_close()

    def verbs(self) -> list[str]:
        return [statement["verb"]["id"].rpartition("/")[2] for statement in self.statements.values()]

    def of_verb(self, verb: str) -> list[dict[str, Any]]:
        return [each for each in self.statements.values() if each["verb"]["id"].endswith(f"/{verb}")]


class _Pages(BaseHTTPRequestHandler):
    """Serves the page of the package, from another origin than the store."""

    owner: Store

    def do_GET(self) -> None:
        self.send_response(200 if self.path.startswith("/xapi/index.html") else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(self.owner.html)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is printed."""


class _Handler(BaseHTTPRequestHandler):
    owner: Store
    protocol_version = "HTTP/1.1"

    def do_OPTIONS(self) -> None:
        self.answer(204)

    def do_POST(self) -> None:
        body = self.body()
        if self.refused():
            return
        statements = json.loads(body)
        known = self.owner.statements
        wrong = any(missing(statement) or self.owner.dislikes(statement) for statement in statements)
        if urlsplit(self.path).path != "/xapi/statements" or wrong:
            self.answer(400)
            return
        if any(known.get(statement["id"], statement) != statement for statement in statements):
            self.answer(409)
            return
        known |= {statement["id"]: statement for statement in statements}
        self.answer(200, json.dumps([statement["id"] for statement in statements]).encode())

    def do_PUT(self) -> None:
        body = self.body()
        if not self.refused():
            self.owner.states[self.state()] = body
            self.answer(204)

    def do_GET(self) -> None:
        if not self.refused():
            found = self.owner.states.get(self.state())
            self.answer(200 if found else 404, found or b"")

    def state(self) -> str:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        assert set(asked) >= {"activityId", "agent", "stateId"}
        return json.dumps(asked, sort_keys=True)

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers["Content-Length"]))

    def refused(self) -> bool:
        """Answers what is out of order, and requests that lack a header."""
        trouble = self.owner.trouble
        if trouble == 0:
            self.owner.requests.append((self.command, self.path, 0))
            self.close_connection = True
            return True
        if self.headers["X-Experience-API-Version"] != "1.0.3" or self.headers["Authorization"] != AUTH:
            trouble = 401
        if trouble:
            self.answer(trouble)
        return bool(trouble)

    def answer(self, status: int, body: bytes = b"") -> None:
        if self.command != "OPTIONS":
            self.owner.requests.append((self.command, urlsplit(self.path).path, status))
        self.send_response(status)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Access-Control-Allow-Methods", "GET, POST, PUT")
        self.send_header("Access-Control-Allow-Headers", "Authorization, Content-Type, X-Experience-API-Version")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is printed."""


def missing(statement: dict[str, Any]) -> list[str]:
    """The required fields that a statement of ours lacks."""
    lacking = [name for name in ("id", "actor", "verb", "object", "timestamp", "context") if not statement.get(name)]
    verb = statement.get("verb", {}).get("id", "").rpartition("/")[2]
    result, definition = statement.get("result", {}), statement.get("object", {}).get("definition", {})
    wanted = {
        "initialized": (),
        "answered": ("response", "duration"),
        "completed": ("completion", "duration"),
        "passed": ("completion", "success", "score"),
        "failed": ("completion", "success", "score"),
    }
    lacking += [f"result.{name}" for name in wanted.get(verb, ("verb",)) if name not in result]
    if verb == "answered":
        lacking += [name for name in ("type", "interactionType", "name", "description") if not definition.get(name)]
    if "score" in result:
        lacking += [f"score.{name}" for name in ("scaled", "raw", "min", "max") if name not in result["score"]]
    return lacking


class Launched(Visit):
    """A visit of a page that was launched with a store."""

    def __init__(self, context: Any, store: Store, **launch: str) -> None:
        self.store = store
        self.page = self.quiz = context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(f"{store.page}/index.html?{urlencode(launch, quote_via=quote)}")

    def wait_for(self, condition: Any) -> None:
        """Until the store has what it has to have."""
        for _ in range(1200):
            if condition():
                return
            self.page.wait_for_timeout(25)
        raise AssertionError("the store never got it")

    def hand_in(self) -> str:
        """Handed in, and arrived."""
        said = super().hand_in()
        self.wait_for(lambda: not self.waiting())
        return said

    def waiting(self) -> list[dict[str, Any]]:
        """The statements that the browser keeps."""
        kept = self.page.evaluate("Object.entries(localStorage)")
        return [json.loads(text) for name, text in kept if " statement " in name]

    def interactions(self) -> list[Interaction]:
        found = []
        for statement in self.store.of_verb("answered"):
            about, result = statement["object"]["definition"], statement["result"]
            item, revision, part = statement["object"]["id"].removeprefix(f"{ACTIVITY}/").split("__")
            score, named = result.get("score"), about["extensions"]["urn:x-quizgen:item"]
            assert (named["item"], named["part"]) == (unslug(item), unslug(part))
            assert (score is None) is ("success" not in result)
            assert score is None or result["success"] is (score["scaled"] > 1 - 1e-6)
            kinds = {each.id: each.interaction.__struct_config__.tag for each in BY_ID[named["item"]].item.parts}
            unread = "unanticipated" if kinds[named["part"]] in ("numeric", "numeric-tuple") else "neutral"
            told = unread if score is None else str(score["scaled"])
            patterns = tuple(about.get("correctResponsesPattern", ()))
            answered = (about["interactionType"], result["response"], told, result["duration"], patterns)
            found.append(Interaction(named["item"], revision, named["part"], *answered, about["description"]["en"]))
        return found

    def score(self) -> float:
        score = self.store.of_verb("completed")[-1]["result"]["score"]
        assert abs(score["scaled"] - score["raw"] / score["max"]) < 1e-6
        return float(score["scaled"])
