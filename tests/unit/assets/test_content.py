"""Identity of bytes by entity tags."""

from __future__ import annotations

import pytest

from scenedex.assets.content import digest_tag

DIGEST = "9e107d9d372bb6826bd81d3542a419d6"


@pytest.mark.parametrize(
    ("etag", "tag"),
    [
        (f'"{DIGEST}"', DIGEST),
        (DIGEST, DIGEST),
        (f'"{DIGEST}-12"', f"{DIGEST}-12"),
        (f'W/"{DIGEST}"', None),
        ("2a-17d1f3-5dc", None),
        ("1-0123456789abcdef", None),
        ("", None),
    ],
)
def test_tags_of_s3_are_digests_and_those_of_folders_are_not(etag: str, tag: str | None) -> None:
    assert digest_tag(etag) == tag
