"""The plots of the report as inline SVG: numbers in, text out, colours by the style sheet.

Every picture has a title for those who hear it, and stands beside the same numbers in words. Coordinates are rounded
to a tenth, so that the same report has the same bytes.
"""

from __future__ import annotations

import html
from collections.abc import Sequence

from grading.statistics.distribution import Bar, Distribution
from quizgen.class_report.record import Question, Variant
from quizgen.class_report.words import Words

_PAD = 14


def _n(value: float) -> str:
    return f"{round(value, 1) + 0.0:g}"


def _svg(width: int, height: int, title: str, body: Sequence[str], kind: str) -> str:
    return (
        f'<svg class="{kind}" viewBox="0 0 {width} {height}" role="img" aria-label="{html.escape(title)}">'
        f"{''.join(body)}</svg>"
    )


def _text(x: float, y: float, text: str, kind: str = "", anchor: str = "middle") -> str:
    marks = f' class="{kind}"' if kind else ""
    return f'<text x="{_n(x)}" y="{_n(y)}" text-anchor="{anchor}"{marks}>{html.escape(text)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line class="{kind}" x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}"/>'


def _rect(x: float, y: float, width: float, height: float, kind: str, round_: float = 0) -> str:
    corner = f' rx="{_n(round_)}"' if round_ else ""
    return f'<rect class="{kind}" x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}"{corner}/>'


