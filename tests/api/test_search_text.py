"""Searches by text, requested on the wire and run by the worker's handler."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from search_samples import Archive, Content, matched

if TYPE_CHECKING:
    from tests.conftest import Site


@pytest.fixture
def archive(site: Site) -> Archive:
    return Archive(site)


def test_words_on_screen_of_speech_of_labels_and_of_file_names_are_found(archive: Archive) -> None:
    film = archive.film(
        Content(shown=["BUSAN harbour"]),
        Content(said=["good morning from the lighthouse"]),
        Content(keywords={"elephant": 0.9}),
        file_name="arrival_of_ships.mp4",
    )

    assert archive.found("harbour") == [(film.asset_id, 1)]
    assert archive.found("lighthouse") == [(film.asset_id, 2)]
    assert archive.found("elephant") == [(film.asset_id, 3)]
    assert archive.found("arrival") == [(film.asset_id, number) for number in (1, 2, 3)]
    assert archive.found("arrival_of_ships.mp4") == [(film.asset_id, number) for number in (1, 2, 3)]


@pytest.mark.parametrize(
    ("said", "query"),
    [
        pytest.param("The harbours of Norway", "harbour", id="a word that begins so"),
        pytest.param("the harbour", "HARBOUR", id="case"),
        pytest.param("une \u00e9cole fran\u00e7aise", "ecole francaise", id="accents in the scene"),
        pytest.param("une ecole", "\u00e9cole", id="accents in the query"),
        pytest.param("l'\u00e9cole ferme", "ecole", id="elision"),
        pytest.param("the harbour's lights", "harbour", id="possessive"),
        pytest.param("the lighthouse", "lighthuose", id="two letters that changed places"),
        pytest.param("the lighthouse", "lighthous", id="beginning"),
        pytest.param("the lighthouse", "ligthouse", id="a letter too few"),
        pytest.param("the lighthouse", "liighthouse", id="a letter too many"),
        pytest.param("the lighthouse", "lighthause", id="another letter"),
        pytest.param("\u4eca\u65e5\u306f\u6e2f\u306b\u3044\u307e\u3059", "\u6e2f", id="one Japanese character"),
        pytest.param("\u6771\u4eac\u30bf\u30ef\u30fc\u306e\u591c\u666f", "\u591c\u666f", id="two Japanese characters"),
        pytest.param(
            "\uc774\uc21c\uc2e0 \uc7a5\uad70\uc740", "\uc7a5\uad70", id="two Korean characters before a particle"
        ),
        pytest.param("\ud55c\uad6d\ubc29\uc1a1", "\ud55c\uad6d \ubc29\uc1a1", id="Korean written with a space"),
        pytest.param("\ud55c\uad6d \ubc29\uc1a1", "\ud55c\uad6d\ubc29\uc1a1", id="Korean written without a space"),
        pytest.param("\u65b0\u95fb\u8054\u64ad", "\u8054\u64ad", id="two Chinese characters at the end"),
        pytest.param("\uff21\uff22\uff23 news", "abc", id="wide letters"),
        pytest.param(
            "\u043d\u043e\u0432\u043e\u0441\u0442\u0438 \u041c\u043e\u0441\u043a\u0432\u044b",
            "\u043c\u043e\u0441\u043a\u0432\u044b",
            id="Cyrillic",
        ),
        pytest.param(
            "\u0939\u093f\u0928\u094d\u0926\u0940 \u0938\u092e\u093e\u091a\u093e\u0930",
            "\u0938\u092e\u093e\u091a\u093e\u0930",
            id="Devanagari",
        ),
        pytest.param("room 101 is open", "101", id="number"),
    ],
)
def test_spellings_that_mean_the_same_are_found(said: str, query: str, archive: Archive) -> None:
    film = archive.film(Content(said=["nothing of the kind"]), Content(said=[said]), Content(said=["hello world"]))

    assert archive.found(query) == [(film.asset_id, 2)]


@pytest.mark.parametrize(
    ("said", "query"),
    [
        pytest.param("the cat", "hat", id="short words are not misspelt"),
        pytest.param("the lighthouse", "xqzvkw", id="letters at random"),
        pytest.param("the lighthouse", "qwrt zxcv plkj", id="several of them"),
        pytest.param("\u6771\u4eac\u30bf\u30ef\u30fc", "\u4eac\u90fd", id="another word with one of its characters"),
        pytest.param("the lighthouse", "!!! ???", id="no words at all"),
        pytest.param("ship in the harbour", "unicorn parade volcano ship", id="one word of many"),
    ],
)
def test_absent_words_are_not_found(said: str, query: str, archive: Archive) -> None:
    archive.film(Content(said=[said]), Content(said=["hello world"]))

    assert archive.found(query) == []


# Sentences of news, films and signs.
@pytest.mark.parametrize(
    ("said", "query"),
    [
        pytest.param("The harbor was closed after the storm", "harbour", id="American spelling"),
        pytest.param("Three women and their children arrived", "woman child", id="irregular plurals"),
        pytest.param("Two cities, one river", "city rivers", id="singular and plural"),
        pytest.param("She traveled to the center of the city", "travelled centre", id="two spellings"),
        pytest.param("The U.S.A. signed the treaty", "USA", id="abbreviation without dots"),
        pytest.param("The USA signed the treaty", "U.S.A", id="abbreviation with dots"),
        pytest.param("Send us an e-mail tomorrow", "email", id="hyphen in the scene"),
        pytest.param("Send us an email tomorrow", "e-mail", id="hyphen in the query"),
        pytest.param("Send us an email tomorrow", "e mail", id="space in the query"),
        pytest.param("More than 1,000 people marched", "1000", id="digits in groups"),
        pytest.param("More than 1000 people marched", "1,000", id="digits without groups"),
        pytest.param("오늘 밤 서울에 비가 내립니다", "오늘밤", id="Korean space in the scene"),
        pytest.param("오늘밤 서울에 비가 내립니다", "오늘 밤", id="Korean space in the query"),
        pytest.param("오늘 밤에 만나요", "오늘밤", id="space before a particle"),
        pytest.param("서울을 떠나는 기차", "서울에서", id="another particle"),
        pytest.param("서울 시내의 야경", "서울이", id="particle in the query"),
        pytest.param("회의는 부산에서 열렸다", "부산으로", id="longer particle"),
        pytest.param("東京の夜景", "東京で", id="Japanese particle"),
        pytest.param("新鮮なスシを食べる", "すし", id="katakana in the scene"),
        pytest.param("新鮮なすしを食べる", "ｽｼ", id="katakana of half width in the query"),
        pytest.param("多くの人々が集まった", "人人", id="repeated character"),
        pytest.param("沢田さんが来ました", "澤田", id="old form of a character"),
        pytest.param("國立故宮博物院", "国立故宫博物院", id="simplified Chinese"),
        pytest.param("２０２６年のニュース", "2026", id="digits of full width"),
    ],
)
def test_other_forms_of_words_are_found(said: str, query: str, archive: Archive) -> None:
    film = archive.film(Content(said=["nothing of the kind"]), Content(said=[said]), file_name="a.mp4")

    assert archive.found(query) == [(film.asset_id, 2)]


@pytest.mark.parametrize(
    ("said", "query"),
    [
        pytest.param("He called the office", "cal", id="a shorter word"),
        pytest.param("It is for the four of us", "U.S.", id="an abbreviation that is a word"),
        pytest.param("The news of the day", "new", id="a word that ends with s"),
        pytest.param("They filed a claim", "filled", id="doubled letter in a short word"),
        pytest.param("To get her home", "together", id="function words in a compound"),
        pytest.param("10 or 100 people", "1000", id="another number"),
        pytest.param("서로 다른 울타리", "서울", id="characters of two words"),
        pytest.param("東の京", "東京", id="characters apart"),
    ],
)
def test_other_words_are_no_forms(said: str, query: str, archive: Archive) -> None:
    archive.film(Content(said=[said]), Content(said=["hello world"]), file_name="a.mp4")

    assert not [hit for hit in archive.search(query)["results"] if hit["score"] >= 75]


def test_the_line_that_says_the_query_precedes_longer_runs_scattered_words_and_some_words(archive: Archive) -> None:
    film = archive.film(
        Content(said=["a great country among others"]),
        Content(said=["country roads do what they can, you for your part walk"]),
        Content(said=["ask what you can do for your old country"]),
        Content(said=["ask not what your country can do for you, ask what you can do for your country"]),
        file_name="a.mp4",
    )

    found = archive.found("what you can do for your country")

    assert found == [(film.asset_id, number) for number in (4, 3, 2, 1)]


def test_the_exact_form_precedes_an_equal_one_and_that_precedes_a_similar_one(archive: Archive) -> None:
    film = archive.film(
        Content(said=["the harbourmaster"]), Content(said=["a harbor"]), Content(said=["a harbour"]), file_name="a.mp4"
    )

    assert archive.found("harbour") == [(film.asset_id, number) for number in (3, 2, 1)]


def test_scenes_with_more_of_the_query_come_first(archive: Archive) -> None:
    film = archive.film(
        Content(said=["a ship"]),
        Content(said=["the old ship lies in the harbour"]),
        Content(said=["the harbour"]),
        *(Content(said=["weather"]) for _ in range(5)),
    )

    hits = archive.search("the ship harbour", queryOption={"confidenceLevel": "LOW"})["results"]

    assert hits[0]["sceneId"] == 2
    assert {hit["sceneId"] for hit in hits} == {1, 2, 3}
    assert hits[0]["score"] > 90 > hits[1]["score"]
    assert film.asset_id == hits[0]["assetId"]


def test_certain_words_count_more_than_uncertain_ones_and_those_more_than_misspelt_ones(archive: Archive) -> None:
    archive.film(
        Content(unsure=["volcano"]),
        Content(shown=["volcano"]),
        Content(keywords={"volcano": 0.3}),
        Content(said=["vulcano"]),
        file_name="a.mp4",
    )

    hits = archive.search("volcano", queryOption={"confidenceLevel": "LOW"})["results"]

    assert [hit["sceneId"] for hit in hits] == [2, 1, 3, 4]
    assert [hit["score"] for hit in hits][1:] == pytest.approx([55, 55, 37], abs=2)


def test_words_in_quotes_are_found_in_sequence(archive: Archive) -> None:
    film = archive.film(
        Content(said=["ask not what your country can do"]), Content(said=["what country do you ask your country"])
    )

    assert archive.found('"your country can"') == [(film.asset_id, 1)]
    assert archive.found('"country your"') == []
    assert set(archive.found("\u201cyour country\u201d")) == {(film.asset_id, 1), (film.asset_id, 2)}


def test_persons_are_found_by_their_current_names(archive: Archive) -> None:
    site = archive.site
    [(person,)] = archive.service.rows(
        "INSERT INTO persons (workspace_id, created_user_name, updated_user_name)"
        " SELECT workspace_id, 'alice', 'alice' FROM workspaces WHERE workspace_name = %s RETURNING person_id",
        site.name,
    )
    film = archive.film(
        Content(persons=[person]), Content(said=["hello"]), Content(said=["a speech"], persons=[person])
    )
    assert archive.found("obama") == []

    named = site.api("PATCH", f"{site.path}/persons/{person}", {"name": "Barack Obama"})

    assert named.status_code == 200
    assert archive.found("obama") == [(film.asset_id, 1), (film.asset_id, 3)]
    assert archive.found("Obmaa") == [(film.asset_id, 1), (film.asset_id, 3)]
    assert archive.found('"Barack Obama"') == [(film.asset_id, 1), (film.asset_id, 3)]
    assert archive.found('"Obama Barack"') == []
    result = archive.search("barack obama speech")["results"]
    assert (result[0]["sceneId"], matched(result[0], "PERSON", "personId")) == (3, [person])


def test_matches_are_shown_with_a_hit(archive: Archive) -> None:
    archive.film(
        Content(
            said=["good morning", "from the harbour", "good night"],
            shown=["HARBOUR NEWS", "weather"],
            keywords={"harbour": 0.9, "sea": 0.8},
        )
    )

    [hit] = archive.search("harbor")["results"]

    assert [(match["kind"], match["text"]) for match in hit["matches"]] == [
        ("DIALOGUE", "from the harbour"),
        ("TEXT", "HARBOUR NEWS"),
        ("KEYWORD", "harbour"),
    ]
    assert (hit["fileName"], hit["assetType"], hit["startTimeMs"], hit["endTimeMs"]) == ("film.mp4", "VIDEO", 0, 1000)
    assert "expires=" in hit["keyframeUrl"]


def test_equal_hits_are_sorted_by_the_newest_index(archive: Archive) -> None:
    first, second, third = (archive.film(Content(said=["harbour"])) for _ in range(3))
    archive.publish(first, Content(said=["harbour"]))

    assert archive.found("harbour") == [(one.asset_id, 1) for one in (first, third, second)]


def test_another_analysis_a_correction_a_move_and_a_deletion_show_at_once(archive: Archive) -> None:
    film = archive.film(Content(said=["good morning from the harbour"]))
    assert archive.found("harbour") == [(film.asset_id, 1)]

    assert film.call("PATCH", "/index/scripts/1", {"text": "good morning from the airport"}).status_code == 200
    assert archive.found("harbour") == []
    assert archive.found("airport") == [(film.asset_id, 1)]

    kept = archive.requested("airport")
    archive.run(kept)
    assert archive.get(kept)["totalCount"] == 1
    other = archive.site.project("other")
    archive.site.api("PATCH", f"{film.path}?new_project_id={other.project_id}")
    assert archive.found("airport") == []
    here = {"projectIds": [other.project_id]}
    assert archive.found("airport", filter=here) == [(film.asset_id, 1)]
    assert archive.get(kept)["results"][0]["projectId"] == other.project_id

    assert archive.site.api("DELETE", f"{other.path}/assets/{film.asset_id}").status_code == 200
    assert archive.found("airport", filter=here) == []
    assert (archive.get(kept)["totalCount"], archive.get(kept)["results"]) == (0, [])
    assert archive.service.rows("SELECT * FROM search_terms WHERE term LIKE '%%:airport'") == []


def test_the_numbers_of_scenes_with_each_word_are_those_of_a_recount(archive: Archive) -> None:
    one = archive.film(Content(said=["harbour and ship"]), Content(shown=["harbour"]))
    two = archive.film(Content(said=["harbour"], keywords={"ship": 0.9}))
    archive.publish(one, Content(said=["ship", "train"]))
    two.call("PATCH", "/index/scripts/1", {"text": "train to the harbour"})
    assert archive.film(Content(said=["gone"])).call("DELETE").status_code == 200

    [(workspace,)] = archive.service.rows(
        "SELECT workspace_id FROM workspaces WHERE workspace_name = %s", archive.site.name
    )
    counted = archive.service.rows(
        "SELECT lexeme, count(*) FROM scenes, unnest(words) WHERE lexeme LIKE %s GROUP BY 1 ORDER BY 1",
        f"{workspace}:%",
    )

    assert counted
    assert counted == archive.service.rows(
        "SELECT term, scene_count FROM search_terms WHERE term LIKE %s ORDER BY 1", f"{workspace}:%"
    )


def test_similar_spellings_of_a_known_word_are_less_certain(archive: Archive) -> None:
    archive.film(Content(said=["bunny"]), Content(shown=["BUNKY"]))

    assert [scene for _, scene in archive.found("bunny")] == [1]
    assert [scene for _, scene in archive.found("bunny", queryOption={"confidenceLevel": "LOW"})] == [1, 2]


def test_frequent_content_words_count(archive: Archive) -> None:
    archive.film(Content(said=["a woman with a child"]), Content(said=["a man with a child"]), Content(said=["york"]))

    hits = archive.search("woman with child", queryOption={"confidenceLevel": "LOW"})["results"]

    assert [hit["sceneId"] for hit in hits] == [1, 2]
    assert hits[0]["score"] > hits[1]["score"] + 20
    assert archive.search("new york")["results"][0]["score"] < 60


def test_a_score_does_not_depend_on_the_level(archive: Archive) -> None:
    archive.film(Content(said=["ship harbour"]), Content(said=["ship"]), Content(unsure=["ship harbour"]))

    scores = {
        level: {
            hit["sceneId"]: hit["score"]
            for hit in archive.search("ship harbour", queryOption={"confidenceLevel": level})["results"]
        }
        for level in ("LOW", "MEDIUM", "HIGH")
    }

    assert len(scores["LOW"]) == 3
    for level, least in (("MEDIUM", 50), ("HIGH", 75)):
        assert scores[level] == {scene: score for scene, score in scores["LOW"].items() if score >= least}
