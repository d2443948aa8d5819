"""Tables that fit any width without cutting a cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from rich.table import Column, Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console, ConsoleOptions, RenderResult

# Words up to this length, such as dates, are never broken.
_MAX_WHOLE_WORD: Final = 10
_BORDER_WIDTH: Final = 3


class FittedTable(Table):
    """Table whose first column, with names that commands take, is wrapped last. Other columns wrap between words.

    Long words fold, those of the first column only if they take more than half of the width. On a terminal that is too
    narrow for all short words and headings, each row is a list of names and values.
    """

    def __init__(self, names: Sequence[str], rows: Sequence[Sequence[Text]]) -> None:
        super().__init__(*(Column(name, overflow="fold") for name in names), header_style="bold")
        self._names = names
        self._cells = rows
        for row in rows:
            self.add_row(*row)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render for the width of the console."""
        widths = self._widths(options.max_width - _BORDER_WIDTH * len(self._names) - 1)
        if widths is None:
            yield from self._as_lists()
            return
        for column, width in zip(self.columns, widths, strict=True):
            column.width = width
        yield from super().__rich_console__(console, options)

    def _widths(self, available: int) -> list[int] | None:
        """Return the widths of the columns, or `None` if their shortest forms do not fit."""
        columns = [[name, *cells] for name, *cells in zip(self._names, *self._plain_rows(), strict=True)]
        widths = [max(cell_len(line) for cell in cells for line in cell.split("\n")) for cells in columns]
        shortest = [_shortest(cells) for cells in columns]
        if widths[0] <= max(available // 2, available - sum(shortest[1:])):
            shortest[0] = widths[0]
        if sum(shortest) > available:
            return None
        while (excess := sum(widths) - available) > 0:
            widest = max(range(len(widths)), key=lambda place: (widths[place] > shortest[place], widths[place]))
            others = [width for place, width in enumerate(widths) if place != widest]
            step = max(1, min(excess, widths[widest] - max(others, default=0)))
            widths[widest] = max(shortest[widest], widths[widest] - step)
        return widths

    def _plain_rows(self) -> list[list[str]]:
        return [[cell.plain for cell in row] for row in self._cells]

    def _as_lists(self) -> RenderResult:
        for number, row in enumerate(self._cells):
            if number:
                yield Text("")
            grid = Table.grid(Column(overflow="fold"), Column(overflow="fold"), padding=(0, 2))
            for name, cell in zip(self._names, row, strict=True):
                if cell.plain:
                    grid.add_row(Text(name, style="bold"), cell)
            yield grid


def _shortest(cells: Sequence[str]) -> int:
    """Return the width of the longest heading or short word of a column. The first cell is its heading."""
    heading, *rest = cells
    words = [*heading.split(), *(word for cell in rest for word in cell.split() if cell_len(word) <= _MAX_WHOLE_WORD)]
    return max(map(cell_len, words), default=1)
