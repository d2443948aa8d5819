"""Tables that fit any width without cutting a cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from rich.table import Column, Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console, ConsoleOptions, RenderResult

# Columns with which a table is still readable.
_MIN_COLUMN_WIDTH: Final = 6
_BORDER_WIDTH: Final = 3


class FittedTable(Table):
    """Table whose first column, with names that commands take, is wrapped last. All other columns fold.

    On a terminal that is too narrow for the columns, each row is a list of names and values.
    """

    def __init__(self, names: Sequence[str], rows: Sequence[Sequence[Text]]) -> None:
        super().__init__(*(Column(name, overflow="fold") for name in names), header_style="bold")
        self._names = names
        self._cells = rows
        for row in rows:
            self.add_row(*row)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render for the width of the console."""
        count = len(self._names)
        borders = _BORDER_WIDTH * count + 1
        if options.max_width < borders + _MIN_COLUMN_WIDTH * count:
            yield from self._as_lists()
            return
        first = max((cell_len(line) for row in self._cells for line in row[0].plain.splitlines()), default=0)
        others = _MIN_COLUMN_WIDTH * (count - 1)
        self.columns[0].no_wrap = max(first, cell_len(self._names[0])) + others + borders <= options.max_width
        yield from super().__rich_console__(console, options)

    def _as_lists(self) -> RenderResult:
        for number, row in enumerate(self._cells):
            if number:
                yield Text("")
            grid = Table.grid(Column(overflow="fold"), Column(overflow="fold"), padding=(0, 2))
            for name, cell in zip(self._names, row, strict=True):
                if cell.plain:
                    grid.add_row(Text(name, style="bold"), cell)
            yield grid
