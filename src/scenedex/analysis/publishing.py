"""Publishing of an analysis: identifies its people and replaces the former index, in one transaction."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scenedex.analysis import output_queries, queries
from scenedex.analysis.assembly import assemble
from scenedex.analysis.notices import INDEX_COMPLETED
from scenedex.analysis.people import seen_persons
from scenedex.analysis.records import AnalysisStatus
from scenedex.analysis.stages.faces import FACES_STAGE
from scenedex.analysis.stages.heard_tracks import voice_tracks
from scenedex.analysis.stages.sound import SOUND_STAGE
from scenedex.analysis.stages.speech import SPEECH_STAGE, left_out
from scenedex.analysis.stages.strip import FILE as STRIP_FILE
from scenedex.analysis.stages.strip import STRIP_STAGE
from scenedex.analysis.stages.text import TEXT_STAGE
from scenedex.analysis.stages.visual import VISUAL_STAGE
from scenedex.analysis.stages.voice import VOICE_STAGE
from scenedex.analysis.stages.waveform import WAVEFORM_STAGE
from scenedex.assets import erasure
from scenedex.assets.events import record_end
from scenedex.audit.events import ANALYSIS_SUCCEEDED
from scenedex.engines.faces import FACES
from scenedex.index.previews import IndexPreview
from scenedex.index.records import NewIndex
from scenedex.index.service import publish
from scenedex.jobs.errors import Superseded
from scenedex.persons.identification import identify, needs_thumbnail, rejected_times, thumbnail_folders
from scenedex.persons.records import IdentificationScope, PersonCandidate, ThumbnailLocation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.analysis.people import SeenPerson
    from scenedex.analysis.records import AnalysisClaim
    from scenedex.analysis.stage import Inputs, Made
    from scenedex.analysis.stages.faces import FacesResult
    from scenedex.db.database import Database, Transaction
    from scenedex.engines.registry import EngineRegistry
    from scenedex.index.records import StageEngine
    from scenedex.jobs.queue import JobQueue
    from scenedex.persons.records import Identity
    from scenedex.storage.store import ManagedStore

_LARGEST_CROP = 4 * 1024**2


class OutputGone(Exception):
    """An output of an earlier analysis was removed meanwhile. The next try makes it again."""


@dataclass(frozen=True, slots=True)
class Ready:
    """An analysis whose stages have ended.

    Attributes:
        claim: the analysis.
        inputs: outcomes of its stages.
        engines: engine of each part of the index, or the reason why the part is missing.
    """

    claim: AnalysisClaim
    inputs: Inputs
    engines: tuple[StageEngine, ...]


class Publisher:
    """Publishes results."""

    def __init__(self, database: Database, queue: JobQueue, managed: ManagedStore, engines: EngineRegistry) -> None:
        self._database = database
        self._queue = queue
        self._managed = managed
        self._engines = engines

    async def publish(self, ready: Ready) -> None:
        """Make a result the index of its asset.

        Raises:
            Superseded: the analysis was cancelled, or a later attempt runs it.
            OutputGone: a file of the index is missing.
        """
        faces = ready.inputs.made(FACES_STAGE)
        people: Sequence[SeenPerson] = ()
        if faces is not None:
            async with self._database.transaction() as tx:
                rejected = await rejected_times(tx, ready.claim.asset_id)
            people = await asyncio.to_thread(seen_persons, faces.result, rejected)
        candidates = [one.candidate for one in people]
        scope = _scope(ready, self._engines)
        if scope is not None and faces is not None:
            candidates = await self._with_thumbnails(scope, people, candidates, faces)
        announced = [one.thumbnail.folder for one in candidates if one.thumbnail is not None]
        try:
            async with self._database.transaction() as tx:
                await self._publish(tx, ready, scope, people, candidates)
        except BaseException:
            if announced:
                async with self._database.transaction() as tx:
                    await erasure.abandon(tx, announced)
            raise

    async def _publish(
        self,
        tx: Transaction,
        ready: Ready,
        scope: IdentificationScope | None,
        people: Sequence[SeenPerson],
        candidates: Sequence[PersonCandidate],
    ) -> None:
        claim, inputs = ready.claim, ready.inputs
        if not await queries.end(tx, claim, AnalysisStatus.ANALYZE_COMPLETED.value, _message(ready)):
            raise Superseded
        who: Sequence[Identity | None] = () if scope is None else await identify(tx, scope, candidates)
        persons = {
            track: identity.origin_id
            for identity, one in zip(who, people, strict=False)
            if identity is not None
            for track in one.tracks
        }
        edits = await publish(
            tx,
            NewIndex(
                index_id=claim.index_id,
                asset_id=claim.asset_id,
                type="IMAGE" if claim.is_picture else "VIDEO",
                setting=inputs.scope.setting,
                engines=ready.engines,
                duration_ms=inputs.of(VISUAL_STAGE).duration.timecode().ms,
                scenes=assemble(inputs, persons),
                user_name=claim.user_name,
                preview=_preview(inputs),
                voice_tracks=_voice_tracks(inputs),
            ),
        )
        if edits:
            await queries.set_message(tx, claim.index_id, _message(ready, edits))
        shown = [made.output_id for made in (inputs.made(VISUAL_STAGE), inputs.made(STRIP_STAGE)) if made is not None]
        if not await output_queries.use(tx, claim.index_id, shown):
            raise OutputGone
        await record_end(
            tx, ANALYSIS_SUCCEEDED, claim.asset_id, claim.user_name, notice=INDEX_COMPLETED, index_id=claim.index_id
        )
        await self._settle_thumbnails(tx, candidates)
        await output_queries.delete_transient(tx, claim.index_id)
        await erasure.request_erasure(tx, self._queue)

    async def _with_thumbnails(
        self,
        scope: IdentificationScope,
        people: Sequence[SeenPerson],
        candidates: Sequence[PersonCandidate],
        faces: Made[FacesResult],
    ) -> list[PersonCandidate]:
        """Return the candidates, each with a stored thumbnail if it will probably be registered."""
        places: list[ThumbnailLocation | None] = []
        async with self._database.transaction() as tx:
            for one, candidate in zip(people, candidates, strict=True):
                is_unpictured = (
                    scope.tag_ids is None
                    and candidate.is_presentable
                    and bool(one.crop)
                    and sum(place is not None for place in places) < scope.max_persons
                    and await needs_thumbnail(tx, scope, candidate)
                )
                places.append(ThumbnailLocation.new(scope.workspace_id) if is_unpictured else None)
            await erasure.announce(tx, [place.folder for place in places if place is not None])
        for one, place in zip(people, places, strict=True):
            if place is not None:
                crop = await self._managed.get(faces.key(one.crop), max_bytes=_LARGEST_CROP)
                await self._managed.put(place.key, crop, "image/jpeg")
        return [replace(one, thumbnail=place) for one, place in zip(candidates, places, strict=True)]

    async def _settle_thumbnails(self, tx: Transaction, candidates: Sequence[PersonCandidate]) -> None:
        """Keep the thumbnails of registered persons and erase the others."""
        folders = [one.thumbnail.folder for one in candidates if one.thumbnail is not None]
        if not folders:
            return
        shown = await thumbnail_folders(tx, folders)
        await erasure.claimed(tx, shown)
        await erasure.abandon(tx, [folder for folder in folders if folder not in shown])


def _scope(ready: Ready, engines: EngineRegistry) -> IdentificationScope | None:
    """Return the search for known persons, or `None` if the faces stage did not run."""
    if ready.inputs.find(FACES_STAGE) is None:
        return None
    setting = ready.inputs.scope.setting
    engine = str(ready.inputs.choice(FACES).engine)
    return IdentificationScope(
        workspace_id=ready.claim.workspace_id,
        engine=engine,
        calibration=engines.face_calibration(engine),
        max_persons=setting.analysis_person_count,
        tag_ids=setting.tag_id_list,
        asset_id=ready.claim.asset_id,
        user_name=ready.claim.user_name,
    )


def _preview(inputs: Inputs) -> IndexPreview:
    """Return the poster, the strip of stills and the peaks of the sound, as far as their stages ran."""
    visual, strip, waveform = inputs.stored(VISUAL_STAGE), inputs.made(STRIP_STAGE), inputs.find(WAVEFORM_STAGE)
    poster = visual.result.poster
    preview = IndexPreview(
        poster_key=None if poster is None else visual.key(poster),
        peaks_per_second=None if waveform is None else waveform.peaks_per_second,
        peaks=None if waveform is None else waveform.peaks,
    )
    if strip is None:
        return preview
    return replace(
        preview,
        strip_key=strip.key(STRIP_FILE),
        strip_columns=strip.result.columns,
        strip_rows=strip.result.rows,
        tile_width=strip.result.width,
        tile_height=strip.result.height,
        times_ms=[moment.timecode().ms for moment in strip.result.times],
    )


def _voice_tracks(inputs: Inputs) -> tuple[int, ...]:
    """Return the sound tracks with the voice, none if the file has only one track or no voice is known."""
    sound, voice = inputs.find(SOUND_STAGE), inputs.find(VOICE_STAGE)
    return () if sound is None or voice is None else voice_tracks(sound, voice.programmes)


def _message(ready: Ready, edits: int = 0) -> str | None:
    """Return the message of a completed analysis, or `None` if there is nothing to add to its status."""
    text, speech = ready.inputs.find(TEXT_STAGE), ready.inputs.find(SPEECH_STAGE)
    counts = (
        (ready.inputs.of(VISUAL_STAGE).damaged_packets, "damaged packet", "of the video {was} passed over"),
        (0 if text is None else text.unread, "line", "on screen in a script that cannot be read {was} passed over"),
        (edits, "edit", "of the former index {was} replaced"),
    )
    notes = [
        f"{count} {noun if count == 1 else noun + 's'} {fate.format(was='was' if count == 1 else 'were')}"
        for count, noun, fate in counts
        if count
    ]
    if speech is not None and (lost := left_out(speech)) is not None:
        notes.append(lost)
    return "; ".join([AnalysisStatus.ANALYZE_COMPLETED.message, *notes]) if notes else None
