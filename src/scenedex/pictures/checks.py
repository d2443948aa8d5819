"""The check job: examines an uploaded picture, and keeps it in a harmless form or rejects it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from scenedex.assets.erasure import abandon, announce, claimed
from scenedex.assets.import_job import media_source
from scenedex.engines.selection import NotAnalysed
from scenedex.jobs import JobKind
from scenedex.jobs.attempts import AttemptHandler, Failure, Refusal, message_of
from scenedex.jobs.errors import Superseded
from scenedex.media.child import run_in_child
from scenedex.media.errors import DimensionsTooLarge, MediaUnreadable, max_tries
from scenedex.media.work_folder import work_folder
from scenedex.pictures import queries
from scenedex.pictures.examination import ENTRY, FILE, ExamineOptions
from scenedex.pictures.records import (
    CheckedPicture,
    PictureFace,
    PictureProblem,
    PictureVector,
    picture_folder,
    uploaded_object,
)
from scenedex.pictures.uploads import too_large
from scenedex.pictures.verdict import Examined, judge, remark
from scenedex.storage.errors import ObjectNotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from scenedex.db.database import Database, Transaction
    from scenedex.engines.engine import EngineChoice
    from scenedex.jobs.queue import JobQueue
    from scenedex.media.child import ChildLimits
    from scenedex.pictures.examination import StillForm
    from scenedex.pictures.records import PictureClaim, PicturePurpose
    from scenedex.pictures.verdict import PictureRule
    from scenedex.storage.store import ManagedStore

_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.pictures")


@dataclass(frozen=True, slots=True)
class PictureCheckOptions:
    """Engines, rules and limits of picture checks.

    Attributes:
        rules: requirements of each purpose.
        faces: returns the selected engine of faces.
        embedders: returns the engines of picture vectors that a search may compare with.
        still: form in which these engines see a picture.
        threads: threads of one engine, 0 for one for each core.
        max_bytes: maximum size of a file.
        work: folder for work files, made when it is first needed.
        limits: limits of the child process.
    """

    rules: Mapping[PicturePurpose, PictureRule]
    faces: Callable[[], EngineChoice | NotAnalysed]
    embedders: Callable[[], tuple[EngineChoice, ...] | NotAnalysed]
    still: StillForm
    threads: int
    max_bytes: int
    work: Path
    limits: ChildLimits


class _Unusable(Exception):
    """The picture cannot be used. The message says why."""


class PictureCheckHandler(AttemptHandler["PictureClaim"]):
    """`AttemptHandler` that examines an uploaded picture and keeps it in a harmless form."""

    def __init__(self, database: Database, managed: ManagedStore, options: PictureCheckOptions) -> None:
        self._database = database
        self._managed = managed
        self._options = options

    async def claim(self, subject: int) -> PictureClaim | None:
        """See `AttemptHandler`."""
        async with self._database.transaction() as tx:
            return await queries.claim(tx, subject)

    def judge(self, claim: PictureClaim, error: Exception) -> Refusal | Failure:
        """See `AttemptHandler`."""
        del claim
        if isinstance(error, _Unusable):
            return Refusal(str(error))
        if isinstance(error, ObjectNotFound):
            return Refusal(PictureProblem.FILE_NOT_EXIST.message())
        reason = PictureProblem.CHECK_FAILED.message(_clause(message_of(error)))
        return Failure(reason, max_tries(error))

    async def work(self, claim: PictureClaim) -> None:
        """See `AttemptHandler`."""
        rule = self._options.rules[claim.purpose]
        options = ExamineOptions(
            formats=rule.formats,
            min_side=rule.min_side,
            faces=self._face_engine(rule),
            max_faces=rule.max_faces,
            embedders=self._embedders(rule),
            still=self._options.still,
            threads=self._options.threads,
        )
        size_bytes = (await self._managed.head(uploaded_object(claim.key))).size_bytes
        if size_bytes > self._options.max_bytes:
            raise _Unusable(too_large(size_bytes, self._options.max_bytes))
        with work_folder(self._options.work, f"picture-{claim.picture_id}") as folder:
            examined = await self._examine(claim, options, size_bytes, folder)
            if (problem := judge(examined, rule)) is not None:
                raise _Unusable(problem)
            faces, vectors = _faces(examined, options), _vectors(examined, options)
            await self._keep(claim, folder / FILE, faces, vectors, remark(examined, rule))

    def _face_engine(self, rule: PictureRule) -> EngineChoice | None:
        """Return the engine of faces for such a picture, or `None` if it needs none."""
        found = self._options.faces() if rule.max_faces else None
        if isinstance(found, NotAnalysed):
            if rule.needs_face:
                raise _Unusable(PictureProblem.NO_FACE_ENGINE.message(_lack(found)))
            return None
        return found

    def _embedders(self, rule: PictureRule) -> tuple[EngineChoice, ...]:
        """Return the engines of vectors for such a picture."""
        found = self._options.embedders() if rule.is_embedded else ()
        if isinstance(found, NotAnalysed):
            raise _Unusable(PictureProblem.NO_PICTURE_ENGINE.message(_lack(found)))
        return found

    async def _examine(self, claim: PictureClaim, options: ExamineOptions, size_bytes: int, folder: Path) -> Examined:
        limits, engines = self._options.limits, (options.faces, *options.embedders)
        try:
            return await run_in_child(
                ENTRY,
                media_source(self._managed, uploaded_object(claim.key), size_bytes),
                options,
                Examined,
                limits=limits,
                work_dir=folder,
                readable=[
                    Path(engine.folder) for engine in engines if engine is not None and engine.folder is not None
                ],
            )
        except DimensionsTooLarge as error:
            clause = f"{_clause(str(error))}, the maximum is {limits.max_pixels} pixels"
            raise _Unusable(PictureProblem.TOO_MANY_PIXELS.message(clause)) from error
        except MediaUnreadable as error:
            accepted = ", ".join(kind.upper() for kind in options.formats)
            clause = f"{_clause(str(error))} (accepted: still pictures of the formats {accepted})"
            raise _Unusable(PictureProblem.NOT_AN_IMAGE.message(clause)) from error

    async def _keep(
        self,
        claim: PictureClaim,
        file: Path,
        faces: tuple[PictureFace, ...],
        vectors: tuple[PictureVector, ...],
        message: str | None,
    ) -> None:
        """Put the picture into managed storage, into a folder of this attempt alone."""
        folder = f"{picture_folder(claim.key)}/{claim.attempt}"
        async with self._database.transaction() as tx:
            await announce(tx, [folder])
        picture = CheckedPicture(claim.key, f"{folder}/{FILE}", faces, vectors)
        await self._managed.put_file(picture.object_key, file, "image/jpeg")
        try:
            await self._record(claim, folder, picture, message)
        except Superseded:
            async with self._database.transaction() as tx:
                await abandon(tx, [folder])
            raise
        await self._managed.delete(uploaded_object(claim.key))
        _log.info("picture.completed", picture=claim.picture_id)

    async def _record(self, claim: PictureClaim, folder: str, picture: CheckedPicture, message: str | None) -> None:
        async with self._database.transaction() as tx:
            if not (await queries.complete(tx, claim, picture, message) and await claimed(tx, [folder])):
                raise Superseded

    async def fail(self, claim: PictureClaim, reason: str) -> None:
        """See `AttemptHandler`."""
        async with self._database.transaction() as tx:
            is_ours = await queries.fail(tx, claim, reason)
        problem = PictureProblem(reason.partition(":")[0])
        if is_ours and problem.is_final:
            await self._managed.delete(uploaded_object(claim.key))
        _log.info("picture.failed", picture=claim.picture_id, reason=reason)

    async def put_back(self, claim: PictureClaim) -> None:
        """See `AttemptHandler`."""
        async with self._database.transaction() as tx:
            await queries.release(tx, claim)


async def requeue_lost_checks(tx: Transaction, queue: JobQueue) -> None:
    """Give checks that have lost their job another."""
    await queue.requeue(tx, JobKind.PICTURE, await queries.checks_without_job(tx), queries.set_job)


def _faces(examined: Examined, options: ExamineOptions) -> tuple[PictureFace, ...]:
    if options.faces is None:
        return ()
    engine = str(options.faces.engine)
    return tuple(PictureFace(engine, _encoded(face.embedding), face.quality) for face in examined.faces)


def _vectors(examined: Examined, options: ExamineOptions) -> tuple[PictureVector, ...]:
    return tuple(
        PictureVector(str(choice.engine), _encoded(vector))
        for choice, vector in zip(options.embedders, examined.vectors, strict=True)
    )


def _lack(found: NotAnalysed) -> str:
    return f"{found.reason}. To enable it: {found.command}"


def _encoded(vector: Sequence[float]) -> str:
    """Return a vector as the database reads it."""
    return "[" + ",".join(f"{value:.6g}" for value in vector) + "]"


def _clause(sentence: str) -> str:
    """Return a sentence as part of another."""
    return (sentence[:1].lower() + sentence[1:]).rstrip(".")
