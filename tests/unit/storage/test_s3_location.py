from __future__ import annotations

import pytest

from scenedex.storage.s3_location import S3Location


def location(endpoint: str, *, path_style: bool = True, allow_http: bool = False) -> S3Location:
    return S3Location(endpoint, "kr-standard", "the-id", "the-secret", path_style, allow_http)


def test_keys_appear_in_no_representation() -> None:
    text = repr(location("https://s3.example"))

    assert "the-secret" not in text
    assert "the-id" not in text


@pytest.mark.parametrize(
    ("endpoint", "path_style", "url"),
    [
        ("https://s3.example", True, "https://s3.example/films/a%20b/c%2B.mp4"),
        ("https://s3.example/", True, "https://s3.example/films/a%20b/c%2B.mp4"),
        ("https://s3.example:443", True, "https://s3.example/films/a%20b/c%2B.mp4"),
        ("https://s3.example:8443/gate", True, "https://s3.example:8443/gate/films/a%20b/c%2B.mp4"),
        ("https://[::1]:8443", True, "https://[::1]:8443/films/a%20b/c%2B.mp4"),
        ("https://s3.example", False, "https://films.s3.example/a%20b/c%2B.mp4"),
    ],
    ids=["path", "slash", "port", "folder", "ipv6", "host"],
)
def test_the_address_of_an_object(endpoint: str, path_style: bool, url: str) -> None:
    assert location(endpoint, path_style=path_style).address("films", "a b/c+.mp4").url == url


def test_the_address_of_a_bucket() -> None:
    assert location("https://s3.example").address("films").url == "https://s3.example/films"
    assert location("https://s3.example", path_style=False).address("films").url == "https://films.s3.example/"


def test_plain_http_must_be_allowed() -> None:
    assert location("http://127.0.0.1:9000", allow_http=True).address("films").url == "http://127.0.0.1:9000/films"
    with pytest.raises(ValueError, match="plain http is not allowed"):
        location("http://127.0.0.1:9000")


@pytest.mark.parametrize(
    "endpoint", ["", "s3.example", "ftp://s3.example", "https://u:p@s3.example", "https://s3/?a=b"]
)
def test_what_is_no_endpoint_is_refused_without_its_secrets(endpoint: str) -> None:
    with pytest.raises(ValueError, match="the S3 endpoint") as refusal:
        location(endpoint)

    assert "u:p" not in str(refusal.value)
