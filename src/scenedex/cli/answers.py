"""Questions on the terminal, and the names that people type as answers."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Final

import typer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NONE: Final = "none"
_SEPARATORS: Final = re.compile(r"[\s,;]+")


def names_typed(text: str, names: Mapping[str, str]) -> list[str]:
    """Return the names in a text, in the order of ``names``.

    Args:
        text: names, or their meanings of one word, in any case, separated by commas or spaces. Or `NONE` alone.
        names: allowed names with their meanings.

    Raises:
        typer.BadParameter: the text has another word, or no word.
    """
    known = {meaning.casefold(): name for name, meaning in names.items()} | {name.casefold(): name for name in names}
    words = [word.casefold() for word in _SEPARATORS.split(text) if word]
    allowed = ", ".join((*names, NONE))
    if unknown := [word for word in words if word not in known and word != NONE]:
        raise typer.BadParameter(f"{unknown[0]!r} is none of {allowed}")
    if not words:
        raise typer.BadParameter(f"it is empty. Give one or more of {allowed}")
    if NONE in words and len({*words}) > 1:
        raise typer.BadParameter(f"{NONE!r} excludes all other names")
    chosen = {known[word] for word in words if word != NONE}
    return [name for name in names if name in chosen]


def ask(question: str, default: str, read: Callable[[str], list[str]], options: str) -> list[str]:
    """Ask until the answer can be read.

    Args:
        question: text to show.
        default: answer of a user who only presses Enter.
        read: returns the answer from what was typed, or raises `typer.BadParameter`.
        options: options of the command that answer its questions, in words, for a process without a terminal.

    Raises:
        typer.BadParameter: there is neither a terminal nor more input.
        typer.Abort: the user interrupts the question.
    """
    try:
        return typer.prompt(question, default=default, value_proc=read)
    except typer.Abort:
        _require_terminal(options)
        raise


def confirm(question: str, options: str, *, default: bool | None = False, err: bool = False) -> bool:
    """Ask for a yes or no.

    Raises:
        typer.BadParameter: there is neither a terminal nor more input. It names the ``options`` that answer.
        typer.Abort: the user interrupts the question.
    """
    try:
        return typer.confirm(question, default=default, err=err)
    except typer.Abort:
        _require_terminal(options)
        raise


def _require_terminal(options: str) -> None:
    if not sys.stdin.isatty():
        typer.echo(err=True)
        raise typer.BadParameter(f"there is no terminal to ask on. Answer with {options}") from None
