"""Answers of S3: errors, listings and headers parsed into Scenedex types. Pure functions."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote_plus
from xml.etree import ElementTree as ET

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
from scenedex.storage.objects import ListedObject, ObjectInfo, UnfinishedWrite

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scenedex.storage.s3_signature import Query

_CODE: Final = re.compile(rb"<Code>\s*(\w+)\s*</Code>")
_BY_CODE: Final[Mapping[str, type[StorageError]]] = {
    "NoSuchBucket": BucketNotFound,
    "NoSuchUpload": MultipartUploadNotFound,  # also after a completion whose answer was lost
    "InvalidBucketName": BucketNotFound,
    "KeyTooLongError": ObjectNotFound,
    "InvalidObjectName": ObjectNotFound,
    "InvalidURI": ObjectNotFound,
    "AuthorizationHeaderMalformed": RegionWrong,
    "PermanentRedirect": RegionWrong,
    "Redirect": RegionWrong,
    "TemporaryRedirect": RegionWrong,
    "RequestTimeTooSkewed": ClockSkewed,
    "ExpiredToken": KeysRefused,
    "InvalidAccessKeyId": KeysRefused,
    "InvalidToken": KeysRefused,
    "SignatureDoesNotMatch": KeysRefused,
    "InsufficientStorage": StorageFull,
    "QuotaExceeded": StorageFull,
}
_BY_STATUS: Final[Mapping[int, type[StorageError]]] = {
    HTTPStatus.UNAUTHORIZED: AccessDenied,
    HTTPStatus.FORBIDDEN: AccessDenied,
    HTTPStatus.NOT_FOUND: ObjectNotFound,
    HTTPStatus.PRECONDITION_FAILED: SourceChanged,
    HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE: RangePastEnd,
    HTTPStatus.INSUFFICIENT_STORAGE: StorageFull,
}
# Statuses of servers that are no S3 service.
_NON_S3_STATUSES: Final = frozenset({400, 404, 405, 501})
_RETRYABLE_STATUSES: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
# Errors of status 400 and 409 that mean a broken transfer or a concurrent operation, not a wrong request.
_RETRYABLE_CODES: Final = frozenset(
    {"BadDigest", "IncompleteBody", "OperationAborted", "RequestTimeout", "XAmzContentSHA256Mismatch"}
)
_REGION: Final = re.compile(rb"<Region>\s*([\w-]+)\s*</Region>")
_RANGE: Final = re.compile(r"bytes[ =](\d+)-(\d+)(?:/(\d+))?")
SHA256_HEADER: Final = "x-amz-meta-sha256"
"""Metadata of objects that are written in one request, checked when the whole object is read."""


def error_code(body: bytes) -> str:
    """Return the code in an error document, or an empty text if there is none."""
    found = _CODE.search(body)
    return found[1].decode() if found else ""


def is_retryable(status: int, code: str = "") -> bool:
    """Return whether the same request may succeed soon."""
    return status in _RETRYABLE_STATUSES or code in _RETRYABLE_CODES


def region_in(headers: Mapping[str, str], body: bytes) -> str:
    """Return the correct region named by a refusal, or an empty text if it names none."""
    found = _REGION.search(body)
    return headers.get("x-amz-bucket-region", found[1].decode() if found else "")


def answer_error(status: int, code: str, subject: str, region: str = "", *, has_body: bool = False) -> StorageError:
    """Return the error for an unsuccessful answer about a subject, with the code of its error document or an empty one.

    ``region`` is the correct one if the answer names it. S3 answers with an error document if ``has_body``.
    """
    if has_body and not code and status in _NON_S3_STATUSES:
        return NoStorageService(f"{subject} ({status})")
    is_refusal = not is_retryable(status, code) and status < HTTPStatus.INTERNAL_SERVER_ERROR
    kind = _BY_CODE.get(code) or _BY_STATUS.get(status, RequestRefused if is_refusal else StorageUnavailable)
    status_text = f"{status} {code}" if code else f"{status}"
    return kind(f"{subject} ({status_text}, region {region})" if region else f"{subject} ({status_text})")


def find_damage(asked: Mapping[str, str], status: int, headers: Mapping[str, str], body: bytes) -> str | None:
    """Return why the whole body of an answer to GET is not the content that the headers ``asked`` for, if it is not."""
    if status == HTTPStatus.PARTIAL_CONTENT:
        wanted, given = _RANGE.match(asked.get("range", "")), _RANGE.match(headers.get("content-range", ""))
        if wanted is None or given is None:
            return "the answer does not name its range"
        start, end = int(given[1]), int(given[2])
        last = min(int(wanted[2]), int(given[3] or wanted[2]) - 1)
        if (start, end, len(body)) != (int(wanted[1]), last, end - start + 1):
            return "the answer has another range than was requested"
    elif "range" in asked:
        return "the service does not support ranges"
    elif (written := headers.get(SHA256_HEADER)) and sha256(body).hexdigest() != written:
        return "the bytes differ from those that were written"
    return None


def info_from(headers: Mapping[str, str]) -> ObjectInfo:
    """Return the version that the headers of an answer to HEAD describe.

    Raises:
        StorageUnavailable: they do not describe an object, so the server is no S3 service.
    """
    try:
        modified = parsedate_to_datetime(headers["last-modified"])
        return ObjectInfo(int(headers["content-length"]), headers["etag"], modified.astimezone(UTC))
    except (KeyError, ValueError) as error:
        raise StorageUnavailable("the answer does not describe an object") from error


def object_page_from(body: bytes) -> tuple[list[ListedObject], Query]:
    """Parse one page of a listing requested with ``encoding-type=url``. The query asks for the next, if any.

    Raises:
        StorageUnavailable: it is no such page.
    """
    try:
        root = _document(body)
        objects = [
            ListedObject(
                unquote_plus(_text(item, "Key")),
                int(_text(item, "Size")),
                _time(item, "LastModified"),
                _text(item, "ETag"),
            )
            for item in root.iterfind("{*}Contents")
        ]
        if _text(root, "IsTruncated") != "true":
            return objects, ()
        return objects, (("continuation-token", _text(root, "NextContinuationToken")),)
    except ValueError as error:
        raise StorageUnavailable("the answer is no listing") from error


def upload_page_from(body: bytes) -> tuple[list[UnfinishedWrite], Query]:
    """Parse one page of multipart uploads as `object_page_from` does one of objects.

    Raises:
        StorageUnavailable: it is no such page.
    """
    try:
        root = _document(body)
        uploads = [
            UnfinishedWrite(unquote_plus(_text(item, "Key")), _text(item, "UploadId"), _time(item, "Initiated"))
            for item in root.iterfind("{*}Upload")
        ]
        if _text(root, "IsTruncated") != "true":
            return uploads, ()
        key = unquote_plus(_text(root, "NextKeyMarker"))
        return uploads, (("key-marker", key), ("upload-id-marker", _text(root, "NextUploadIdMarker")))
    except ValueError as error:
        raise StorageUnavailable("the answer is no listing of uploads") from error


def field_from(body: bytes, name: str) -> str:
    """Return one top-level field of an answer.

    Raises:
        StorageUnavailable: it is absent. S3 reports errors of long copies in the bodies of successful answers.
    """
    try:
        return _text(_document(body), name)
    except ValueError as error:
        raise StorageUnavailable(error_code(body) or "the answer cannot be parsed") from error


def _document(body: bytes) -> ET.Element:
    try:
        return ET.fromstring(body)  # noqa: S314 -- the operator's own service, and expat limits the expansion of entities
    except ET.ParseError as error:
        raise ValueError("no XML") from error


def _text(element: ET.Element, name: str) -> str:
    found = element.find(f"{{*}}{name}")
    if found is None:
        raise ValueError(name)
    return found.text or ""


def _time(element: ET.Element, name: str) -> datetime:
    return datetime.fromisoformat(_text(element, name))
