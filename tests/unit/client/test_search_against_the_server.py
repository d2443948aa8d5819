"""The SDK and the server mean the same by every shape about searches: nothing is lost on the way."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

import msgspec
import pytest

from scenedex.client import AssetType, Client, Conditions, ConfidenceLevel, SearchQuery
from scenedex.client.answers import UploadAnswer, UploadTicket
from scenedex.client.search_answers import RequestedSearch, Search
from scenedex.pictures import query_schemas
from scenedex.search import schemas

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scenedex.client.testing import FakeService


def values(document: Any, path: str = "") -> Iterator[str]:
    """All that a document says, each with where it says so."""
    if isinstance(document, dict):
        parts = cast("dict[str, Any]", document).items()
    elif isinstance(document, list):
        parts = enumerate(cast("list[Any]", document))
    else:
        yield f"{path} {document!r}"
        return
    for name, part in parts:
        yield from values(part, f"{path}/{name}")


@pytest.mark.parametrize(
    ("example", "answer"),
    [
        (schemas.SEARCH, Search),
        (schemas.SEARCH_STUB, RequestedSearch),
        (query_schemas.QUERY_ASSET_PLACE, UploadTicket),
        (query_schemas.QUERY_ASSET_OUTCOME, UploadAnswer),
    ],
    ids=lambda it: getattr(it, "__name__", type(it).__name__),
)
def test_an_answer_of_the_server_is_read_whole(example: msgspec.Struct, answer: type[msgspec.Struct]) -> None:
    written = msgspec.json.encode(example)

    read = msgspec.json.encode(msgspec.json.decode(written, type=answer))

    assert set(values(json.loads(written))) - set(values(json.loads(read))) == set()


def test_what_the_sdk_asks_is_what_the_server_reads(client: Client, service: FakeService) -> None:
    client.search("archive").request(
        SearchQuery(
            text="ship in the harbour",
            persons=Conditions(any=(12,)),
            dialogues=Conditions(must=("good morning",)),
            level=ConfidenceLevel.MEDIUM,
            project_ids=(5,),
            asset_types=(AssetType.VIDEO,),
        )
    )

    assert msgspec.json.decode(service.received[-1].body, type=schemas.RequestSearch) == schemas.REQUEST_SEARCH


def test_the_picture_that_the_sdk_sends_is_one_that_the_server_takes(
    client: Client, service: FakeService, tmp_path: Path
) -> None:
    picture = tmp_path / "harbour.jpg"
    picture.write_bytes(b"harbour")

    key = client.search("archive").upload_picture(picture)

    opened, _, completed = service.received
    new = msgspec.json.decode(opened.body, type=query_schemas.OpenQueryAsset)
    assert new == query_schemas.OPEN_QUERY_ASSET
    done = msgspec.json.decode(completed.body, type=query_schemas.CompleteQueryAsset)
    assert done == query_schemas.CompleteQueryAsset(asset_key=key)
