"""Questions about the scenes of a workspace: ask, wait, read the answer with its citations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scenedex.client.ask_answers import QuestionAnswer, RequestedAnswer
from scenedex.client.connection import WorkspaceCalls, given
from scenedex.client.errors import AskFailed
from scenedex.client.polling import wait
from scenedex.client.projects import Projects
from scenedex.client.search_answers import SearchStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scenedex.client.search_answers import AssetType
    from scenedex.client.summary_answers import SummaryLocale

FIRST_POLL_S: Final = 0.05


class WorkspaceQuestions(WorkspaceCalls):
    """Questions about one workspace. All methods raise NotFound if the workspace or question does not exist."""

    _path = ("ask",)

    def answer(
        self,
        question: str,
        *,
        project_ids: Sequence[int] | None = None,
        asset_ids: Sequence[int] | None = None,
        asset_types: Sequence[AssetType] | None = None,
        locale: SummaryLocale | None = None,
        timeout: float | None = None,
    ) -> QuestionAnswer:
        """Ask a question and wait for the answer.

        Args:
            question: the question, 1-500 characters.
            project_ids: projects to look at. None looks at all projects, or those of ``asset_ids``.
            asset_ids: assets to look at.
            asset_types: types of assets to look at.
            locale: language of the answer. None is that of the question.
            timeout: maximum wait in seconds. None waits without a limit.

        Raises:
            InvalidRequest: the question is not valid.
            AskFailed: there is no answer because of a failure.
            WaitTimeout: the question was not answered in time.
        """
        requested = self.request(
            question, project_ids=project_ids, asset_ids=asset_ids, asset_types=asset_types, locale=locale
        )
        return self.wait(requested, timeout=timeout)

    def request(
        self,
        question: str,
        *,
        project_ids: Sequence[int] | None = None,
        asset_ids: Sequence[int] | None = None,
        asset_types: Sequence[AssetType] | None = None,
        locale: SummaryLocale | None = None,
    ) -> str:
        """Ask a question and return its id. Its answer is kept for a limited time.

        Raises:
            InvalidRequest: the question is not valid.
        """
        if project_ids is None and asset_ids is None:
            projects = Projects(self.connection, self.workspace).list()
            project_ids = [project.project_id for project in projects]
        scope = given(projectIds=project_ids, assetIds=asset_ids, assetTypes=asset_types)
        body = given(question=question, filter=scope, locale=locale)
        # An abandoned question does no harm, so the request is repeated if its answer is lost.
        return self._call("POST", RequestedAnswer, body=body).ask_id

    def get(self, ask_id: str) -> QuestionAnswer:
        """Return the state of a question and, once it has been answered, the answer."""
        return self._call("GET", QuestionAnswer, ask_id)

    def wait(
        self,
        ask_id: str,
        *,
        on_progress: Callable[[QuestionAnswer], None] | None = None,
        timeout: float | None = None,
        poll: float = 1.0,
    ) -> QuestionAnswer:
        """Wait until a question has been answered and return the answer.

        Args:
            ask_id: id of the question.
            on_progress: callback with every answer of the service.
            timeout: maximum wait in seconds. None waits without a limit.
            poll: maximum interval between two requests, in seconds. The first intervals are shorter.

        Raises:
            AskFailed: there is no answer because of a failure. The error carries the last answer of the service.
            WaitTimeout: the question was not answered in time.
        """
        found = wait(
            lambda: self.get(ask_id),
            on_progress,
            self.connection.clock,
            timeout=timeout,
            poll=poll,
            first_poll=FIRST_POLL_S,
        )
        if found.status is not SearchStatus.COMPLETED:
            raise AskFailed(found)
        return found
