"""Whom the fake service knows: persons, their tags, pictures and history, and who was merged into whom."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scenedex.client.errors import Detail
from scenedex.client.person_answers import Person, PersonEvent, PersonEventType, PersonTag, Tag, Thumbnail
from scenedex.client.testing.catalogue import refuse
from scenedex.client.testing.indexing import TIME, USER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LONGEST_NAME = 50


@dataclass(slots=True)
class PersonState:
    """A person as registered; what others brought along by a merge stays theirs.

    Attributes:
        seen: asset and scene of each appearance.
        merged_into: who it is today, directly.
    """

    person_id: int
    name: str | None = None
    description: str | None = None
    primary_thumbnail_id: int | None = None
    tags: set[int] = field(default_factory=set[int])
    thumbnails: list[int] = field(default_factory=list[int])
    seen: set[tuple[int, int]] = field(default_factory=set[tuple[int, int]])
    merged_into: int | None = None


@dataclass(slots=True)
class People:
    """The persons of one workspace.

    Attributes:
        ids: of persons, tags and pictures to come.
        scores: how like others a person's face is, 0-100, for tests to set; nobody is alike otherwise.
        messages: what is wrong with pictures of these bytes, for tests to set; all others are good.
    """

    ids: Iterator[int]
    states: dict[int, PersonState] = field(default_factory=dict[int, PersonState])
    tags: dict[int, PersonTag] = field(default_factory=dict[int, PersonTag])
    events: list[PersonEvent] = field(default_factory=list[PersonEvent])
    rejected: set[frozenset[int]] = field(default_factory=set[frozenset[int]])
    scores: dict[int, float] = field(default_factory=dict[int, float])
    messages: dict[bytes, str] = field(default_factory=dict[bytes, str])

    def register(
        self, name: str | None = None, *, seen: Sequence[tuple[int, int]] = (), thumbnail_count: int = 1
    ) -> PersonState:
        """Somebody with some pictures, seen in scenes of assets; the first picture is shown."""
        self.check_name(name)
        state = PersonState(next(self.ids), name, seen=set(seen))
        state.thumbnails = [next(self.ids) for _ in range(thumbnail_count)]
        state.primary_thumbnail_id = state.thumbnails[0] if state.thumbnails else None
        self.states[state.person_id] = state
        self.note(state, PersonEventType.REGISTERED, name=name)
        return state

    def check_name(self, name: str | None, of: PersonState | None = None) -> None:
        """Refuses a name that is not usable or that somebody else has."""
        if name is None:
            return
        if not name.strip() or len(name) > LONGEST_NAME:
            refuse(400, "10001", "Invalid Request.", Detail("name", f"must be 1-{LONGEST_NAME} characters"))
        if any(state.name == name and state is not of for state in self.existing()):
            refuse(409, "40910", "A person of this name exists already in the workspace.")

    def existing(self) -> list[PersonState]:
        """Everybody who was not merged into somebody else."""
        return [state for state in self.states.values() if state.merged_into is None]

    def state(self, person_id: int) -> PersonState:
        """A person who exists."""
        state = self.states.get(person_id)
        if state is None or state.merged_into is not None:
            refuse(404, "40407", "There is no person of this id in the workspace.")
        return state

    def person(self, state: PersonState) -> Person:
        """A person with all that those who were merged into it have brought along."""
        family = self.family(state)
        pictures = sorted(picture for member in family for picture in member.thumbnails)
        pictures.sort(key=lambda picture: picture != state.primary_thumbnail_id)
        seen = self.person_places(state)
        return Person(
            person_id=state.person_id,
            name=state.name,
            description=state.description,
            tags=tuple(
                Tag(id=tag, name=self.tags[tag].name)
                for tag in sorted({tag for member in family for tag in member.tags})
            ),
            thumbnails=tuple(
                Thumbnail(
                    id=picture,
                    url=f"https://fake.test/faces/{picture}.jpg",
                    is_primary_thumbnail=picture == state.primary_thumbnail_id,
                )
                for picture in pictures
            ),
            asset_count=len({asset for asset, _ in seen}),
            scene_count=len(seen),
            created_time=TIME,
            updated_time=TIME,
        )

    def family(self, state: PersonState) -> list[PersonState]:
        """A person and those merged into it, through any number of merges."""
        children = [other for other in self.states.values() if other.merged_into == state.person_id]
        return [state, *(member for child in children for member in self.family(child))]

    def person_places(self, state: PersonState) -> set[tuple[int, int]]:
        """Asset and scene of everything that shows a person."""
        return {place for member in self.family(state) for place in member.seen}

    def tag(self, tag_id: int) -> PersonTag:
        """A tag of the workspace."""
        if tag_id not in self.tags:
            refuse(404, "40408", "There is no person tag of this id in the workspace.")
        return self.tags[tag_id]

    def create_tag(self, name: str) -> PersonTag:
        """A tag with a name that no other has."""
        if any(tag.name == name for tag in self.tags.values()):
            refuse(409, "40911", "A person tag of this name exists already in the workspace.")
        tag = PersonTag(id=next(self.ids), name=name, created_user_name=USER, created_time=TIME)
        self.tags[tag.id] = tag
        return tag

    def move(self, source: PersonState, target: PersonState, places: Sequence[tuple[int, int | None]]) -> int:
        """Makes appearances of one person those of another and says how many; no scene means the whole asset."""
        moved = 0
        for number, (asset_id, scene_id) in enumerate(places):
            found = 0
            for member in self.family(source):
                chosen = {place for place in member.seen if place[0] == asset_id and scene_id in {None, place[1]}}
                member.seen -= chosen
                target.seen |= chosen
                found += len(chosen)
            if not found:
                detail = Detail(f"appearances[{number}]", "the person is not seen there")
                refuse(400, "10001", "Invalid Request.", detail)
            moved += found
        return moved

    def remove(self, state: PersonState) -> list[PersonState]:
        """Forgets a person and those merged into it, and says who that was."""
        gone = self.family(state)
        for member in gone:
            del self.states[member.person_id]
        return gone

    def note(
        self,
        state: PersonState,
        kind: PersonEventType,
        *,
        other: int | None = None,
        name: str | None = None,
        former_name: str | None = None,
    ) -> None:
        """Writes down what was done."""
        self.events.append(
            PersonEvent(
                event_id=len(self.events) + 1,
                type=kind,
                person_id=state.person_id,
                other_person_id=other,
                name=name,
                former_name=former_name,
                created_user_name=USER,
                created_time=TIME,
            )
        )

    def history(self, state: PersonState) -> list[PersonEvent]:
        """What was done to a person and to those merged into it, newest first."""
        family = {member.person_id for member in self.family(state)}
        return [event for event in reversed(self.events) if event.person_id in family]
