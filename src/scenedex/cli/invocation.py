"""Form in which the user called the command, so that hints work as typed."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

DEFAULT_FOLDER: Final = "scenedex-data"
_NAME: Final = "scenedex"
# Operators' commands, which have --data-dir.
_OF_OPERATORS: Final = (
    r"serve|worker|setup|doctor|reconcile|config|search reindex|keys \w+|console \w+|buckets \w+|jobs \w+|weights \w+"
)
_OF_USERS: Final = r"demo|workspaces|projects|assets|index|persons|search|statistics|audit"
# Start of a command in a text. A path or a hyphen before the name, or a colon after it, is no command.
_COMMAND: Final = re.compile(rf"(?<![\w./-]){_NAME} (?P<words>{_OF_OPERATORS}|{_OF_USERS})(?![\w:])")


@dataclass(frozen=True, slots=True)
class Invocation:
    """Call of this process.

    Attributes:
        program: name or path of the command, as a shell accepts it in the current folder.
        data_dir: data folder to name in hints, or `None` for the default one.
    """

    program: str
    data_dir: str | None = None

    @classmethod
    def of_process(cls, data_dir: Path | None = None) -> Self:
        """Return the call of this process. ``data_dir`` is the data folder in force, if it is known."""
        given = data_dir or _folder_of(sys.argv, os.environ.get("SCENEDEX_DATA_DIR"))
        program = program_as_typed(sys.argv[0], sys.executable, Path.cwd(), shutil.which)
        return cls(program, _shown_folder(given, Path.cwd()))

    def command(self, words: str) -> str:
        """Return a command of Scenedex as it works when typed."""
        return self.typed(f"{_NAME} {words}")

    def typed(self, text: str) -> str:
        """Return a text in which every command ``scenedex …`` works when typed."""
        return _COMMAND.sub(self._replaced, text)

    def _replaced(self, found: re.Match[str]) -> str:
        words = found["words"]
        is_operators = self.data_dir is not None and re.fullmatch(_OF_OPERATORS, words)
        return f"{self.program} {words} --data-dir {self.data_dir}" if is_operators else f"{self.program} {words}"


def program_as_typed(called: str, executable: str, here: Path, which: Callable[[str], str | None]) -> str:
    """Return the name or path with which a shell in a folder finds the command.

    Args:
        called: first word of the command line, as the system passed it.
        executable: path of the interpreter.
        here: current folder.
        which: returns the path of a program that the shell finds by its name.
    """
    script = Path(called)
    if script.name != _NAME:  # python -m scenedex
        script = Path(executable).with_name(_NAME)
    script = here / script
    found = which(_NAME)
    if found is not None and Path(found).absolute() == script:
        return _NAME
    if not script.is_file():
        return f"{shlex.quote(str(_near(Path(executable), here)))} -m {_NAME}"
    return shlex.quote(str(_near(script, here)))


def _near(path: Path, here: Path) -> Path:
    """Return a path relative to a folder if it is inside it."""
    return path.relative_to(here) if path.is_relative_to(here) else path


def _folder_of(arguments: Sequence[str], variable: str | None) -> Path | None:
    """Return the data folder that a command line or the environment names."""
    for number, word in enumerate(arguments):
        if word == "--data-dir" and number + 1 < len(arguments):
            return Path(arguments[number + 1])
        if word.startswith("--data-dir="):
            return Path(word.partition("=")[2])
    return Path(variable) if variable else None


def _shown_folder(folder: Path | None, here: Path) -> str | None:
    if folder is None or (here / folder.expanduser()) == here / DEFAULT_FOLDER:
        return None
    return shlex.quote(str(_near(here / folder.expanduser(), here)))
