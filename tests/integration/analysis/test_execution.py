"""Execution of the stages of one analysis: reuse of stored outputs, runs in the worker and in a child."""

from __future__ import annotations

import asyncio
import http.server
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx2
import msgspec
import pytest

import child_functions
from child_functions import ARTEFACT, Answer, read_all, write_size
from scenedex.analysis import queries
from scenedex.analysis.child_runner import ChildRunner
from scenedex.analysis.execution import Execution
from scenedex.analysis.outputs import StageOutputs
from scenedex.analysis.service_calls import ServiceTimedOut
from scenedex.analysis.stage import (
    ChildStep,
    DiskUse,
    Inputs,
    KnownResult,
    Made,
    Source,
    Stage,
    StageServices,
    WorkerStep,
)
from scenedex.engines.built_in import SPECS
from scenedex.engines.engine import Engine, EngineChoice
from scenedex.engines.loader import open_engine
from scenedex.engines.registry import EngineRegistry
from scenedex.engines.selection import require_known_engines, select_engines
from scenedex.engines.sounds import SOUNDS
from scenedex.engines.spec import EngineSpec
from scenedex.media.child import ChildLimits
from scenedex.media.machine_budget import MachineBudget
from scenedex.settings import EngineSettings
from stage_outcomes import scope, selected

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator, Sequence

    from tests.conftest import Item, Site

    from scenedex.analysis.records import AnalysisClaim
    from scenedex.engines.engine import EngineContext

LIMITS = ChildLimits(
    memory_bytes=1024**3,
    cpu_seconds=60,
    wall_seconds=60,
    stall_seconds=30,
    file_size_bytes=64 * 1024**2,
    max_pixels=1024**2,
)

TURNS = {"described": 1}

TESTS = Path(child_functions.__file__).parent


DESCRIBER = EngineSpec(
    port=SOUNDS, engine=Engine("describer", "1"), factory=f"{__name__}:Describer", needs_address=True
)


class Describer:
    """An engine that calls a service."""

    engine = DESCRIBER.engine

    def __init__(self, context: EngineContext) -> None:
        self._address = context.service_address

    async def describe(self) -> str:
        async with httpx2.AsyncClient() as client:
            return (await client.get(self._address)).text


class Question(msgspec.Struct, frozen=True):
    """Options of the stages below."""

    choice: EngineChoice | None = None


async def ask(_inputs: Inputs, options: Question, report: Callable[[float], Awaitable[None]]) -> Answer:
    assert options.choice is not None
    engine: Any = open_engine(SOUNDS, options.choice)
    answer = await engine.describe()
    await report(0.5)
    return Answer(answer)


def described(address: str, tmp_path: Path) -> Stage[Answer]:
    """A stage whose engine is selected by these settings."""
    settings = EngineSettings(sounds="describer", addresses={"describer": address})
    registry = EngineRegistry((DESCRIBER, *SPECS))
    require_known_engines(settings, registry)
    choice = select_engines(settings, tmp_path, "EN", registry=registry).choice("sounds")
    return declared("described", WorkerStep(function=ask), Question(choice))


def declared(
    name: str,
    step: ChildStep[Answer] | WorkerStep[Answer],
    options: Question | KnownResult[Answer] | None = Question(),  # noqa: B008  # it is frozen
    **declaration: Any,
) -> Stage[Answer]:
    return Stage(name=name, version="1", result=Answer, step=step, options=lambda _inputs: options, **declaration)


WRITER = declared("writer", ChildStep(function=write_size, reads=Source.MEDIA, artefact=ARTEFACT, writes=DiskUse(1024)))
ONE, OTHER = (declared(name, ChildStep(function=read_all, reads=WRITER), needs=(WRITER,)) for name in ("one", "other"))
ALONE = declared("alone", ChildStep(function=read_all, reads=Source.NOTHING))