def histogram(found: Distribution, words: Words) -> str:
    """Bars of the shares of the points; their area is the number of learners."""
    width, height, left, right, top, bottom = 760, 290, 44, 26, 30, 46
    density = {bar: bar.learners / ((bar.high - bar.low) * 10) for bar in found.bars}
    highest = max(density.values(), default=1) or 1
    tick = _tick(highest)
    ceiling = max(tick, -(-highest // tick) * tick)

    def x(share: float) -> float:
        return left + share * (width - left - right)

    def y(value: float) -> float:
        return height - bottom - value / ceiling * (height - top - bottom)

    body: list[str] = []
    for step in range(int(ceiling / tick + 1e-9) + 1):
        told = words.number(step * tick, 0 if tick >= 1 else 1)
        body.append(_line(left, y(step * tick), width - right, y(step * tick), "grid"))
        body.append(_text(left - 8, y(step * tick) + 4, told, "tick", "end"))
    for bar in found.bars:
        if bar.learners:
            up = y(density[bar])
            body.append(_rect(x(bar.low) + 1, up, x(bar.high) - x(bar.low) - 2, y(0) - up, "bar", 2))
            body.append(_text((x(bar.low) + x(bar.high)) / 2, up - 6, words.whole(bar.learners), "value"))
    body.append(_line(left, y(0), width - right, y(0), "axis"))
    for step in range(0, 11, 2):
        body.append(_text(x(step / 10), height - bottom + 18, words.percent(step / 10), "tick"))
    if found.mean is not None:
        body.append(_line(x(found.mean), top - 12, x(found.mean), y(0), "mean"))
        anchor = "end" if found.mean > 0.5 else "start"
        shift = -6 if anchor == "end" else 6
        label = f"{words('mean')} {words.percent(found.mean)}"
        body.append(_text(x(found.mean) + shift, top - 14, label, "mean-label", anchor))
    body.append(_text(x(0.5), height - 6, words("axis-share"), "label"))
    body.append(_text(left - 34, top - 14, words("axis-density"), "label", "start"))
    return _svg(width, height, words("scores-caption"), body, "plot histogram")


def _tick(highest: float) -> float:
    """A round step of which about four reach the top."""
    size = 1.0
    while size * 5 < highest:
        size *= 10
    for step in (size / 10, size / 5, size / 2, size):
        if highest / step <= 5:
            return step
    return size


def bars_in_words(bars: Sequence[Bar], words: Words) -> list[tuple[str, str]]:
    """The same as `histogram`, row by row."""
    return [
        (
            f"{words.percent(bar.low)} – {words.percent(bar.high)}",
            words.whole(bar.learners) if bar.learners else words("nobody"),
        )
        for bar in bars
    ]


def share_bar(share: float, low: float | None, high: float | None, kind: str = "") -> str:
    """A share as a bar with its interval, to stand beside the number."""
    width, height = 120, 16

    def x(value: float) -> float:
        return 1 + value * (width - 2)

    body = [
        _rect(1, 3, width - 2, 10, "track", 2),
        _rect(1, 3, max(1.5, share * (width - 2)), 10, f"fill {kind}".strip(), 2),
    ]
    if low is not None and high is not None:
        body += [_line(x(low), 8, x(high), 8, "whisker"), _line(x(low), 4.5, x(low), 11.5, "whisker"),
                 _line(x(high), 4.5, x(high), 11.5, "whisker")]  # fmt: skip
    return f'<svg class="inline" viewBox="0 0 {width} {height}" aria-hidden="true">{"".join(body)}</svg>'


def effect_bar(value: float, low: float, high: float, reach: float, kind: str = "") -> str:
    """A number with its interval on a line with 0 in the middle. reach: what the ends of the line stand for."""
    width, height, half = 120, 16, 59

    def x(number: float) -> float:
        return 60 + max(-1.0, min(1.0, number / reach)) * half

    body = [_line(1, 8, width - 1, 8, "base"), _line(60, 2, 60, 14, "zero"), _line(x(low), 8, x(high), 8, "whisker"),
            f'<circle class="dot {kind}" cx="{_n(x(value))}" cy="8" r="4"/>']  # fmt: skip
    return f'<svg class="inline" viewBox="0 0 {width} {height}" aria-hidden="true">{"".join(body)}</svg>'


def variant_bars(variants: Sequence[Variant]) -> list[str]:
    """A picture for each variant of one question, all on the same scale."""
    reach = max([0.1, *(abs(end) for v in variants for end in (v.interval.low, v.interval.high))])
    return [effect_bar(v.effect, v.interval.low, v.interval.high, reach) for v in variants]


def move_line(first: float, last: float, reach: float = 1.0) -> str:
    """From a hollow dot to a full one: two shares. reach: the share that the end of the line stands for."""
    width, height = 120, 16

    def x(value: float) -> float:
        return 7 + value / reach * (width - 14)

    better = "better" if last < first else "worse" if last > first else ""
    body = [_line(7, 8, width - 7, 8, "base"), _line(x(first), 8, x(last), 8, f"way {better}".strip()),
            f'<circle class="hollow {better}" cx="{_n(x(first))}" cy="8" r="4.5"/>',
            f'<circle class="dot {better}" cx="{_n(x(last))}" cy="8" r="4.5"/>']  # fmt: skip
    return f'<svg class="inline" viewBox="0 0 {width} {height}" aria-hidden="true">{"".join(body)}</svg>'


def question_map(questions: Sequence[Question], marked: frozenset[int], words: Words) -> str:
    """Each question by facility and discrimination; marked ones are filled."""
    width, height, left, right, top, bottom = 760, 400, 52, 28, 16, 48
    shown = [q for q in questions if q.facility is not None and q.discrimination is not None]
    lowest = min([-0.1, *(q.discrimination or 0.0 for q in shown)])
    floor = max(-1.0, (lowest * 4 - 0.2) // 1 / 4)
    ceiling = min(1.0, max([0.75, *((q.discrimination or 0.0) + 0.1 for q in shown)]))

    def x(share: float) -> float:
        return left + share * (width - left - right)

    def y(value: float) -> float:
        return height - bottom - (value - floor) / (ceiling - floor) * (height - top - bottom)

    body = []
    for step in range(-4, 5):
        if floor - 1e-9 <= step / 4 <= ceiling + 1e-9:
            body += [_line(left, y(step / 4), width - right, y(step / 4), "zero" if step == 0 else "grid"),
                     _text(left - 8, y(step / 4) + 4, words.number(step / 4), "tick", "end")]  # fmt: skip
    for step in range(0, 11, 2):
        body += [_line(x(step / 10), top, x(step / 10), height - bottom, "grid"),
                 _text(x(step / 10), height - bottom + 18, words.percent(step / 10), "tick")]  # fmt: skip
    for number, at_x, at_y in _apart([(q.number, x(q.facility or 0), y(q.discrimination or 0)) for q in shown]):
        kind = "spot marked" if number in marked else "spot"
        body.append(
            f'<a href="#q{number}"><circle class="{kind}" cx="{_n(at_x)}" cy="{_n(at_y)}" r="11"/>'
            + _text(at_x, at_y + 4, str(number), f"{kind}-number".replace("spot marked", "marked"))
            + "</a>"
        )
    body.append(_text((left + width - right) / 2, height - 6, words("map-x"), "label"))
    middle = (top + height - bottom) / 2
    body.append(f'<text class="label" text-anchor="middle" transform="translate(13 {_n(middle)}) rotate(-90)">'
                f"{html.escape(words('map-y'))}</text>")  # fmt: skip
    return _svg(width, height, words("map"), body, "plot map")


def _apart(spots: Sequence[tuple[int, float, float]]) -> list[tuple[int, float, float]]:
    """Dots that would cover each other are moved aside, as little as it takes."""
    placed: list[tuple[int, float, float]] = []
    for number, x, y in spots:
        for ring in range(60):
            angle_x, angle_y = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, -1), (1, -1), (-1, 1))[ring % 8]
            step = (ring + 7) // 8 * _PAD if ring else 0
            at_x, at_y = x + angle_x * step, y + angle_y * step
            if all((at_x - px) ** 2 + (at_y - py) ** 2 >= 20**2 for _, px, py in placed):
                break
        else:
            at_x, at_y = x, y
        placed.append((number, at_x, at_y))
    return placed
