"""The built page: its files refer to each other, nothing else is there, and it is small."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING, Final

from scenedex.console.pages import INDEX, STATIC

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

ALL_SCRIPTS_BYTES: Final = 120_000
TEXTS_BYTES: Final = 10_000
FIRST_LOAD_BYTES: Final = 90_000
# Addresses in the page, static imports, dynamic imports and the files that come with them, and pictures of styles.
LINKED = re.compile(r'(?:src|href)="\./?([^"/][^"]*)"|href="([\w.-]+\.svg)"')
IMPORTED = re.compile(r'(?:\bfrom|\bimport)\s*"\./([^"]+)"')
LOADED_LATER = re.compile(r'["\x60](?:\./([\w.-]+\.(?:js|css))|((?:en|ko|ja)-[\w-]+\.json))["\x60]')
OF_STYLE = re.compile(r'url\(["\']?\./?([^)"\']+)')


def text_of(file: Path) -> str:
    return file.read_text("utf-8")


def linked_from_index() -> set[Path]:
    found = LINKED.findall(text_of(STATIC / INDEX))
    return {STATIC / (relative or icon) for relative, icon in found}


def reached(start: Iterable[Path], *patterns: re.Pattern[str]) -> set[Path]:
    """Return files and all that they refer to by these patterns, directly or by others."""
    found: set[Path] = set()
    to_read = set(start)
    while to_read:
        file = to_read.pop()
        found.add(file)
        if file.suffix in {".js", ".css"}:
            names = [one[one.lastindex or 0] for pattern in patterns for one in pattern.finditer(text_of(file))]
            to_read |= {file.parent / name for name in names} - found
    return found


def compressed_bytes(files: Iterable[Path]) -> int:
    return sum(len(gzip.compress(file.read_bytes(), 9)) for file in files)


def test_files_refer_to_files_that_exist_and_nothing_else_is_there() -> None:
    used = reached(linked_from_index(), IMPORTED, LOADED_LATER, OF_STYLE) | {STATIC / INDEX}

    assert used == {file for file in STATIC.rglob("*") if file.is_file()}


def test_all_scripts_are_small() -> None:
    scripts = list(STATIC.rglob("*.js"))

    assert scripts
    assert compressed_bytes(scripts) <= ALL_SCRIPTS_BYTES


def test_the_texts_of_a_language_are_small() -> None:
    texts = list(STATIC.rglob("*.json"))

    assert {file.name.partition("-")[0] for file in texts} == {"en", "ko", "ja"}
    assert max(compressed_bytes([file]) for file in texts) <= TEXTS_BYTES


def test_the_first_load_is_small() -> None:
    first = reached(linked_from_index(), IMPORTED) | {STATIC / INDEX}

    assert STATIC / INDEX in first
    assert len(first) < len([file for file in STATIC.rglob("*") if file.is_file()])
    # A visitor loads the texts of one language.
    texts = max(compressed_bytes([file]) for file in STATIC.rglob("*.json"))
    assert compressed_bytes(first) + texts <= FIRST_LOAD_BYTES


def test_the_page_has_no_inline_code_or_style() -> None:
    page = text_of(STATIC / INDEX)

    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=", page)


def test_the_page_asks_no_other_server() -> None:
    # Namespaces of XML and addresses in messages of the library are no requests.
    known = re.compile(r"https://svelte\.dev/e/[\w$`{}.-]*|http://www\.w3\.org/[\w/]+")
    texts = [known.sub("", text_of(file)) for file in STATIC.rglob("*") if file.suffix in {".js", ".css", ".html"}]

    assert not [found for text in texts for found in re.findall(r"https?://[^\s\"'`]+", text)]
