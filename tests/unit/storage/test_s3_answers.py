from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256

import pytest

from scenedex.storage.errors import (
    AccessDenied,
    BucketNotFound,
    ClockSkewed,
    KeysRefused,
    MultipartUploadNotFound,
    NoStorageService,
    ObjectNotFound,
    RangePastEnd,
    RegionWrong,
    RequestRefused,
    SourceChanged,
    StorageError,
    StorageFull,
    StorageUnavailable,
)
from scenedex.storage.objects import ListedObject, ObjectInfo
from scenedex.storage.s3_answers import (
    SHA256_HEADER,
    answer_error,
    error_code,
    field_from,
    find_damage,
    info_from,
    is_retryable,
    object_page_from,
)

LISTING = b"""<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
  <Name>films</Name><IsTruncated>true</IsTruncated><NextContinuationToken>t+/=</NextContinuationToken>
  <Contents><Key>a%2Bb+c%0A/%ED%95%98.mp4</Key><LastModified>2026-11-01T12:30:00.500Z</LastModified>
    <ETag>"e"</ETag><Size>7</Size></Contents>
</ListBucketResult>"""


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (404, "", ObjectNotFound),
        (404, "NoSuchKey", ObjectNotFound),
        (404, "NoSuchBucket", BucketNotFound),
        (404, "NoSuchUpload", MultipartUploadNotFound),
        (400, "InvalidBucketName", BucketNotFound),
        (400, "KeyTooLongError", ObjectNotFound),
        (403, "", AccessDenied),
        (403, "SignatureDoesNotMatch", KeysRefused),
        (400, "ExpiredToken", KeysRefused),
        (403, "RequestTimeTooSkewed", ClockSkewed),
        (400, "AuthorizationHeaderMalformed", RegionWrong),
        (412, "PreconditionFailed", SourceChanged),
        (416, "InvalidRange", RangePastEnd),
        (507, "", StorageFull),
        (403, "QuotaExceeded", StorageFull),
        (503, "SlowDown", StorageUnavailable),
        (301, "PermanentRedirect", RegionWrong),
        (400, "", RequestRefused),
        (400, "RequestTimeout", StorageUnavailable),
    ],
    ids=str,
)
def test_what_an_unsuccessful_answer_means(status: int, code: str, kind: type[StorageError]) -> None:
    failure = answer_error(status, code, "films/a.mp4")

    assert type(failure) is kind
    assert "films/a.mp4" in str(failure)


@pytest.mark.parametrize("status", [400, 404, 405, 501])
def test_an_error_without_a_document_is_of_no_s3_service(status: int) -> None:
    assert type(answer_error(status, "", "films/a.mp4", has_body=True)) is NoStorageService
    assert type(answer_error(status, "NoSuchKey", "films/a.mp4", has_body=True)) is not NoStorageService


def test_only_passing_troubles_are_worth_retrying() -> None:
    assert [status for status in (200, 400, 403, 404, 412, 429, 500, 503) if is_retryable(status)] == [429, 500, 503]
    assert is_retryable(400, "RequestTimeout")


@pytest.mark.parametrize(
    ("status", "headers", "body", "is_whole"),
    [
        pytest.param(206, {"content-range": "bytes 2-5/100"}, b"cdef", True, id="as asked"),
        pytest.param(206, {"content-range": "bytes 2-3/4"}, b"cd", True, id="up to the end"),
        pytest.param(206, {"content-range": "bytes 2-3/100"}, b"cd", False, id="less than there is"),
        pytest.param(206, {"content-range": "bytes 2-5/100"}, b"cd", False, id="less than it says"),
        pytest.param(206, {"content-range": "bytes 0-3/100"}, b"abcd", False, id="another place"),
        pytest.param(206, {}, b"cdef", False, id="no word of it"),
        pytest.param(200, {}, b"abcdefgh", False, id="all of it"),
    ],
)
def test_another_range_than_asked_for_is_noticed(
    status: int, headers: dict[str, str], body: bytes, *, is_whole: bool
) -> None:
    assert (find_damage({"range": "bytes=2-5"}, status, headers, body) is None) == is_whole


def test_bytes_that_were_not_written_are_noticed() -> None:
    noted = {SHA256_HEADER: sha256(b"picture").hexdigest()}

    assert find_damage({}, 200, noted, b"picture") is None
    assert find_damage({}, 200, noted, b"pictura") is not None
    assert find_damage({}, 200, {}, b"pictura") is None


def test_an_error_names_its_code() -> None:
    assert error_code(b"<Error><Code>NoSuchKey</Code></Error>") == "NoSuchKey"
    assert error_code(b"") == ""


def test_headers_describe_a_version() -> None:
    headers = {"content-length": "12", "etag": '"e"', "last-modified": "Sun, 01 Nov 2026 12:30:00 GMT"}

    assert info_from(headers) == ObjectInfo(12, '"e"', datetime(2026, 11, 1, 12, 30, tzinfo=UTC))
    with pytest.raises(StorageUnavailable):
        info_from({"content-length": "12"})


def test_a_listing_is_read_with_its_escaped_keys() -> None:
    objects, position = object_page_from(LISTING)

    modified = datetime(2026, 11, 1, 12, 30, 0, 500_000, tzinfo=UTC)
    assert objects == [ListedObject("a+b c\n/하.mp4", 7, modified, '"e"')]
    assert position == (("continuation-token", "t+/="),)


@pytest.mark.parametrize("body", [b"", b"<html>", b"<ListBucketResult/>", LISTING.replace(b">7<", b">x<")])
def test_what_is_no_listing_is_a_failure_of_the_service(body: bytes) -> None:
    with pytest.raises(StorageUnavailable):
        object_page_from(body)


def test_an_error_in_a_successful_answer_is_an_error() -> None:
    assert field_from(b"<CopyObjectResult><ETag>&quot;e&quot;</ETag></CopyObjectResult>", "ETag") == '"e"'
    with pytest.raises(StorageUnavailable, match="InternalError"):
        field_from(b"<Error><Code>InternalError</Code></Error>", "ETag")
