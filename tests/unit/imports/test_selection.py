"""Choice of listed objects by their names and sizes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scenedex.assets.acceptance import AcceptanceLimits
from scenedex.imports.selection import selection_of
from scenedex.storage.objects import ListedObject

LIMITS = AcceptanceLimits(max_video_bytes=1000, max_image_bytes=10)


@pytest.mark.parametrize(
    ("key", "size", "reason"),
    [
        ("films/a.mp4", 1000, None),
        ("films/a.MKV", 1, None),
        ("films/a.HEIC", 10, None),
        ("films/a.mp4", 1001, "tooLarge"),
        ("films/a.png", 11, "tooLarge"),
        ("films/a.mp4", 0, "empty"),
        ("films/a.txt", 5, "unsupportedFormat"),
        ("films/mp4", 5, "unsupportedFormat"),
        ("films/", 0, "nameNotValid"),
        ("films/../a.mp4", 5, "nameNotValid"),
        ("films/%2e%2e/a.mp4", 5, "nameNotValid"),
        ("films/" + "x" * 1020 + ".mp4", 5, "nameNotValid"),
        ("films/drafts/a.mp4", 5, "excluded"),
        ("films/a.webm", 5, "excluded"),
    ],
)
def test_an_object_is_chosen_or_skipped_for_a_reason(key: str, size: int, reason: str | None) -> None:
    selection = selection_of("films/", ["*.m*", "*.M*", "*.txt", "mp4", "*.png", "*.HEIC"], ["drafts/**"], LIMITS)

    skip = selection.skip_of(ListedObject(key, size, datetime.now(UTC)))

    assert (skip and skip.reason) == reason


def test_the_limit_is_named() -> None:
    skip = selection_of("", [], [], LIMITS).skip_of(ListedObject("a.mp4", 1001, datetime.now(UTC)))

    assert skip is not None
    assert skip.detail == "The setting limits.max_video_bytes is 1000."
