"""The SDK and the server mean the same by every shape about persons: nothing is lost on the way."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from scenedex.client import ChosenAppearance, Client, NameType, PersonQuery, ScenedexError, SortColumn, SortType
from scenedex.client import person_answers as answers
from scenedex.client.index_answers import EditedPersons, EditedScript, EditedSpeaker
from scenedex.index import edit_schemas
from scenedex.persons import identity_schemas, match_schemas, schemas
from scenedex.pictures import schemas as picture_schemas

if TYPE_CHECKING:
    from pathlib import Path

    from scenedex.client.testing import FakeService

ANSWERS = [
    (schemas.PERSON, answers.Person),
    (schemas.PERSON_TAG, answers.PersonTag),
    (schemas.CREATED_TAG, answers.PersonTag),
    (schemas.TAGS_OF_PERSON, answers.TagsOfPerson),
    (schemas.THUMBNAILS_OF_PERSON, answers.ThumbnailsOfPerson),
    (identity_schemas.MERGE, answers.PersonMerge),
    (identity_schemas.SPLIT, answers.PersonSplit),
    (identity_schemas.REJECTION, answers.PersonRejection),
    (identity_schemas.PERSON_EVENT, answers.PersonEvent),
    (identity_schemas.ERASED_PERSON, answers.PersonErasure),
    (match_schemas.SIMILAR_PERSONS, answers.SimilarToPerson),
    (match_schemas.RECOMMENDED_PERSONS, answers.SimilarToPicture),
    (picture_schemas.THUMBNAIL_PLACE, answers.PictureTicket),
    (picture_schemas.THUMBNAIL_OUTCOME, answers.PictureAnswer),
    (edit_schemas.SCENE_PERSONS, EditedPersons),
    (edit_schemas.EDITED_SCRIPT, EditedScript),
    (edit_schemas.SPEAKER, EditedSpeaker),
]
# What the SDK leaves out: the older name of an id, and a key that the caller has already.
UNREAD = {(answers.Person, "id"), (answers.PictureAnswer, "thumbnailKey")}


@pytest.mark.parametrize(("example", "answer"), ANSWERS, ids=lambda it: getattr(it, "__name__", type(it).__name__))
def test_an_answer_of_the_server_is_read_whole(example: msgspec.Struct, answer: type[msgspec.Struct]) -> None:
    read = msgspec.json.decode(msgspec.json.encode(example), type=answer)

    names = {field.encode_name for field in msgspec.structs.fields(answer)}
    written = json.loads(msgspec.json.encode(example))
    assert {name for name in written if name not in names and (answer, name) not in UNREAD} == set()
    assert msgspec.json.decode(msgspec.json.encode(read), type=answer) == read


def sent(service: FakeService, ending: str) -> Any:
    return json.loads(next(it.body for it in reversed(service.received) if it.target.endswith(ending)))


def test_what_the_sdk_asks_is_what_the_server_reads(client: Client, service: FakeService, tmp_path: Path) -> None:
    persons, index = client.persons("archive"), client.index("archive", 1001, 1)
    where = [ChosenAppearance(asset_id=1, scene_id=2, start_time_ms=3)]
    picture = tmp_path / "face.jpg"
    picture.write_bytes(b"face")
    query = PersonQuery(
        name="ada",
        person_ids=(1,),
        tag_ids=(2,),
        name_type=NameType.NAMED,
        sort_column=SortColumn.NAME,
        sort_type=SortType.ASC,
    )
    person = persons.create([picture], name="Ada", description="Countess").person_id
    bodies: list[tuple[str, type[msgspec.Struct], Any]] = [
        ("/persons", schemas.CreatePerson, None),
        ("/presigned-url", picture_schemas.OpenThumbnail, None),
        ("/complete", picture_schemas.CompleteThumbnail, None),
        (f"/{person}", schemas.EditPerson, lambda: persons.rename(person, None)),
        (f"/{person}", schemas.EditPerson, lambda: persons.describe(person, "Countess")),
        (f"/{person}", schemas.EditPerson, lambda: persons.set_primary(person, 1)),
        ("/search", schemas.SearchPersons, lambda: persons.search_page(query, 1)),
        ("/person-tags", schemas.CreateTag, lambda: persons.tags.create("poet")),
        ("/person-tags", schemas.ChosenTags, lambda: persons.tags.put_on(person, [1])),
        ("/person-tags/remove", schemas.ChosenTags, lambda: persons.tags.take_off(person, [1])),
        ("/person-thumbnail", schemas.AddThumbnails, lambda: persons.pictures.add(person, [picture])),
        ("/person-thumbnail/remove", schemas.RemoveThumbnails, lambda: persons.pictures.remove(person, [9])),
        ("/merge", identity_schemas.MergePersons, lambda: persons.identity.merge(person, [9])),
        ("/split", identity_schemas.SplitPerson, lambda: persons.identity.undo_merge(person, 9)),
        ("/split", identity_schemas.SplitPerson, lambda: persons.identity.split(person, where, to_person_id=9)),
        ("/split", identity_schemas.SplitPerson, lambda: persons.identity.split(person, where, name="Joan")),
        ("/reject", identity_schemas.RejectForPerson, lambda: persons.identity.reject(person, [9])),
        ("/reject", identity_schemas.RejectForPerson, lambda: persons.identity.reject_appearances(person, where)),
        (
            "/recommend-by-thumbnail",
            match_schemas.RecommendByThumbnail,
            lambda: persons.recommend(picture, person_count=3, score_threshold=90),
        ),
        ("/scenes/1/persons/2", edit_schemas.GivePerson, lambda: index.correct_person(1, 2, name="Ada")),
        ("/scenes/1/persons/2", edit_schemas.GivePerson, lambda: index.correct_person(1, 2, to_person_id=3)),
        ("/scripts/1", edit_schemas.CorrectScript, lambda: index.correct_script(1, text="Hello", speaker="Ada")),
        ("/speakers/Ada%2F1", edit_schemas.ChangeSpeaker, lambda: index.rename_speaker("Ada/1", "Ada")),
        ("/speakers/Ada%2F1", edit_schemas.ChangeSpeaker, lambda: index.link_speaker("Ada/1", None)),
    ]

    for ending, schema, ask in bodies:
        if ask is not None:
            refused(ask)
        body = sent(service, ending)
        msgspec.convert(body, schema)
        known = {field.encode_name for field in msgspec.structs.fields(schema)}
        assert set(body) <= known, (ending, body)


def refused(ask: Any) -> None:
    """Asks, whether the fake service does it or not."""
    try:
        ask()
    except ScenedexError:
        return