class Bench:
    """Executes stages of an asset of ten bytes."""

    def __init__(self, item: Item, folder: Path) -> None:
        self.item = item
        self.service = item.service
        self.folder = folder
        self.notes: list[tuple[str, float]] = []
        self.engine_limits = LIMITS
        item.service.transact(lambda tx: queries.set_content_hash(tx, item.asset_id, "c0ffee"))
        self.claim = self._claimed()

    def _claimed(self) -> AnalysisClaim:
        index_id = self.item.request_analysis()
        claim = self.service.transact(lambda tx: queries.claim(tx, index_id))
        assert claim is not None
        self.item.put(claim.managed_key, b"0123456789")
        return msgspec.structs.replace(claim, size_bytes=10)

    def execution(self, name: str) -> Execution:
        """Start an attempt of the analysis, with an empty folder of that name."""
        platform = self.service.platform
        turns = MachineBudget(self.folder / "turns", memory_bytes=4 * LIMITS.memory_bytes, max_concurrent=TURNS)
        work = self.folder / name
        work.mkdir()

        async def note(stage: str, fraction: float) -> None:
            self.notes.append((stage, fraction))

        async def no_labels(_choice: EngineChoice) -> tuple[bytes, ...]:
            return ()

        return Execution(
            self.claim,
            StageOutputs(platform.database, platform.managed),
            platform.managed,
            runner=ChildRunner(LIMITS, self.engine_limits, turns, platform.metrics, import_paths=(TESTS,)),
            services=StageServices(no_labels),
            work=work,
            on_progress=note,
        )

    def make(self, execution: Execution, stage: Stage[Answer], **made: Made[Answer]) -> Made[Answer]:
        before = {one: made[one.name] for one in stage.needs}
        inputs = Inputs(scope(selected()), before)
        outcome = self.service.run(lambda: execution.make(stage, inputs))
        assert isinstance(outcome, Made)
        return outcome


@pytest.fixture
def bench(site: Site, tmp_path: Path) -> Bench:
    return Bench(site.base.imported(), tmp_path)


@pytest.fixture
def answering() -> Generator[tuple[str, list[str]]]:
    """Serve HTTP and yield the address of the server and the list of its requests."""
    asked: list[str] = []
    over = threading.Event()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            if self.path == "/silent":
                over.wait(60)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"a harbour at night")

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the name of the base class
            """Write no log."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/describe", asked
        over.set()
        server.shutdown()
        thread.join()


def test_a_step_in_the_worker_may_ask_an_address_and_is_not_asked_twice(
    bench: Bench, answering: tuple[str, list[str]], tmp_path: Path
) -> None:
    address, asked = answering

    first = bench.make(bench.execution("first"), described(address, tmp_path))
    second = bench.make(bench.execution("second"), described("http://moved.example", tmp_path))

    assert first == second
    assert (first.result.text, asked) == ("a harbour at night", ["/describe"])
    assert bench.notes == [("described", 0.5), ("described", 1.0), ("described", 1.0)]


def test_a_service_that_does_not_answer_is_left_and_its_turn_is_free(
    bench: Bench, answering: tuple[str, list[str]], tmp_path: Path
) -> None:
    address, _ = answering
    bench.engine_limits = replace(LIMITS, stall_seconds=0.3)
    silent = described(address.replace("describe", "silent"), tmp_path)

    with pytest.raises(ServiceTimedOut, match=r"describer 1 made no progress in 0\.3 s.*engines\.addresses"):
        bench.make(bench.execution("first"), silent)

    bench.engine_limits = LIMITS
    assert bench.make(bench.execution("second"), described(address, tmp_path)).result.text == "a harbour at night"


def test_a_step_in_the_worker_without_options_is_made_each_time(bench: Bench) -> None:
    made: list[int] = []

    async def count(_inputs: Inputs, _options: None, _report: Callable[[float], Awaitable[None]]) -> Answer:
        made.append(1)
        return Answer(str(len(made)))

    stage = declared("counted", WorkerStep(function=count), None)
    execution = bench.execution("first")

    assert [bench.make(execution, stage).result.text for _ in range(2)] == ["1", "2"]


def test_a_known_result_starts_no_process(bench: Bench) -> None:
    stage = declared("known", ALONE.step, KnownResult(Answer("known")))

    assert bench.make(bench.execution("first"), stage) == Made(Answer("known"))


def test_a_step_that_reads_nothing_opens_an_empty_file(bench: Bench) -> None:
    assert bench.make(bench.execution("first"), ALONE).result.text == ""


def test_an_artefact_is_read_from_the_folder_then_from_store_then_made_again(bench: Bench) -> None:
    execution = bench.execution("first")
    writer = bench.make(execution, WRITER)
    assert bench.make(execution, ONE, writer=writer).result.text == "10"

    later = bench.execution("second")
    assert bench.make(later, WRITER) == writer
    assert bench.make(later, OTHER, writer=writer).result.text == "10"

    bench.service.rows("DELETE FROM stage_outputs WHERE is_transient OR stage IN ('one', 'other')")
    assert bench.make(bench.execution("third"), ONE, writer=writer).result.text == "10"


def test_an_artefact_that_two_stages_miss_is_made_once(bench: Bench) -> None:
    writer = bench.make(bench.execution("first"), WRITER)
    bench.service.rows("DELETE FROM stage_outputs WHERE is_transient")
    execution = bench.execution("second")
    inputs = Inputs(scope(selected()), {WRITER: writer})

    async def both() -> Sequence[Any]:
        return await asyncio.gather(execution.make(ONE, inputs), execution.make(OTHER, inputs))

    assert [made.result.text for made in bench.service.run(both)] == ["10", "10"]
