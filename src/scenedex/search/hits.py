"""Conversion of found scenes to wire shapes and to the content of exports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from msgspec.structs import replace

from scenedex.exports.content import SceneSelection, SelectedMoment, SelectedScene
from scenedex.index.export_routes import exported_scene
from scenedex.index.records import IndexedKeyword, IndexedPerson, IndexedScript, IndexedSummary, IndexedText
from scenedex.index.scene_schemas import BoundingBoxObject
from scenedex.search.records import SearchState
from scenedex.search.schemas import AssetType, HitObject, HitPlaceObject, MatchObject, SearchObject
from scenedex.wire.deep_links import asset_link

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from scenedex.assets.links import Links
    from scenedex.search.records import FoundScene, Match, SearchPage
    from scenedex.wire.parsing import PageRequest


@dataclass(frozen=True, slots=True)
class SearchAddresses:
    """Addresses for the URLs of hits.

    Attributes:
        links: URLs of pictures.
        base_url: address of the server for presigned URLs.
        server_url: address of the server for its pages.
    """

    links: Links
    base_url: str
    server_url: str
    workspace_name: str


def search_object(found: SearchPage, page: PageRequest, addresses: SearchAddresses) -> SearchObject:
    """Convert a search and a page of its hits, with URLs of their pictures and moments."""
    if found.state is not SearchState.COMPLETED:
        return SearchObject(search_id=found.search_id, status=found.state.value, status_message=found.message)
    keys = sorted({key for hit in found.hits for key in _picture_keys(hit)})
    urls = addresses.links.readable(keys, addresses.base_url)
    return SearchObject(
        search_id=found.search_id,
        status=found.state.value,
        status_message=found.message,
        total_count=found.total,
        total_page=page.pages_of(found.total),
        page_no=page.number,
        page_size=page.size,
        results=[_hit(hit, urls, addresses) for hit in found.hits],
    )


@dataclass(frozen=True, slots=True)
class SearchExport:
    """Hits of a search to be exported.

    Attributes:
        title: name of the export.
        server_url: address of the server for its pages.
    """

    title: str
    workspace_name: str
    server_url: str
    hits: Sequence[FoundScene]

    def selection(self) -> SceneSelection:
        """Convert the hits to the content of an export."""
        return SceneSelection(self.title, [self._selected(hit) for hit in self.hits])

    def _selected(self, hit: FoundScene) -> SelectedScene:
        url = asset_link(self.server_url, self.workspace_name, hit.asset_id, hit.moment.start_ms)
        best = next(iter(hit.moment.matches), None)
        kind, text = ("", "") if best is None else (best.kind.value, best.text or "")
        return SelectedScene(
            asset_id=hit.asset_id,
            project_id=hit.project_id,
            index_id=hit.index_id,
            file_name=hit.file_name,
            asset_type=hit.type,
            duration_ms=hit.duration_ms,
            score=hit.score,
            scene=exported_scene(hit.scene),
            moment=SelectedMoment(hit.moment.start_ms, hit.moment.end_ms, kind, text, url),
            copies=tuple(place.asset_id for place in hit.places[1:]),
            film=hit.film,
        )


def _picture_keys(hit: FoundScene) -> Iterator[str]:
    yield hit.scene.keyframe_key
    yield from (person.thumbnail_key for person in hit.scene.persons if person.thumbnail_key is not None)


def _hit(hit: FoundScene, urls: Mapping[str, str], addresses: SearchAddresses) -> HitObject:
    scene, moment = hit.scene, hit.moment
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
        moment_start_ms=moment.start_ms,
        moment_end_ms=moment.end_ms,
        moment_url=asset_link(addresses.server_url, addresses.workspace_name, hit.asset_id, moment.start_ms),
        matches=[_match(match, urls) for match in moment.matches],
        places=[
            HitPlaceObject(asset_id=place.asset_id, project_id=place.project_id, file_name=place.file_name)
            for place in hit.places
        ],
    )


def _match(match: Match, urls: Mapping[str, str]) -> MatchObject:
    found = MatchObject(
        kind=match.kind.value,
        text=match.text,
        start_time_ms=match.start_ms,
        end_time_ms=match.end_ms,
        confidence=match.confidence,
        engine=match.engine,
    )
    match match.finding:
        case IndexedScript(script_id=script_id, speaker=speaker):
            return replace(found, script_id=script_id, speaker=speaker)
        case IndexedText() as text:
            box = BoundingBoxObject(left=text.left, top=text.top, width=text.width, height=text.height)
            return replace(found, bounding_box=box)
        case IndexedKeyword(category=category):
            return replace(found, category=category)
        case IndexedPerson(person_id=person_id, thumbnail_key=key):
            return replace(found, person_id=person_id, thumbnail_url=None if key is None else urls[key])
        case IndexedSummary() | None:
            return found
