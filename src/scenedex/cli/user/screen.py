"""Output of commands: tables and notes for people, JSON for programs, progress and errors."""

from __future__ import annotations

import itertools
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self, TypeVar

import msgspec
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from scenedex.cli.user.rendering import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Sequence

    from rich.console import RenderableType

T = TypeVar("T", bound=msgspec.Struct)

ROWS_PER_TABLE: Final = 1000
# Rich cuts to 80 columns if the output is not a terminal. Files and pipes get whole rows.
FILE_WIDTH: Final = 4000


class Bar:
    """A progress bar on a terminal, and a line for each stage elsewhere."""

    def __init__(self, progress: Progress, task: TaskID, say: Callable[[str], None] | None) -> None:
        self._progress = progress
        self._task = task
        self._say = say
        self._last = ""

    def show(self, percent: float | None, words: str = "") -> None:
        """Show the progress in percent (0-100), or None if it is not known, and the stage in words."""
        self._progress.update(self._task, total=None if percent is None else 100, completed=percent or 0, words=words)
        if self._say is not None and words not in {"", self._last}:
            self._say(words if percent is None else f"{words}, {percent:.0f} %")
            self._last = words

    def finish(self) -> None:
        """Show the end."""
        self._progress.update(self._task, total=100, completed=100, words="")
        if self._say is not None and self._last:
            self._say("done")


@dataclass(frozen=True, slots=True)
class Screen:
    """Standard output and standard error.

    Attributes:
        out: console for results.
        err: console for progress and errors.
        as_json: whether results are printed as JSON, one document per line and one line per item of a list.
    """

    out: Console
    err: Console
    as_json: bool

    @classmethod
    def standard(cls, *, as_json: bool) -> Self:
        """Return the screen of this process."""
        return cls(output_console(), Console(stderr=True, highlight=False), as_json)

    def one(self, result: T, render: Callable[[T], RenderableType]) -> None:
        """Print a result."""
        if self.as_json:
            typer.echo(msgspec.json.encode(result))
        else:
            self.out.print(render(result))

    def document(self, document: bytes) -> None:
        """Print a JSON result."""
        typer.echo(msgspec.json.format(document, indent=-1))

    def many(self, results: Iterable[T], render: Callable[[Sequence[T]], RenderableType]) -> None:
        """Print a list of any length as JSON lines or in tables of a thousand rows."""
        if self.as_json:
            for result in results:
                typer.echo(msgspec.json.encode(result))
            return
        remaining = iter(results)
        rows = list(itertools.islice(remaining, ROWS_PER_TABLE))
        if not rows:
            self.note("There are none.")
        while rows:
            self.out.print(render(rows))
            rows = list(itertools.islice(remaining, ROWS_PER_TABLE))

    def note(self, words: str) -> None:
        """Print a sentence, except with JSON."""
        if not self.as_json:
            self.out.print(plain(words), soft_wrap=True)

    def remark(self, words: str) -> None:
        """Print a note about a result to standard error, also with JSON."""
        self.err.print(plain(f"Note: {' '.join(words.split())}"), soft_wrap=True)

    def error(self, words: str) -> None:
        """Print an error as one line."""
        self.err.print(plain(f"Error: {' '.join(words.split())}"), soft_wrap=True)

    @contextmanager
    def bar(self, words: str, *, is_kept: bool = True) -> Generator[Bar]:
        """Show a progress bar on standard error while the block runs. It ends at 100 % unless the block fails.

        If standard error is no terminal, print a line for each stage instead. ``is_kept`` leaves the bar on the screen.
        """
        title = plain(words).plain
        columns = (
            TextColumn(title, markup=False),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} % {task.fields[words]}", markup=False),
            TimeElapsedColumn(),
        )

        def say(stage: str) -> None:
            self.err.print(plain(f"{title}: {stage}"), soft_wrap=True)

        is_shown = self.err.is_terminal
        with Progress(*columns, console=self.err, transient=not is_kept, disable=not is_shown) as progress:
            bar = Bar(progress, progress.add_task("", total=None, words=""), None if is_shown else say)
            yield bar
            bar.finish()


def output_console() -> Console:
    """Return the console of standard output: as wide as the terminal, or of unlimited width for files and pipes."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=FILE_WIDTH)
