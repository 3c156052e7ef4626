"""``quizgen build``: draws a quiz and freezes it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from quizgen.cli.inputs import DEFAULT_SEED, SECRET_VARIABLE, open_banks, predictor_of, source_of_draws
from quizgen.cli.output import (
    banks_option,
    counted,
    emit,
    emit_json,
    json_option,
    progress,
    quizgen_command,
    say,
    sentences_option,
)

if TYPE_CHECKING:
    from quizgen.assembly import Assembly


@quizgen_command("build")
@click.argument("templates", metavar="[TEMPLATE]...", nargs=-1)
@click.option("--blueprint", metavar="FILE", type=click.Path(exists=True, dir_okay=False), help="A plan of the quiz.")
@banks_option
@sentences_option
@click.option("--variants", metavar="N", type=click.IntRange(1, 100_000), default=20, show_default=True,
              help="Distinct variants in the pool of each question.")  # fmt: skip
@click.option("--seed", metavar="S", help=f"Where the draws come from.  [default: {DEFAULT_SEED}]")
@click.option("--secret-file", metavar="FILE", type=click.Path(exists=True, dir_okay=False),
              help=f"Draw from this secret instead; also from the variable {SECRET_VARIABLE}.")  # fmt: skip
@click.option("--roster", metavar="FILE", type=click.Path(exists=True, dir_okay=False),
              help="CSV with a column `learner`: each gets a form.")  # fmt: skip
@click.option("--versions", metavar="A,B", help="Papers that are the same for many, such as A,B.")
@click.option("--avoid", metavar="OUT", multiple=True, help="Show nothing that this archive shows. May be repeated.")
@click.option("--for", "purpose", type=click.Choice(["practice", "exam"]), default="practice", show_default=True,
              help="An exam is drawn from a secret; learners get no keys.")  # fmt: skip
@click.option("--title", metavar="TEXT", help="Title of the quiz; the bank's by default.")
@click.option("--language", metavar="LANG", help="Such as de; the language of the bank by default.")
@click.option("--probabilities", metavar="hf:DIR",
              help="Take probabilities of true words from the masked language model in this folder.")  # fmt: skip
@click.option("-o", "--output", metavar="OUT", required=True, help="The folder of the archive.")
@click.option("--strict", is_flag=True, help="Write nothing if a pool cannot be filled.")
@json_option
def command(
    templates: tuple[str, ...],
    blueprint: str | None,
    banks: tuple[str, ...],
    variants: int,
    seed: str | None,
    secret_file: str | None,
    roster: str | None,
    versions: str | None,
    avoid: tuple[str, ...],
    purpose: str,
    title: str | None,
    language: str | None,
    probabilities: str | None,
    output: str,
    strict: bool,
    as_json: bool,
) -> None:
    """Draws a quiz and freezes it in the sealed archive OUT.

    With no TEMPLATE and no blueprint: 20 questions of the whole bank. The same seed gives the same bytes.
    A pool that cannot be filled with distinct variants is reported and left smaller; with --strict it ends with 1.
    """
    if templates and blueprint:
        raise click.UsageError("give template names or a blueprint, not both")
    from quizgen.archive import read_archive
    from quizgen.assembly import assemble, used_in
    from quizgen.blueprint import plan_blueprint, read_blueprint
    from quizgen.findings import FindingsError
    from quizgen.roster import read_roster

    source = source_of_draws(seed, secret_file, purpose)
    learners = read_roster(Path(roster)) if roster else ()
    opened = open_banks(banks)
    plan = read_blueprint(Path(blueprint)) if blueprint else None
    slots = plan_blueprint(plan, opened, variants) if plan else None
    papers = tuple(name.strip() for name in (versions or "").split(",") if name.strip())
    if len(set(papers)) != len(papers):
        raise click.UsageError("--versions names a version twice; write A,B")
    if plan:
        title, language = title or plan.title or None, language or plan.language or None
    predictor = predictor_of(probabilities)
    with progress("Drawing questions") as on_progress:
        assembly = assemble(
            opened,
            templates or None,
            source=source,
            slots=slots,
            variants=variants,
            roster=learners,
            versions=papers or (plan.versions if plan else ()),
            used=used_in(read_archive(folder) for folder in avoid) if avoid else None,
            apart=plan.apart if plan else False,
            minutes=plan.minutes if plan else 0,
            sections=plan.sections if plan else (),
            purpose="exam" if purpose == "exam" else "practice",
            title=title,
            titles=dict(plan.titles) if plan else {},
            language=language,
            predictor=predictor,
            on_progress=on_progress,
        )
        on_progress(len(assembly.generated), len(assembly.generated))
    if strict and assembly.findings:
        raise FindingsError(assembly.findings)
    assembly.freeze(output)
    _report(assembly, output, as_json)


def _report(assembly: Assembly, output: str, as_json: bool) -> None:
    quiz = assembly.quiz
    items = sum(len(slot.pool) for slot in quiz.slots)
    if as_json:
        emit_json(
            {
                "archive": output,
                "quiz": quiz.id,
                "slots": [
                    {"id": slot.id, "templates": slot.templates, "variants": len(slot.pool)} for slot in quiz.slots
                ],
                "items": items,
                "forms": len(quiz.forms),
                "findings": [str(finding) for finding in (*assembly.findings, *assembly.notes)],
            }
        )
    else:
        emit(output)
    for finding in (*assembly.findings, *assembly.notes):
        say(str(finding))
    forms = f", {counted(len(quiz.forms), 'form')}" if quiz.forms else ""
    what = f"{counted(len(quiz.slots), 'question')} with {counted(items, 'variant')}{forms}"
    say(f"{what}. Next: quizgen export {output} --to html")
