"""Examples of https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html and related pages."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from scenedex.storage.s3_location import S3Location
from scenedex.storage.s3_signature import presigned_urls, query_string, signed_headers

LOCATION = S3Location(
    "https://s3.amazonaws.com",
    "us-east-1",
    "AKIAIOSFODNN7EXAMPLE",
    "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    path_style=False,
)
NOW = datetime(2013, 5, 24, tzinfo=UTC)
NOTHING = hashlib.sha256().hexdigest()


def test_reading_a_range_is_signed_as_documented() -> None:
    headers = signed_headers(
        LOCATION,
        "GET",
        LOCATION.address("examplebucket", "test.txt"),
        query=(),
        headers={"range": "bytes=0-9"},
        payload_sha256=NOTHING,
        now=NOW,
    )

    assert headers["authorization"] == (
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
        "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
        "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
    )


def test_writing_an_object_is_signed_as_documented() -> None:
    headers = signed_headers(
        LOCATION,
        "PUT",
        LOCATION.address("examplebucket", "test$file.text"),
        query=(),
        headers={"date": "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY"},
        payload_sha256=hashlib.sha256(b"Welcome to Amazon S3.").hexdigest(),
        now=NOW,
    )

    assert headers["authorization"].endswith("98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd")


def test_listing_a_bucket_is_signed_as_documented() -> None:
    headers = signed_headers(
        LOCATION,
        "GET",
        LOCATION.address("examplebucket"),
        query=(("prefix", "J"), ("max-keys", "2")),
        headers={},
        payload_sha256=NOTHING,
        now=NOW,
    )

    assert headers["authorization"].endswith("34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7")


def test_a_url_is_signed_as_documented() -> None:
    address = LOCATION.address("examplebucket", "test.txt")

    [url] = presigned_urls(LOCATION, "GET", [address], expires=timedelta(days=1), now=NOW)

    assert url.startswith("https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&")
    assert url.endswith("&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404")


def test_a_query_is_sorted_and_escaped() -> None:
    assert query_string((("b", "/ +"), ("a", "é"), ("uploads", ""))) == "a=%C3%A9&b=%2F%20%2B&uploads="
