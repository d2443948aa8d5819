"""Questions and their answers: by the keyboard alone, with citations that play, in each state."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from browser_tab import shown
from sizes import AT_ONE_SIZE

if TYPE_CHECKING:
    from browser_tab import Tab

    from .conftest import Newsroom

pytestmark = AT_ONE_SIZE

QUESTION = "What do the fellow Americans ask?"
COMPOSED_ENTER = """
(element) => element.dispatchEvent(
  new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))
"""


def answer_of_a_model(film: int, project: int, keyframe: str) -> dict[str, object]:
    """Answer that a language model gives by the film."""
    citation = {
        "kind": "heard", "assetId": film, "projectId": project, "fileName": "speech.mp4", "assetType": "VIDEO",
        "indexId": 1, "sceneId": 1, "momentUrl": "", "keyframeUrl": keyframe, "confidence": 0.9, "speaker": "Speaker 1",
    }  # fmt: skip
    first = {
        **citation,
        "number": 1,
        "text": "ask not what your country can do",
        "momentStartMs": 500,
        "momentEndMs": 1500,
    }
    second = {**citation, "number": 2, "text": "what you can do", "momentStartMs": 3000, "momentEndMs": 4000}
    sentences = [
        {"text": "They should ask what they can do.", "citations": [2]},
        {"text": "They should not ask what their country does.", "citations": [1]},
    ]
    return {
        "askId": "Hq7mWc2RtY9pKd4VbN1x", "status": "COMPLETED", "question": QUESTION, "locale": "en-US", "enough": True,
        "answer": " ".join(str(one["text"]) for one in sentences), "sentences": sentences, "citations": [first, second],
        "lookedAt": {"assetCount": 2, "analysedAssetCount": 1, "sceneCount": 3, "passageCount": 5},
        "notAnalysed": [{"part": "text", "assetCount": 1}], "engine": "language-model 1", "model": "qwen3-8b",
        "unsupportedSentences": 1, "usage": {"inputTokens": 240, "outputTokens": 9},
    }  # fmt: skip


def test_an_answer_cites_moments_that_play(tab: Tab, newsroom: Newsroom) -> None:
    page = tab.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/ask") else None)
    keyframe = newsroom.desk.index(newsroom.film).get().scenes[0].keyframe_url or ""
    found = answer_of_a_model(newsroom.film, newsroom.desk.project_id, keyframe)
    page.route(re.compile(r"/ask/\w+$"), lambda route: route.fulfill(json={"result": found}))
    tab.open(f"w/{newsroom.desk.workspace}/search?q=country")
    page.get_by_role("link", name="Ask").click()
    box = page.get_by_role("textbox", name="Question")
    page.get_by_text("Each sentence of the answer cites").wait_for()
    # The text of the search comes along, and is not asked yet.
    assert box.input_value() == "country"
    box.fill(QUESTION)
    box.evaluate(COMPOSED_ENTER)
    page.wait_for_timeout(100)
    assert asked == []

    box.press("Enter")
    answer = page.get_by_role("region", name="Answer")
    answer.get_by_text("They should ask what they can do.").wait_for()

    assert len(asked) == 1
    for words in (
        "qwen3-8b, a language model",
        "One sentence was dropped",
        "text on screen in one asset",
        "1 of 2 assets",
    ):
        page.locator("main").get_by_text(words).wait_for()
    problems = tab.violations()
    page.get_by_role("heading", name="Citations").click()
    page.keyboard.press("2")
    tab.until("document.querySelector('article[data-citation=\"2\"] video')?.currentTime >= 3")
    answer.get_by_role("button", name="Citation 1").click()
    tab.until("document.querySelector('article[data-citation=\"1\"] video')?.currentTime >= 0.5")
    assert page.locator("article video").count() == 1
    page.get_by_role("article", name="Citation 2").get_by_role("link").click()
    page.get_by_role("heading", name="speech.mp4").wait_for()
    assert "t=3" in page.url

    assert not problems, shown(problems)


def test_what_no_scene_answers_is_said_with_what_was_looked_at(tab: Tab, newsroom: Newsroom) -> None:
    tab.open(f"w/{newsroom.desk.workspace}/search/ask?q=How+many+zebras+live+on+Mars")

    main = tab.page.locator("main")
    main.get_by_text(re.compile("No scene is about this|none of them answers it")).wait_for()
    assert tab.page.get_by_role("link", name="Search for these words").get_attribute("href")
    assert tab.page.get_by_role("article").count() == 0


def test_an_empty_workspace_and_a_failure_are_named(tab: Tab, empty_workspace: str) -> None:
    problems: list[str] = []
    tab.open(f"w/{empty_workspace}/search/ask?q=Who+speaks")
    tab.page.locator("main").get_by_text("No asset here is analysed").wait_for()
    problems += tab.violations()

    tab.expect(503)
    tab.page.route(
        re.compile("/ask$"),
        lambda route: route.fulfill(
            status=503, json={"responseError": {"code": "50303", "message": "Busy.", "details": []}}
        ),
    )
    tab.page.get_by_role("textbox", name="Question").fill("Who sings")
    tab.page.get_by_role("button", name="Ask").click()
    tab.page.get_by_text("The server cannot answer at the moment").wait_for()
    assert tab.page.get_by_role("textbox", name="Question").input_value() == "Who sings"
    problems += tab.violations()
    tab.page.unroute_all()
    tab.page.get_by_role("button", name="Try again").click()
    tab.page.locator("main").get_by_text("No asset here is analysed").wait_for()

    assert not problems, shown(problems)
