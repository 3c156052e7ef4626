"""``quizgen simulate``: a class to try things with."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import click

from quizgen.cli.inputs import checked_seed
from quizgen.cli.output import counted, emit, quizgen_command, say


@quizgen_command("simulate")
@click.argument("archive", metavar="OUT", type=click.Path(exists=True, file_okay=False))
@click.option("--learners", metavar="N", type=click.IntRange(1, 100_000), default=25, show_default=True,
              help="How many; a quiz that was built from a roster has its own learners.")  # fmt: skip
@click.option("--seed", metavar="S", default="1", show_default=True, help="Where the class comes from.")
@click.option("--attempts", metavar="N", type=click.IntRange(1, 20), default=1, show_default=True,
              help="How often each answers every question.")  # fmt: skip
@click.option("--strength", metavar="P", type=click.FloatRange(0, 1), default=None,
              help="How often a held misconception decides an answer; without it 0.75, 0.9 or 1.")  # fmt: skip
@click.option("--unlearn", metavar="P", type=click.FloatRange(0, 1), default=0.25, show_default=True,
              help="Share of the misconceptions that is given up from one attempt to the next.")  # fmt: skip
@click.option("-o", "--output", metavar="FILE", required=True,
              help="CSV of responses; who believes what is written beside it as FILE.truth.json.")  # fmt: skip
def command(
    archive: str, learners: int, seed: str, attempts: int, strength: float | None, unlearn: float, output: str
) -> None:
    """Submissions of an invented class with known misconceptions, in the form that `quizgen grade` reads."""
    from quizgen.archive import read_archive
    from quizgen.cli.files import write_submissions, written_beside
    from quizgen.folders import PlacedError
    from quizgen.simulation import STRENGTHS, invent_class, simulate, truth

    checked_seed(seed)
    opened = read_archive(archive)
    strengths = STRENGTHS if strength is None else (Fraction(str(strength)),)
    invented = invent_class(opened, learners, seed, strengths, attempts, Fraction(str(unlearn)))
    path = Path(output)
    believed = path.with_suffix(".truth.json")
    if path.exists() and path.is_file() and path.stat().st_size and not believed.is_file():
        raise PlacedError(path, "is there already and was not simulated", "choose another name with -o")
    count = write_submissions(path, simulate(opened, invented, seed, attempts))
    with written_beside(believed, begins='{\n  "learners"') as file:
        import json

        json.dump({"learners": truth(invented)}, file, indent=2)
        file.write("\n")
    emit(output)
    what = f"{counted(len(invented), 'learner')}, {counted(count, 'response')}"
    say(f"{what}. Next: quizgen grade {output} --quiz {archive} -o marks")
