"""A workspace with 10 000 assets and a film of two hours, written into the database without any analysis."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import psycopg
from PIL import Image, ImageDraw

from scenedex.index.previews import IndexPreview
from scenedex.index.records import (
    AnalysisSetting,
    IndexedAppearance,
    IndexedKeyword,
    IndexedPerson,
    IndexedScene,
    IndexedScript,
    IndexedShot,
    IndexedSound,
    IndexedText,
    IndexedWord,
    NewIndex,
    StageEngine,
)
from scenedex.index.service import publish
from scenedex.settings import Settings
from scenedex.wiring import open_platform

if TYPE_CHECKING:
    from pathlib import Path

    from scenedex.wiring import Platform

ASSETS, SHOTS, SCENES, PERSONS, LINES = 10_000, 1_500, 300, 400, 1_800
DURATION_MS = 2 * 3600 * 1000
FILM_NAME = "council-meeting.mp4"
# As many pictures as a browser has to decode at once, and few enough to be written in a moment.
PICTURES = 48
PICTURE_SIZE, POSTER_SIZE, STILL_SIZE = (854, 480), (320, 180), (160, 90)
STILLS_IN_ROW, STILL_ROWS = 20, 18
PEAKS_PER_SECOND = 2.0
_SPEECH = (
    "The harbour will be closed to large ships from Monday on, and the council expects the works to take until spring.",
    "We have asked the operator for a plan that keeps the fish market open, at least on three days of the week.",
    "Nobody in this room believes that the costs stay where they are today, so we should say it now.",
    "Thank you, that was clear. Are there further questions from the members of the committee?",
)
_WORDS = ("harbour", "ship", "council", "market", "microphone", "window", "crowd", "bridge", "flag", "table", "night")
_ENGINES = tuple(StageEngine(stage, f"scenedex-{stage}", "1") for stage in ("shots", "faces", "speech", "text"))


@dataclass(frozen=True, slots=True)
class LargeArchive:
    """Names in the filled workspace.

    Attributes:
        workspace: its name.
        project: id of its project.
        film: id of the film of two hours, which is the newest asset.
    """

    workspace: str
    project: int
    film: int


@dataclass(frozen=True, slots=True)
class Filling:
    """Where an archive goes, and its size.

    Attributes:
        workspace: name of an empty workspace.
        project_id: its base project.
        assets: number of assets, with the film.
        film: bytes of the film, or `None` for one whose file is missing.
    """

    workspace: str
    project_id: int
    assets: int = ASSETS
    film: bytes | None = None
    pictures: tuple[str, ...] = field(default=tuple(f"archive/{number}.jpg" for number in range(PICTURES)))


async def fill(data_dir: Path, filling: Filling) -> LargeArchive:
    """Fill an empty workspace of an embedded server."""
    async with open_platform(Settings(data_dir=data_dir)) as platform:
        for number, key in enumerate(filling.pictures):
            await platform.managed.put(key, drawn_picture(number, PICTURE_SIZE), "image/jpeg")
            await platform.managed.put(f"{key}.poster", drawn_picture(number, POSTER_SIZE), "image/jpeg")
        await platform.managed.put("archive/strip.jpg", drawn_strip(), "image/jpeg")
        return await _fill(platform, filling)


async def _fill(platform: Platform, filling: Filling) -> LargeArchive:
    names = {"workspace": filling.workspace, "project": filling.project_id, "pictures": list(filling.pictures)}
    async with await psycopg.AsyncConnection.connect(platform.database.conninfo, autocommit=True) as connection:
        await connection.execute(_ASSETS, {**names, "assets": filling.assets - 1})
        persons = [row[0] for row in await (await connection.execute(_PERSONS, {**names, "count": PERSONS})).fetchall()]
        await connection.execute(_FACES, {**names, "persons": persons})
        film = {**names, "name": FILM_NAME, "duration": DURATION_MS, "size": len(filling.film or b"")}
        row = await (await connection.execute(_FILM, film)).fetchone()
        assert row is not None
        asset_id, index_id, managed_key = row
        if filling.film is not None:
            await platform.managed.put(managed_key, filling.film, "video/webm")
        index = long_index(asset_id, index_id, persons, filling.pictures)
        async with platform.database.transaction() as tx:
            await publish(tx, index)
        await connection.execute("ANALYZE")
    return LargeArchive(filling.workspace, filling.project_id, asset_id)


def long_index(asset_id: int, index_id: int, persons: list[int], pictures: tuple[str, ...]) -> NewIndex:
    """Return the index of a film with many shots, persons and lines."""
    shots = [
        IndexedShot(number + 1, _cut(number), _cut(number + 1), pictures[number % PICTURES]) for number in range(SHOTS)
    ]
    peaks = bytes((number * 37 % 190) + (60 if number % 40 < 30 else 0) for number in range(DURATION_MS // 500))
    return NewIndex(
        index_id=index_id,
        asset_id=asset_id,
        type="VIDEO",
        setting=AnalysisSetting(analysis_person_count=100, scene_range="MEDIUM", source_language="ENKO"),
        engines=_ENGINES,
        duration_ms=DURATION_MS,
        scenes=tuple(_scene(number, shots, persons) for number in range(SCENES)),
        user_name="alice",
        preview=IndexPreview(
            strip_key="archive/strip.jpg",
            strip_columns=STILLS_IN_ROW,
            strip_rows=STILL_ROWS,
            tile_width=STILL_SIZE[0],
            tile_height=STILL_SIZE[1],
            times_ms=[
                number * DURATION_MS // (STILLS_IN_ROW * STILL_ROWS) for number in range(STILLS_IN_ROW * STILL_ROWS)
            ],
            peaks_per_second=PEAKS_PER_SECOND,
            peaks=peaks,
        ),
    )


def _cut(number: int) -> int:
    """Start of a shot in milliseconds. Shots are of different lengths."""
    even = number * DURATION_MS // SHOTS
    return even if number in {0, SHOTS} else even + (number * 7919 % 3000) - 1500


def _scene(number: int, shots: list[IndexedShot], persons: list[int]) -> IndexedScene:
    own = tuple(shots[number * SHOTS // SCENES : (number + 1) * SHOTS // SCENES])
    start, end = own[0].start_ms, own[-1].end_ms
    length = end - start
    seen = sorted({persons[(number * 7 + step * 53) % len(persons)] for step in range(8)})
    lines = range(number * LINES // SCENES, (number + 1) * LINES // SCENES)
    each = length // len(lines)
    return IndexedScene(
        number + 1,
        start,
        end,
        own[0].keyframe_key,
        own,
        persons=tuple(
            IndexedPerson(person, (IndexedAppearance(start + place * 900, start + place * 900 + length // 3, 0.9),))
            for place, person in enumerate(seen)
        ),
        keywords=tuple(
            IndexedKeyword(_WORDS[(number + step) % len(_WORDS)], "OBJECT", 0.9 - step / 10, ((start, end),))
            for step in range(5)
        ),
        texts=(IndexedText(f"CITY COUNCIL {number + 1}", 0.1, 0.8, 0.3, 0.08, 0.95, start, start + length // 2),),
        scripts=tuple(_line(line, start + place * each, each) for place, line in enumerate(lines)),
        sounds=(IndexedSound("APPLAUSE", 0.8, start, start + 3000),) if number % 12 == 0 else (),
    )


def _line(number: int, start: int, length: int) -> IndexedScript:
    text = _SPEECH[number % len(_SPEECH)]
    words = text.split()
    step = length // (len(words) + 1)
    return IndexedScript(
        number + 1,
        f"Speaker {1 + number // 3 % 6}",
        text,
        "EN",
        0.9,
        start,
        start + length - 100,
        words=tuple(
            IndexedWord(word, start + place * step, start + (place + 1) * step, 0.9) for place, word in enumerate(words)
        ),
    )


def drawn_picture(number: int, size: tuple[int, int]) -> bytes:
    """Draw a landscape as a JPEG. Another number gives another one."""
    width, height = size
    shade = number * 67 % 256
    sky = np.linspace(0, 150, height)[:, None, None] + shade * np.array((0.2, 0.4, 0.1))
    colours = Image.fromarray(np.broadcast_to(sky, (height, width, 3)).astype(np.uint8))
    draw = ImageDraw.Draw(colours)
    for house in range(12):
        left, top = house * width // 12, height // 2 - (house * 37 + number * 29) % (height // 3)
        draw.rectangle((left, top, left + width // 14, height), fill=(shade, (house * 20) % 256, 90))
    target = io.BytesIO()
    colours.save(target, "JPEG", quality=80)
    return target.getvalue()


def drawn_strip() -> bytes:
    """Draw the stills of the film as one JPEG."""
    width, height = STILL_SIZE
    strip = Image.new("RGB", (width * STILLS_IN_ROW, height * STILL_ROWS))
    stills = [Image.open(io.BytesIO(drawn_picture(number, STILL_SIZE))) for number in range(PICTURES)]
    for place in range(STILLS_IN_ROW * STILL_ROWS):
        strip.paste(stills[place % PICTURES], (place % STILLS_IN_ROW * width, place // STILLS_IN_ROW * height))
    target = io.BytesIO()
    strip.save(target, "JPEG", quality=70)
    return target.getvalue()


# Nine of ten assets are analysed, and each of these has a keyframe and a poster.
_ASSETS = """
WITH made AS (
    INSERT INTO assets (
        project_id, file_name, key, bucket_name, import_status, import_attempt, import_tries, import_percent,
        managed_key, format, width, height, duration_ms, size_bytes,
        create_user_name, created_time, update_user_name, updated_time
    )
    SELECT
        %(project)s, name || '.mp4', to_char(created, 'YYYY/MM/DD/') || name || '.mp4', 'footage',
        CASE WHEN n %% 50 = 7 THEN 'FAILED' ELSE 'COMPLETED' END, 1, 1, 100,
        'archive/missing-' || n, 'mp4', 1920, 1080, 20000 + n * 7919 %% 5400000, 5000000 + n * 104729 %% 4000000000,
        'alice', created, 'alice', created
    FROM
        generate_series(1, %(assets)s::bigint) AS n,
        LATERAL (SELECT timestamptz '2024-01-01 06:00:00+00' + n * interval '71 minutes' AS created) AS moment,
        LATERAL (
            SELECT (ARRAY['interview', 'press-conference', 'b-roll', 'evening-news', 'archive'])[1 + n %% 5]
                || '-' || lpad(n::text, 5, '0') AS name
        ) AS named
    ORDER BY n
    RETURNING asset_id, import_status, duration_ms, created_time
), analysed AS (
    INSERT INTO analyses (asset_id, status, percent, options, created_user_name, updated_user_name)
    SELECT asset_id, 'ANALYZE_COMPLETED', 100, '{"analysisPersonCount": 0}', 'alice', 'alice'
    FROM made WHERE import_status = 'COMPLETED' AND asset_id %% 10 > 0
    RETURNING index_id, asset_id
), indexed AS (
    INSERT INTO indexes (index_id, asset_id, type, options, engines, duration_ms, created_user_name, updated_user_name)
    SELECT index_id, asset_id, 'VIDEO', '{"analysisPersonCount": 0}', '[]', duration_ms, 'alice', 'alice'
    FROM analysed JOIN made USING (asset_id)
    RETURNING
        index_id, duration_ms, (%(pictures)s::text[])[1 + index_id %% cardinality(%(pictures)s::text[])] AS picture
), previewed AS (
    INSERT INTO index_previews (index_id, poster_key) SELECT index_id, picture || '.poster' FROM indexed
)
INSERT INTO scenes (index_id, scene_id, start_ms, end_ms, keyframe_key)
SELECT index_id, 1, 0, duration_ms, picture
FROM indexed
"""
_PERSONS = """
INSERT INTO persons (workspace_id, name, created_user_name, updated_user_name)
SELECT workspace_id, CASE WHEN n %% 4 = 0 THEN 'Member ' || n END, 'alice', 'alice'
FROM workspaces, generate_series(1, %(count)s) AS n WHERE workspace_name = %(workspace)s ORDER BY n
RETURNING person_id
"""
_FACES = """
WITH made AS (
    INSERT INTO person_thumbnails (person_id, folder, key)
    SELECT person_id, 'archive', (%(pictures)s::text[])[1 + person_id %% cardinality(%(pictures)s::text[])]
    FROM unnest(%(persons)s::bigint[]) AS person_id
    RETURNING person_id, thumbnail_id
)
UPDATE persons SET primary_thumbnail_id = thumbnail_id FROM made WHERE made.person_id = persons.person_id
"""
_FILM = """
WITH made AS (
    INSERT INTO assets (
        project_id, file_name, key, bucket_name, import_status, import_attempt, import_tries, import_percent,
        managed_key, format, width, height, duration_ms, size_bytes, video_codec, pixel_format, frame_rate,
        create_user_name, update_user_name
    )
    VALUES (
        %(project)s, %(name)s, %(name)s, 'footage', 'COMPLETED', 1, 1, 100,
        'archive/film.webm', 'webm', 320, 180, %(duration)s, %(size)s, 'vp9', 'yuv420p', '1/1', 'alice', 'alice'
    )
    RETURNING asset_id, managed_key
), analysed AS (
    INSERT INTO analyses (asset_id, status, percent, options, created_user_name, updated_user_name)
    SELECT asset_id, 'ANALYZE_COMPLETED', 100, '{"analysisPersonCount": 100}', 'alice', 'alice' FROM made
    RETURNING index_id
)
SELECT asset_id, index_id, managed_key FROM made, analysed
"""
