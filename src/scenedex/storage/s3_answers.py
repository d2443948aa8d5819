"""What S3 answers: its errors as ours, its listings and headers as objects. Pure functions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote_plus
from xml.etree import ElementTree as ET

from scenedex.storage.errors import (
    AccessDenied,
    BucketNotFound,
    ObjectNotFound,
    RangePastEnd,
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
    "AuthorizationHeaderMalformed": AccessDenied,
    "ExpiredToken": AccessDenied,
    "InvalidAccessKeyId": AccessDenied,
    "InvalidToken": AccessDenied,
    "SignatureDoesNotMatch": AccessDenied,
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
_RETRIED: Final = frozenset({408, 425, 429, 500, 502, 503, 504})


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


def is_worth_retrying(status: int) -> bool:
    """Whether the same request may succeed soon."""
    return status in _RETRIED


def failure_of(status: int, code: str, subject: str) -> StorageError:
    """What an unsuccessful answer means for an object or bucket."""
    kind = _BY_CODE.get(code) or _BY_STATUS.get(status, StorageUnavailable)
    return kind(f"{subject} ({status} {code})" if code else f"{subject} ({status})")


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
