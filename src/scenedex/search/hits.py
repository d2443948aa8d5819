"""Conversion of found scenes to wire shapes and to the content of exports."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from scenedex.exports.content import SceneSelection, SelectedScene
from scenedex.index.export_routes import exported_scene
from scenedex.index.scene_schemas import KeywordObject, ScenePersonObject, ScreenTextObject, ScriptObject
from scenedex.search.records import SearchState
from scenedex.search.schemas import AssetType, HitObject, MatchesObject, SearchObject

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from scenedex.assets.links import Links
    from scenedex.search.records import FoundScene, SearchPage
    from scenedex.wire.parsing import PageRequest


def search_object(found: SearchPage, page: PageRequest, links: Links, base_url: str) -> SearchObject:
    """Convert a search and a page of its hits, with URLs of their pictures."""
    if found.state is not SearchState.COMPLETED:
        return SearchObject(search_id=found.search_id, status=found.state.value, status_message=found.message)
    urls = links.readable(sorted({key for hit in found.hits for key in _picture_keys(hit)}), base_url)
    return SearchObject(
        search_id=found.search_id,
        status=found.state.value,
        status_message=found.message,
        total_count=found.total,
        total_page=page.pages_of(found.total),
        page_no=page.number,
        page_size=page.size,
        results=[_hit(hit, urls) for hit in found.hits],
    )


def scene_selection(title: str, hits: Iterable[FoundScene]) -> SceneSelection:
    """Convert hits of a search to the content of an export."""
    return SceneSelection(title, [_selected(hit) for hit in hits])


def _selected(hit: FoundScene) -> SelectedScene:
    media = hit.asset_id, hit.project_id, hit.index_id, hit.file_name, hit.type
    return SelectedScene(*media, hit.score, exported_scene(hit.scene))


def _picture_keys(hit: FoundScene) -> Iterator[str]:
    yield hit.scene.keyframe_key
    yield from (person.thumbnail_key for person in hit.scene.persons if person.thumbnail_key is not None)


def _hit(hit: FoundScene, urls: Mapping[str, str]) -> HitObject:
    scene = hit.scene
    return HitObject(
        asset_id=hit.asset_id,
        project_id=hit.project_id,
        file_name=hit.file_name,
        asset_type=cast("AssetType", hit.type),
        index_id=hit.index_id,
        scene_id=scene.scene_id,
        start_time_ms=scene.start_ms,
        end_time_ms=scene.end_ms,
        score=hit.score,
        keyframe_url=urls[scene.keyframe_key],
        matches=MatchesObject(
            keywords=[KeywordObject.of(keyword) for keyword in scene.keywords],
            persons=[ScenePersonObject.of(person, urls) for person in scene.persons],
            dialogues=[ScriptObject.of(script) for script in scene.scripts],
            texts=[ScreenTextObject.of(text) for text in scene.texts],
        ),
    )
