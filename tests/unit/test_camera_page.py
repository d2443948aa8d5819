"""Each row of the table of the page about camera files names a test that exists."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
PAGE = TESTS.parent / "docs" / "how-to" / "camera-files.md"
COLUMNS = 3


def rows() -> list[tuple[str, str]]:
    """The file of each row, and its test."""
    table = PAGE.read_text(encoding="utf-8").split("\n## ")[0]
    cells = [
        [cell.strip() for cell in line.strip().strip("|").split(" | ")]
        for line in table.splitlines()
        if line.startswith("| ")
    ]
    assert all(len(row) == COLUMNS for row in cells)
    return [(row[0], row[-1].strip("|` ")) for row in cells[1:]]


@pytest.mark.parametrize(("file", "test"), rows(), ids=[file for file, _test in rows()])
def test_each_row_is_shown_by_a_test(file: str, test: str) -> None:
    path, _, name = test.partition("::")
    assert (TESTS / path).is_file(), file
    functions = [
        node.name for node in ast.parse((TESTS / path).read_text("utf-8")).body if isinstance(node, ast.FunctionDef)
    ]
    assert name in functions, file


def test_the_page_has_the_kinds_that_users_ask_for() -> None:
    text = " ".join(file for file, _test in rows()).lower()
    for kind in (
        "4k",
        "8k",
        "10 bits",
        "4:2:2",
        "50",
        "59.94",
        "120",
        "variable",
        "interlaced",
        "anamorphic",
        "portrait",
        "hdr",
        "motion photo",
        "transparent",
        "posters",
    ):
        assert kind in text
