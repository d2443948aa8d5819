"""What S3 answers: its errors as ours, its listings and headers as objects. Pure functions."""

from __future__ import annotations

import re
from dataclasses import dataclass
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
    NoStorageService,
    ObjectNotFound,
    RangePastEnd,
    RegionWrong,
    RequestRefused,
    SourceChanged,
    StorageError,
    StorageFull,
    StorageUnavailable,
    UploadGone,
)
from scenedex.storage.objects import ListedObject, ObjectInfo, UnfinishedWrite

if TYPE_CHECKING:
    from collections.abc import Mapping

_CODE: Final = re.compile(rb"<Code>\s*(\w+)\s*</Code>")
_BY_CODE: Final[Mapping[str, type[StorageError]]] = {
    "NoSuchBucket": BucketNotFound,
    "NoSuchUpload": UploadGone,  # one whose completion was answered too late to hear
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
# What servers that know nothing of S3 answer.
_OF_OTHER_SERVICES: Final = frozenset({400, 404, 405, 501})
_RETRIED: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
# Errors of status 400 and 409 that tell of a broken transfer or of others at work, not of a wrong request.
_RETRIED_CODES: Final = frozenset(
    {"BadDigest", "IncompleteBody", "OperationAborted", "RequestTimeout", "XAmzContentSHA256Mismatch"}
)
_REGION: Final = re.compile(rb"<Region>\s*([\w-]+)\s*</Region>")
_RANGE: Final = re.compile(r"bytes[ =](\d+)-(\d+)(?:/(\d+))?")
SHA256_HEADER: Final = "x-amz-meta-sha256"
"""What we write beside an object that is written at once, and check when all of it is read."""


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a listing, and the token that continues it."""

    objects: tuple[ListedObject, ...]
    continuation: str | None


@dataclass(frozen=True, slots=True)
class UploadPage:
    """One page of the uploads in parts that have not ended, and the key and id after which it continues."""

    uploads: tuple[UnfinishedWrite, ...]
    continuation: tuple[str, str] | None


def error_code(body: bytes) -> str:
    """The code that an error document names; empty where it names none, or there is no body."""
    found = _CODE.search(body)
    return found[1].decode() if found else ""


def is_worth_retrying(status: int, code: str = "") -> bool:
    """Whether the same request may succeed soon."""
    return status in _RETRIED or code in _RETRIED_CODES


def region_in(headers: Mapping[str, str], body: bytes) -> str:
    """The region that a refusal names as the right one; empty where it names none."""
    found = _REGION.search(body)
    return headers.get("x-amz-bucket-region", found[1].decode() if found else "")


def failure_of(status: int, code: str, subject: str, region: str = "", *, has_body: bool = False) -> StorageError:
    """What an unsuccessful answer means for an object or bucket.

    Args:
        status: of the answer.
        code: of its error document; empty where it has none.
        subject: what was asked for, and where.
        region: the one that it names as the right one; empty where it names none.
        has_body: whether the request is one that S3 answers with an error document.
    """
    if has_body and not code and status in _OF_OTHER_SERVICES:
        return NoStorageService(f"{subject} ({status})")
    is_refusal = not is_worth_retrying(status, code) and status < HTTPStatus.INTERNAL_SERVER_ERROR
    kind = _BY_CODE.get(code) or _BY_STATUS.get(status, RequestRefused if is_refusal else StorageUnavailable)
    told = f"{status} {code}" if code else f"{status}"
    return kind(f"{subject} ({told}, region {region})" if region else f"{subject} ({told})")


def damage_of(asked: Mapping[str, str], status: int, headers: Mapping[str, str], body: bytes) -> str | None:
    """What shows that the body of an answer to a GET is not what was asked for; ``None`` if nothing does.

    Args:
        asked: the headers of the request.
        status: of the answer.
        headers: of the answer.
        body: all of it.
    """
    if status == HTTPStatus.PARTIAL_CONTENT:
        wanted, given = _RANGE.match(asked.get("range", "")), _RANGE.match(headers.get("content-range", ""))
        if wanted is None or given is None:
            return "the answer does not say which range it is"
        start, end = int(given[1]), int(given[2])
        last = min(int(wanted[2]), int(given[3] or wanted[2]) - 1)
        if (start, end, len(body)) != (int(wanted[1]), last, end - start + 1):
            return "the answer has another range than was asked for"
    elif "range" in asked:
        return "the service knows no ranges"
    elif (written := headers.get(SHA256_HEADER)) and sha256(body).hexdigest() != written:
        return "the bytes are not those that were written"
    return None


def info_from(headers: Mapping[str, str]) -> ObjectInfo:
    """The version that the headers of a HEAD answer describe.

    Raises:
        StorageUnavailable: they do not, so this is no S3.
    """
    try:
        modified = parsedate_to_datetime(headers["last-modified"])
        return ObjectInfo(int(headers["content-length"]), headers["etag"], modified.astimezone(UTC))
    except (KeyError, ValueError) as error:
        raise StorageUnavailable("the answer does not describe an object") from error


def list_page_from(body: bytes) -> ListPage:
    """The page in the answer to a listing that was asked for with ``encoding-type=url``.

    Raises:
        StorageUnavailable: it is no such answer.
    """
    try:
        root = _document(body)
        objects = tuple(
            ListedObject(
                unquote_plus(_text(item, "Key")),
                int(_text(item, "Size")),
                datetime.fromisoformat(_text(item, "LastModified")),
            )
            for item in root.iterfind("{*}Contents")
        )
        more = _text(root, "IsTruncated") == "true"
        return ListPage(objects, _text(root, "NextContinuationToken") if more else None)
    except ValueError as error:
        raise StorageUnavailable("the answer is no listing") from error


def upload_page_from(body: bytes) -> UploadPage:
    """The page in the answer to a listing of uploads in parts that was asked for with ``encoding-type=url``.

    Raises:
        StorageUnavailable: it is no such answer.
    """
    try:
        root = _document(body)
        uploads = tuple(
            UnfinishedWrite(
                unquote_plus(_text(item, "Key")),
                _text(item, "UploadId"),
                datetime.fromisoformat(_text(item, "Initiated")),
            )
            for item in root.iterfind("{*}Upload")
        )
        if _text(root, "IsTruncated") != "true":
            return UploadPage(uploads, None)
        return UploadPage(uploads, (unquote_plus(_text(root, "NextKeyMarker")), _text(root, "NextUploadIdMarker")))
    except ValueError as error:
        raise StorageUnavailable("the answer is no listing of uploads") from error


def field_from(body: bytes, name: str) -> str:
    """One field at the top of an answer.

    Raises:
        StorageUnavailable: there is none; S3 reports errors of long copies in bodies of successful answers.
    """
    try:
        return _text(_document(body), name)
    except ValueError as error:
        raise StorageUnavailable(error_code(body) or "the answer cannot be understood") from error


def _document(body: bytes) -> ET.Element:
    try:
        return ET.fromstring(body)  # noqa: S314 -- the operator's own service; expat bounds what entities expand to
    except ET.ParseError as error:
        raise ValueError("no XML") from error


def _text(element: ET.Element, name: str) -> str:
    found = element.find(f"{{*}}{name}")
    if found is None:
        raise ValueError(name)
    return found.text or ""
