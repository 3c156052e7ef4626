"""What all tests share: hypothesis without chance, and programs of others that tests need ("consumers").

A consumer that is not installed here does not fail the tests that need it: they are listed at the end under "not
run". With ``CI=true`` everything must be there, and a missing consumer is a failure.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is no fault of a test, so nothing is judged by the time that it takes.
settings.register_profile("repeatable", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("repeatable")

Missing = Callable[[str, str], NoReturn]
SIGN = " is missing: "
"""Stands in the reason of a test that was not run; with several workers the reasons are all that comes back."""

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_OPTIONS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)

collect_ignore = ["consumers"]
"""Programs of others, and those that run in environments of their own."""


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """Ctrl-C interrupts this program and those that it starts, also where a shell began the tests with it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def not_run(consumer: str, how: str) -> NoReturn:
    """Ends a test whose consumer is missing. how: what to install."""
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(consumer + SIGN + how, pytrace=False)
    pytest.skip(consumer + SIGN + how)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    missing: dict[str, list[str]] = {}
    for report in terminalreporter.stats.get("skipped", ()):
        reason = report.longrepr[2].removeprefix("Skipped: ") if isinstance(report.longrepr, tuple) else ""
        if SIGN in reason:
            missing.setdefault(reason, []).append(report.nodeid)
    if missing:
        terminalreporter.section("not run")
    for reason, tests in sorted(missing.items()):
        terminalreporter.write_line(f"{reason}; tests that need it ({len(tests)}):")
        for test in sorted(tests):
            terminalreporter.write_line(f"    {test}")


@pytest.fixture
def missing() -> Missing:
    """``missing(consumer, how)`` ends the test as not run. For fixtures that start a consumer."""
    return not_run


@pytest.fixture(scope="session")
def started_browser() -> Iterator[Any]:
    """Chromium, or what is missing to start it, as text."""
    path = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        yield "pip install playwright"
        return
    if path is None:
        yield "apt-get install chromium"
        return
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_OPTIONS.split())
        except Error as error:
            yield f"a {path} that starts: {str(error).splitlines()[0]}"
            return
        yield browser
        browser.close()


@pytest.fixture
def browser(started_browser: Any, missing: Missing) -> Any:
    """A Chromium browser that Playwright drives."""
    if isinstance(started_browser, str):
        missing("Chromium", started_browser)
    return started_browser


CONSUMERS = Path(__file__).parent / "consumers"


@pytest.fixture
def run_node(missing: Missing) -> Callable[[str, str], Any]:
    """``run_node(script, text)`` gives the text to a script of ``tests/consumers`` and returns the JSON it prints."""
    node = shutil.which("node")
    if node is None:
        missing("Node.js", "apt-get install nodejs npm")
    if not (CONSUMERS / "node_modules").is_dir():
        missing("Packages of Node.js", "npm ci --ignore-scripts --prefix tests/consumers")

    def run(script: str, text: str) -> Any:
        done = subprocess.run(
            [node, CONSUMERS / script], input=text.encode(), capture_output=True, check=True, timeout=300
        )
        return json.loads(done.stdout)

    return run


@pytest.fixture
def run_maxima(missing: Missing) -> Callable[[str], str]:
    """``run_maxima(code)`` runs a file of Maxima code in a new session and returns what it prints."""
    maxima = shutil.which("maxima")
    if maxima is None:
        missing("Maxima", "apt-get install maxima")

    def run(code: str) -> str:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "code.mac"
            path.write_text(code, encoding="utf-8")
            command = [maxima, "--very-quiet", "-r", f'load("{path}")$ quit()$']
            done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=True, timeout=300)
        return done.stdout.decode("utf-8", "replace")

    return run


@pytest.fixture(scope="session")
def started_capa() -> Iterator[Any]:
    """The real problems of Open edX, or what is missing to start them, as text."""
    from tests.exporters import openedx

    if not openedx.PYTHON.exists():
        yield "make test installs it"
        return
    consumer = openedx.Consumer()
    yield consumer
    consumer.close()


@pytest.fixture
def capa(started_capa: Any, missing: Missing) -> Callable[[dict[str, Any]], Any]:
    """``capa(job)`` gives a job to the real problems of Open edX; see ``tests/consumers/openedx/capa.py``."""
    if isinstance(started_capa, str):
        missing("Open edX", started_capa)
    return started_capa  # type: ignore[no-any-return]


@pytest.fixture
def call(capfdbinary: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., tuple[int, str, str]]:
    """Runs a command line in an empty folder; gives (exit code, standard output, standard error)."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / ".cache"))
    monkeypatch.delenv("QUIZGEN_DEBUG", raising=False)
    monkeypatch.delenv("QUIZGEN_SECRET", raising=False)

    def called(*arguments: object, stdin: bytes = b"") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        from quizgen.cli.program import run

        code = run([str(argument) for argument in arguments])
        out, err = capfdbinary.readouterr()
        assert b"Traceback" not in err
        assert code != 70, err.decode()
        return code, out.decode(), err.decode()

    return called
