"""``quizgen completion``: completion for a shell, by click itself."""

from __future__ import annotations

import click

from quizgen.cli.output import emit, quizgen_command, say

PLACES = {
    "bash": "quizgen completion bash > ~/.local/share/bash-completion/completions/quizgen",
    "zsh": "quizgen completion zsh > ~/.zfunc/_quizgen    (with ~/.zfunc in fpath before compinit)",
    "fish": "quizgen completion fish > ~/.config/fish/completions/quizgen.fish",
}


@quizgen_command("completion")
@click.argument("shell", type=click.Choice(list(PLACES)))
def command(shell: str) -> None:
    """Prints the script that completes commands and options in your shell.

    \b
    bash   quizgen completion bash > ~/.local/share/bash-completion/completions/quizgen
    zsh    quizgen completion zsh > ~/.zfunc/_quizgen    (with ~/.zfunc in fpath before compinit)
    fish   quizgen completion fish > ~/.config/fish/completions/quizgen.fish
    """
    from click.shell_completion import get_completion_class

    from quizgen.cli.program import program

    kind = get_completion_class(shell)
    assert kind is not None, "click knows the three shells"
    emit(kind(program, {}, "quizgen", "_QUIZGEN_COMPLETE").source())
    say(f"To keep it: {PLACES[shell]}")
