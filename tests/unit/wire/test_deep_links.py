from __future__ import annotations

import pytest

from scenedex.wire.deep_links import asset_link


@pytest.mark.parametrize(
    ("at_ms", "end"),
    [(None, ""), (0, "?t=0"), (31_040, "?t=31.04"), (500, "?t=0.5"), (1, "?t=0.001"), (3_600_000, "?t=3600")],
)
def test_a_page_is_opened_at_a_time(at_ms: int | None, end: str) -> None:
    url = asset_link("https://media.example", "newsroom", 7, at_ms)

    assert url == f"https://media.example/console/w/newsroom/assets/7{end}"
