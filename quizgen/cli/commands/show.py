"""``quizgen show``: one question, for whoever writes or reviews it."""

from __future__ import annotations

import click

from quizgen.cli.inputs import open_banks, source_of_draws
from quizgen.cli.output import banks_option, emit, json_option, quizgen_command, sentences_option


@quizgen_command("show")
@click.argument("template")
@click.option("--variant", metavar="N", type=click.IntRange(min=0), help="Which draw.  [default: 0]")
@click.option("--fixed", metavar="NAME", help="A draw that the template names, such as S8, instead of a variant.")
@click.option("--seed", metavar="S", help="Where the draws come from.  [default: 1]")
@click.option("--language", metavar="LANG", help="Such as de; the language of the bank by default.")
@click.option("--question-only", is_flag=True, help="Without key, hints and solution.")
@banks_option
@sentences_option
@json_option
def command(
    template: str,
    variant: int | None,
    fixed: str | None,
    seed: str | None,
    language: str | None,
    question_only: bool,
    banks: tuple[str, ...],
    as_json: bool,
) -> None:
    """One question in the terminal: stem, options, key, the beliefs behind wrong answers, hints and solution."""
    from quizgen.generator import generate

    if variant is not None and fixed is not None:
        raise click.UsageError("--variant and --fixed exclude each other; give one of them")
    opened = open_banks(banks)
    generated = generate(
        opened.template(template),
        variant or 0,
        bank=opened.home(template),
        source=source_of_draws(seed, None),
        language=language,
        fixed=fixed,
    )
    if as_json:
        from grading.answersheet import to_json

        emit(to_json(generated.item if question_only else generated).decode())
        return
    from quizgen.cli.terminal import question_text

    emit(question_text(generated, with_answer=not question_only))
