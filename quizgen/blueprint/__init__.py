"""Blueprints: what an exam consists of, slot by slot, from a YAML file.

    title: Midterm
    language: en
    variants: 30
    minutes: 90
    versions: [A, B]
    sections:
      - {title: Calculation, instructions: A calculator is allowed., minutes: 40}
    slots:
      - {template: obj-expression-choice, points: 2, radicals: {masks.count: 3}}
      - {concept: c-mlm-nll, kind: numeric, difficulty: medium, count: 2, section: Calculation}
      - {bloom: understand, points: 1}

A slot names its template, several of them, or says what the template must be about. Which templates those are is
decided for all slots together, so that a slot with much to choose from leaves to the others what they need. A blueprint
that cannot be met says which slots lack what.
"""

from __future__ import annotations

from quizgen.blueprint.planning import plan_blueprint
from quizgen.blueprint.reading import read_blueprint
from quizgen.blueprint.records import Blueprint, SlotRequest

__all__ = ["Blueprint", "SlotRequest", "plan_blueprint", "read_blueprint"]
