"""Questions in a workspace with scenes, and answers as a worker makes them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from scenedex.engines.answers import QUOTED_SPEC
from scenedex.engines.answers.quoted import QuotedAnswerer
from scenedex.engines.registry import EngineRegistry
from scenedex.jobs.attempts import Attempts
from scenedex.jobs.readiness import AlwaysReady
from scenedex.questions.run import QuestionHandler
from scenedex.search.embedding import QueryEmbedder
from scenedex.summaries.use import NO_LIMITS
from scenedex.worker import scene_search_options
from search_samples import TOY, Archive, open_toy

if TYPE_CHECKING:
    import httpx2
    from tests.conftest import Site

    from scenedex.engines.answers import Answerer
    from scenedex.engines.engine import EngineChoice
    from scenedex.engines.selection import NotAnalysed
    from scenedex.jobs.runner import JobHandler
    from scenedex.summaries.use import MonthlyLimits


@dataclass(frozen=True)
class Desk:
    """A workspace whose scenes are asked about."""

    archive: Archive

    @property
    def site(self) -> Site:
        return self.archive.site

    @property
    def path(self) -> str:
        return f"{self.site.path}/ask"

    def request(self, question: str, **body: Any) -> dict[str, Any]:
        """Return the body of a question about all projects of the workspace."""
        return {"question": question, "filter": {"projectIds": [self.site.base_project]}, **body}

    def post(self, question: str, **body: Any) -> httpx2.Response:
        return self.site.api("POST", self.path, self.request(question, **body))

    def requested(self, question: str, **body: Any) -> str:
        """Ask a question and return its id."""
        answer = self.post(question, **body)
        assert answer.status_code == 200, answer.text
        assert answer.json()["result"]["status"] == "RUNNING"
        return answer.json()["result"]["askId"]

    def get(self, ask_id: str) -> dict[str, Any]:
        answer = self.site.api("GET", f"{self.path}/{ask_id}")
        assert answer.status_code == 200, answer.text
        return answer.json()["result"]

    def number(self, ask_id: str) -> int:
        [(number,)] = self.site.service.rows("SELECT question_number FROM questions WHERE question_id = %s", ask_id)
        return number

    def handler(
        self,
        answerer: Answerer | None = None,
        *,
        choice: EngineChoice | NotAnalysed | None = None,
        limits: MonthlyLimits = NO_LIMITS,
    ) -> QuestionHandler:
        """Return the handler of a worker with this engine and the toy engine for the meaning of texts."""
        platform = self.site.service.platform
        search = replace(
            scene_search_options(platform.settings, EngineRegistry()),
            embedder=QueryEmbedder(open_toy),
            selected_engines=lambda: {"TEXT": TOY},
            compares_meaning=True,
        )
        return QuestionHandler(
            platform.database,
            search=search,
            select=lambda: choice or QUOTED_SPEC.choice(),
            open_answerer=lambda _choice: answerer or QuotedAnswerer(),
            limits=limits,
        )

    def attempts(self, handler: QuestionHandler, *, max_attempts: int = 3) -> JobHandler:
        """Return what runs the jobs of a handler."""
        database = self.site.service.platform.database
        return Attempts(handler, database, readiness=AlwaysReady(), max_attempts=max_attempts)

    def run(self, ask_id: str, handler: QuestionHandler | None = None) -> None:
        """Answer a question as a worker does."""
        number, job = self.number(ask_id), self.attempts(handler or self.handler())
        self.site.service.run(lambda: job.run(number))

    def ask(self, question: str, *, handler: QuestionHandler | None = None, **body: Any) -> dict[str, Any]:
        """Ask, have it answered, and return the answer."""
        ask_id = self.requested(question, **body)
        self.run(ask_id, handler)
        result = self.get(ask_id)
        assert result["status"] == "COMPLETED", result
        return result
