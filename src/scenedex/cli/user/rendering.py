"""Tables and cells of answers of the service."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from rich.table import Column, Table
from rich.text import Text

from scenedex.cli.user.fitted_table import FittedTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.client import Person, Tag

    Cell = str | int | datetime | None


ANONYMOUS = "(anonymous)"
_SIZE_STEP = 1000
_SIZE_UNITS = "kMGTP"


def clock_time(milliseconds: int) -> str:
    """Format a time as ``H:MM:SS.mmm``."""
    seconds, millisecond = divmod(milliseconds, 1000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02}:{second:02}.{millisecond:03}"


def size_text(size_bytes: int) -> str:
    """Format a size with a decimal unit."""
    size, unit = float(size_bytes), ""
    for larger in _SIZE_UNITS:
        if size < _SIZE_STEP:
            break
        size, unit = size / _SIZE_STEP, larger
    return f"{size:.1f} {unit}B" if unit else f"{size_bytes} B"


def plain(words: str) -> Text:
    """Return text without markup and control characters."""
    return Text("".join(character if character.isprintable() else "�" for character in words))


def yes(fact: bool) -> str | None:  # noqa: FBT001  # a function of one argument
    """Return the cell of a fact."""
    return "yes" if fact else None


def facts(*facts: tuple[str, Cell]) -> Table:
    """Build a grid of names and values, without empty values."""
    grid = Table.grid(Column(), Column(overflow="fold"), padding=(0, 2))
    for name, value in facts:
        if value not in {None, ""}:
            grid.add_row(Text(name, style="bold"), _cell(value))
    return grid


def table(names: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Table:
    """Build a table."""
    return FittedTable(names, [[*map(_cell, row)] for row in rows])


def _cell(value: Cell) -> Text:
    if isinstance(value, datetime):
        return Text(value.isoformat(" ", "seconds"))
    return plain("" if value is None else str(value))


def render_person(person: Person) -> Table:
    """Render a person."""
    primary = next((picture.id for picture in person.thumbnails if picture.is_primary_thumbnail), None)
    return facts(
        ("Person", person.person_id),
        ("Name", person.name or ANONYMOUS),
        ("Description", person.description),
        ("Tags", names_of(person.tags)),
        ("Pictures", len(person.thumbnails)),
        ("Primary picture", primary),
        ("Assets", person.asset_count),
        ("Scenes", person.scene_count),
        ("Created", person.created_time),
        ("Updated", person.updated_time),
    )


def names_of(tags: Sequence[Tag]) -> str:
    """Return the names of tags."""
    return ", ".join(tag.name or str(tag.id) for tag in tags)
