"""Where results go: tables and notes for people, JSON for programs, progress and errors beside them."""

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
# Rich cuts to 80 columns where nobody looks; what a file or a pipe receives should be whole.
WIDTH_OF_FILES: Final = 200


@dataclass(frozen=True, slots=True)
class Bar:
    """The progress of one wait."""

    progress: Progress
    task: TaskID

    def show(self, percent: float | None, words: str = "") -> None:
        """How much is done, 0-100; None when it is not known."""
        self.progress.update(self.task, total=None if percent is None else 100, completed=percent or 0, words=words)


@dataclass(frozen=True, slots=True)
class Screen:
    """Standard output and standard error.

    Attributes:
        out: results.
        err: progress and errors.
        as_json: whether results are for programs: one JSON document a line, lists as one line an item.
    """

    out: Console
    err: Console
    as_json: bool

    @classmethod
    def standard(cls, *, as_json: bool) -> Self:
        """The screen of this process."""
        out, err = Console(highlight=False), Console(stderr=True, highlight=False)
        if not out.is_terminal:
            out = Console(highlight=False, width=WIDTH_OF_FILES)
        return cls(out, err, as_json)

    def one(self, result: T, render: Callable[[T], RenderableType]) -> None:
        """A single result."""
        if self.as_json:
            typer.echo(msgspec.json.encode(result))
        else:
            self.out.print(render(result))

    def document(self, document: bytes) -> None:
        """A result that is JSON already."""
        typer.echo(msgspec.json.format(document, indent=-1))

    def many(self, results: Iterable[T], render: Callable[[Sequence[T]], RenderableType]) -> None:
        """A list of any length: item by item as JSON, or in tables of a thousand rows."""
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
        """A sentence for people; programs read the exit status instead."""
        if not self.as_json:
            self.out.print(plain(words), soft_wrap=True)

    def remark(self, words: str) -> None:
        """A sentence about a result, beside it: for people, also where the result is for programs."""
        self.err.print(plain(f"Note: {' '.join(words.split())}"), soft_wrap=True)

    def error(self, words: str) -> None:
        """One line that says what went wrong."""
        self.err.print(plain(f"Error: {' '.join(words.split())}"), soft_wrap=True)

    @contextmanager
    def bar(self, words: str) -> Generator[Bar]:
        """A progress bar on standard error, gone at its end; nothing where standard error is no terminal."""
        columns = (
            TextColumn(plain(words).plain, markup=False),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} % {task.fields[words]}", markup=False),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=self.err, transient=True, disable=not self.err.is_terminal) as progress:
            yield Bar(progress, progress.add_task("", total=None, words=""))
