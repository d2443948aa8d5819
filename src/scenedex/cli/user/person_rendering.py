"""Tables of persons, similar persons, events, pictures and tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.cli.user.rendering import facts, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from scenedex.client import (
        Person,
        PersonErasure,
        PersonEvent,
        PersonMerge,
        PersonRejection,
        PersonSplit,
        PersonTag,
        SimilarPerson,
        Tag,
        Thumbnail,
    )

ANONYMOUS = "(anonymous)"


def render_persons(persons: Sequence[Person]) -> RenderableType:
    """Render a row per person."""
    return table(
        ("Person", "Name", "Assets", "Scenes", "Tags"),
        [
            (person.person_id, person.name or ANONYMOUS, person.asset_count, person.scene_count, _names(person.tags))
            for person in persons
        ],
    )


def render_person(person: Person) -> RenderableType:
    """Render a person."""
    primary = next((picture.id for picture in person.thumbnails if picture.is_primary_thumbnail), None)
    return facts(
        ("Person", person.person_id),
        ("Name", person.name or ANONYMOUS),
        ("Description", person.description),
        ("Tags", _names(person.tags)),
        ("Pictures", len(person.thumbnails)),
        ("Primary picture", primary),
        ("Assets", person.asset_count),
        ("Scenes", person.scene_count),
        ("Created", person.created_time),
        ("Updated", person.updated_time),
    )


def render_similar(similar: Sequence[SimilarPerson]) -> RenderableType:
    """Render a row per similar person."""
    return table(
        ("Similar", "Name", "Score"),
        [(it.person_id, it.name or ANONYMOUS, None if it.score is None else f"{it.score:g}") for it in similar],
    )


def render_events(events: Sequence[PersonEvent]) -> RenderableType:
    """Render a row per event."""
    return table(
        ("Time", "Person", "Event", "", "By"),
        [
            (event.created_time, event.person_id, event.type.lower(), _event_text(event), event.created_user_name)
            for event in events
        ],
    )


def render_pictures(pictures: Sequence[Thumbnail]) -> RenderableType:
    """Render a row per picture."""
    return table(
        ("Picture", "Primary", "URL"),
        [(picture.id, "yes" if picture.is_primary_thumbnail else None, picture.url) for picture in pictures],
    )


def render_tags(tags: Sequence[PersonTag]) -> RenderableType:
    """Render a row per tag of a workspace."""
    return table(
        ("Tag", "Name", "Created by", "Created"),
        [(tag.id, tag.name, tag.created_user_name, tag.created_time) for tag in tags],
    )


def render_tags_of_person(tags: Sequence[Tag]) -> RenderableType:
    """Render a row per tag of a person."""
    return table(("Tag", "Name"), [(tag.id, tag.name) for tag in tags])


def render_merge(merge: PersonMerge) -> RenderableType:
    """Render the result of a merge."""
    return facts(
        ("Person", merge.person_id),
        ("Assets added", merge.transferred_asset_count),
        ("Pictures added", merge.transferred_thumbnail_count),
        ("Merged", merge.merged_time),
    )


def render_split(split: PersonSplit) -> RenderableType:
    """Render the result of a split."""
    return facts(
        ("From person", split.person_id),
        ("To person", split.split_person_id),
        ("Name", split.name or ANONYMOUS),
        ("Appearances", split.moved_appearance_count),
        ("Split", split.split_time),
    )


def render_rejection(rejection: PersonRejection) -> RenderableType:
    """Render the result of a rejection."""
    return facts(
        ("Person", rejection.person_id),
        ("Is not", ", ".join(map(str, rejection.rejected_person_ids))),
        ("Appearances", rejection.moved_appearance_count or None),
        ("Rejected", rejection.rejected_time),
    )


def render_erasure(erasure: PersonErasure) -> RenderableType:
    """Render a row per kind of removed items."""
    return table(
        ("Removed", "Number", "Ids"),
        [
            (trace.kind.lower().replace("_", " "), trace.count, ", ".join(map(str, trace.ids)))
            for trace in erasure.removed
        ],
    )


def _names(tags: Sequence[Tag]) -> str:
    return ", ".join(tag.name or str(tag.id) for tag in tags)


def _event_text(event: PersonEvent) -> str:
    """Return the details of an event."""
    name = event.name if event.former_name is None else f"{event.former_name} → {event.name or ANONYMOUS}"
    numbers = (
        (event.asset_count, "assets"),
        (event.thumbnail_count, "pictures"),
        (event.appearance_count, "appearances"),
    )
    parts = [
        None if event.other_person_id is None else f"person {event.other_person_id}",
        name,
        None if event.asset_id is None else f"asset {event.asset_id}",
        *(f"{number} {what}" for number, what in numbers if number is not None),
    ]
    return ", ".join(part for part in parts if part)
