"""What several commands take: the bank, and where the draws come from."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from quizgen.cli.output import say

if TYPE_CHECKING:
    from quizgen.bank import Bank, Banks
    from quizgen.sampling.draws import Source
    from quizgen.sampling.predictions import Predictor

SECRET_VARIABLE = "QUIZGEN_SECRET"  # noqa: S105 - the name of a variable, not a secret
DEFAULT_SEED = "1"
LONGEST_SECRET = 100_000
"""Bytes; a longer file is no secret but a mistake."""


def open_bank(folder: str | None) -> Bank:
    """The bank in this folder, or the one that comes with quizgen; with the sentences that --sentences names."""
    from quizgen.bank import load_bank

    context = click.get_current_context(silent=True)
    sentences = context.meta.get("quizgen.sentences", ()) if context else ()
    return load_bank(Path(folder) if folder is not None else None, sentences)


def open_banks(folders: Sequence[str]) -> Bank | Banks:
    """The banks in these folders, seen as one; the one that comes with quizgen if there are none."""
    from quizgen.bank import load_banks

    context = click.get_current_context(silent=True)
    return load_banks(folders, context.meta.get("quizgen.sentences", ()) if context else ())


def source_of_draws(seed: str | None, secret_file: str | None, purpose: str = "practice") -> Source:
    """A source of draws from the options of a command line; an exam's comes from a secret, fresh if none is given."""
    from quizgen.sampling.draws import Source

    if seed is not None and secret_file is not None:
        raise click.UsageError("--seed and --secret-file exclude each other; give one of them")
    checked_seed(seed)
    if purpose == "exam" and seed is not None:
        raise click.UsageError("an exam is drawn from a secret, not from a seed that can be guessed; use --secret-file")
    if secret_file is None and purpose != "exam":
        return Source(DEFAULT_SEED if seed is None else seed)
    secret, place = _secret(secret_file)
    try:
        return Source(secret=secret)
    except ValueError as error:
        raise click.UsageError(f"{place}: {error}") from error


def predictor_of(written: str | None) -> Predictor | None:
    """The model that ``--probabilities`` names, as ``hf:DIR``; None if the option was not given."""
    if written is None:
        return None
    library, _, folder = written.partition(":")
    if library != "hf" or not folder:
        raise click.UsageError(f"--probabilities is hf:DIR, the folder of a model for transformers, not {written!r}")
    from quizgen.sampling.masked_model import MaskedModel

    return MaskedModel(folder)


def checked_seed(seed: str | None) -> None:
    """Raises UsageError for a seed that was given and is empty, as an unset variable leaves it."""
    if seed == "":
        raise click.UsageError("--seed is empty; give any text or number, or leave it out")


def _secret(secret_file: str | None) -> tuple[bytes, str]:
    if secret_file is not None:
        with Path(secret_file).open("rb") as file:
            secret = file.read(LONGEST_SECRET + 1)
        if len(secret) > LONGEST_SECRET:
            raise click.UsageError(f"{secret_file}: a secret has at most {LONGEST_SECRET:,} bytes; name another file")
        return secret.strip(), secret_file
    if value := os.environ.get(SECRET_VARIABLE):
        return value.encode(), f"the variable {SECRET_VARIABLE}"
    say(
        "Drawn from a fresh secret, which is not kept: the archive holds what was drawn, and nobody can draw it again. "
        "To be able to, give --secret-file FILE."
    )
    return secrets.token_hex(32).encode(), "the fresh secret"
