"""Rows of twenty scenes, drawn at random from material of our own: a town with a harbour, in four languages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING, Final, Literal

from scenedex.engines.summaries import (
    EvidenceKeyword,
    EvidenceLine,
    EvidencePerson,
    EvidenceSound,
    EvidenceText,
    SceneEvidence,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scenedex.engines.summaries import SummaryLocale

SCENES: Final = 20


@dataclass(frozen=True, slots=True)
class Material:
    """Lines, names and texts of one language."""

    names: tuple[str, ...]
    lines: tuple[str, ...]
    signs: tuple[str, ...]


ENGLISH: Final = Material(
    ("Anna Bell", "Tom", "Grace Lin", "Omar Haddad", "L. Novak"),
    (
        "Where were you when the ferry left at 7:40?",
        "I was still on the pier, looking for the keys.",
        "Okay, okay.",
        "The council voted last night to rebuild the old lighthouse.",
        "It will cost 4.2 million, and nobody knows who pays for it.",
        "Thank you very much.",
        "Who told you about the letter from Lisbon?",
        "My grandmother kept it in a tin box for forty years.",
        "Yeah, I guess so.",
        "We open the doors at nine and the bread is gone by noon.",
        "Can you hear the foghorn?",
        "Well, you know, it was fine.",
        "The storm took the roof of the fish market, but the nets are dry and the boats are safe in the inner harbour.",
        "There are 312 steps, and I count them every morning.",
        "Nobody has seen Captain Reyes since Thursday.",
        "Let's start again from the beginning.",
        "If the wind turns, we sail tonight.",
        "Good morning, everyone.",
        "The tide tables from 1962 were wrong by eleven minutes.",
        "So, that is how the museum got its first whale.",
    ),
    (
        "HARBOUR NEWS",
        "Fish Market",
        "Pier 4",
        "Exit",
        "Captain L. Reyes",
        "Since 1962",
        "12:40",
        "A",
        "To the lighthouse",
    ),
)
KOREAN: Final = Material(
    ("김서연", "박준", "이하늘", "Omar", "최민"),
    (
        "7시 40분 배가 떠날 때 어디 있었어요?",
        "부두에서 열쇠를 찾고 있었어요.",
        "네, 네.",
        "어젯밤 의회가 오래된 등대를 다시 짓기로 결정했습니다.",
        "42억 원이 드는데 누가 낼지는 아무도 모릅니다.",
        "감사합니다.",
        "리스본에서 온 편지 이야기는 누구한테 들었어?",
        "할머니가 40년 동안 양철 상자에 넣어 두셨어.",
        "글쎄, 그런가 봐.",
        "아홉 시에 문을 열면 빵은 정오 전에 다 팔려요.",
        "안개 고동 소리가 들려?",
        "뭐, 그냥 그랬지.",
        "폭풍에 어시장 지붕이 날아갔지만 그물은 말랐고 배들은 안쪽 항구에 안전하게 있습니다.",
        "계단이 312개인데 매일 아침 세어 봅니다.",
        "목요일 이후로 레예스 선장을 본 사람이 없어요.",
        "처음부터 다시 시작합시다.",
        "바람이 바뀌면 오늘 밤 출항합니다.",
        "안녕하세요, 여러분.",
        "1962년 조석표는 11분이나 틀렸어요.",
        "그렇게 해서 박물관에 첫 고래가 들어왔죠.",
    ),
    ("항구 뉴스", "어시장", "4번 부두", "출구", "레예스 선장", "1962년부터", "12:40", "A", "등대 가는 길"),
)
JAPANESE: Final = Material(
    ("佐藤健", "高橋由美", "鈴木", "オマル", "田中一"),
    (
        "7時40分の船が出たとき、どこにいたんですか？",
        "桟橋で鍵を探していました。",
        "はい、はい。",
        "昨夜、議会は古い灯台の再建を決めました。",
        "費用は4億円ですが、誰が払うのかは分かりません。",
        "ありがとうございます。",
        "リスボンからの手紙のことは誰に聞いたの？",
        "祖母がブリキの箱に四十年しまっていたんです。",
        "まあ、そうかな。",
        "九時に店を開けると、パンは昼前になくなります。",
        "霧笛が聞こえますか？",
        "いや、別に。",
        "嵐で魚市場の屋根が飛びましたが、網は乾いていて、船は内港で無事です。",
        "階段は312段あって、毎朝数えています。",
        "木曜日からレイエス船長を見た人はいません。",
        "最初からやり直しましょう。",
        "風が変われば今夜出航します。",
        "皆さん、おはようございます。",
        "1962年の潮汐表は11分ずれていました。",
        "そうして博物館に最初のクジラが来たのです。",
    ),
    ("港ニュース", "魚市場", "第4桟橋", "出口", "レイエス船長", "1962年創業", "12:40", "A", "灯台へ"),
)
CHINESE: Final = Material(
    ("李娜", "王芳", "陈建国", "奥马尔", "赵一"),
    (
        "7点40分的渡船开走时你在哪里？",
        "我还在码头上找钥匙。",
        "好的，好的。",
        "昨晚议会投票决定重建旧灯塔。",
        "要花4200万，没人知道由谁来付。",
        "谢谢大家。",
        "里斯本来的信是谁告诉你的？",
        "我奶奶把它放在铁盒里四十年。",
        "嗯，也许吧。",
        "我们九点开门，面包中午以前就卖完了。",
        "你听到雾号了吗？",
        "还行吧。",
        "暴风掀走了鱼市场的屋顶，不过渔网是干的，船都安全地停在内港。",
        "一共312级台阶，我每天早上都数。",
        "从星期四起就没人见过雷耶斯船长。",
        "我们从头开始吧。",
        "风向一变，我们今晚就出海。",
        "各位早上好。",
        "1962年的潮汐表差了11分钟。",
        "博物馆的第一头鲸鱼就是这样来的。",
    ),
    ("港口新闻", "鱼市场", "四号码头", "出口", "雷耶斯船长", "始于1962年", "12:40", "A", "通往灯塔"),
)
MATERIALS: Final[Mapping[SummaryLocale, Material]] = {
    "en-US": ENGLISH,
    "ko-KR": KOREAN,
    "ja-JP": JAPANESE,
    "zh-CN": CHINESE,
    "zh-TW": CHINESE,
}
KINDS: Final = ("talk", "news", "nature", "lecture", "mixed")


def row_of(kind: str, locale: SummaryLocale, seed: int = 1) -> list[SceneEvidence]:
    """Return a row of scenes of one kind of film."""
    rng, material = Random(f"{kind} {seed}"), MATERIALS[locale]  # noqa: S311  # material for a benchmark
    scenes: list[SceneEvidence] = []
    start = 0
    for number in range(1, SCENES + 1):
        length = rng.choice((3_200, 6_000, 8_500, 12_000, 19_000, 31_000, 74_000))
        scenes.append(_scene(rng, material, kind, number, start, start + length))
        start += length
    return scenes


_Sound = Literal["APPLAUSE", "LAUGHTER", "BACKGROUND_MUSIC"]
_CROWDS: Final[tuple[tuple[_Sound, ...], ...]] = ((), (), ("APPLAUSE",), ("LAUGHTER",), ("APPLAUSE", "LAUGHTER"))


@dataclass(slots=True)
class _Draw:
    """Random findings of one scene."""

    rng: Random
    material: Material
    start: int
    end: int

    def line(self, text: str, speaker: str, place: float) -> EvidenceLine:
        start = round(self.start + place * (self.end - self.start))
        length = min(self.end - start, 300 + 70 * len(text))
        return EvidenceLine(1, speaker, text, "", start, start + max(1, length), is_rough=False)

    def lines(self, count: int, speakers: Sequence[str]) -> list[EvidenceLine]:
        first = self.rng.randrange(len(self.material.lines))
        return [
            self.line(self.material.lines[(first + place) % len(self.material.lines)], self.rng.choice(speakers), at)
            for place, at in enumerate(sorted(self.rng.random() * 0.8 for _ in range(count)))
        ]

    def persons(self, count: int, named: float) -> list[EvidencePerson]:
        numbers = self.rng.sample(range(len(self.material.names)), count)
        return [
            EvidencePerson(
                number,
                self.material.names[number] if self.rng.random() < named else None,
                ((self.start + round(self.rng.random() * 0.6 * (self.end - self.start)), self.end),)
                if self.rng.random() < 0.5
                else ((self.start, self.end),),
            )
            for number in sorted(numbers)
        ]

    def signs(self, count: int) -> list[EvidenceText]:
        return [
            EvidenceText(text, self.rng.choice((0.75, 0.97)), self.start, self.end, self.rng.choice((0.03, 0.08, 0.2)))
            for text in self.rng.sample(self.material.signs, count)
        ]

    def sounds(self, *kinds: _Sound) -> list[EvidenceSound]:
        half = (self.start + self.end) // 2
        times = ((self.start, self.end), (self.start, half - 1), (half + 1, self.end))
        return [EvidenceSound(kind, *self.rng.choice(times)) for kind in kinds]

    def keywords(self, *words: str) -> list[EvidenceKeyword]:
        count = min(len(words), self.rng.randint(0, 3))
        found = self.rng.sample(words, count)
        return [EvidenceKeyword(word, "OBJECT", self.rng.choice((0.55, 0.8))) for word in found]


def _scene(rng: Random, material: Material, kind: str, number: int, start: int, end: int) -> SceneEvidence:
    if kind == "mixed":
        kind = rng.choice(("talk", "news", "nature", "lecture"))
    draw = _Draw(rng, material, start, end)
    scene = SceneEvidence(number, SCENES, start, end, 1, brightness=rng.choice((0.1, 0.3, 0.45, 0.5, 0.62, 0.8)))
    names = material.names
    match kind:
        case "talk":
            return replace(
                scene,
                shot_count=rng.randint(1, 4),
                persons=tuple(draw.persons(rng.randint(1, 3), 0.8)),
                lines=tuple(draw.lines(rng.randint(1, 5), rng.choice((names[:2], names[:3], ("Speaker 1",))))),
                sounds=tuple(draw.sounds(*rng.choice(_CROWDS))),
            )
        case "news":
            return replace(
                scene,
                shot_count=rng.randint(1, 9),
                persons=tuple(draw.persons(rng.randint(0, 2), 0.5)),
                lines=tuple(draw.lines(rng.randint(0, 4), ("Speaker 1", "Speaker 2", names[0]))),
                texts=tuple(draw.signs(rng.randint(1, 4))),
                keywords=tuple(draw.keywords("boat", "street", "car", "harbour")),
            )
        case "nature":
            return replace(
                scene,
                shot_count=rng.randint(1, 3),
                sounds=tuple(draw.sounds("BACKGROUND_MUSIC")),
                keywords=tuple(draw.keywords("sea", "bird", "boat", "lighthouse", "fog")),
            )
        case _:
            return replace(
                scene,
                persons=tuple(draw.persons(1, 0.5))[: rng.randint(0, 1)],
                lines=tuple(draw.lines(rng.randint(2, 8), ("Speaker 1",))),
                texts=tuple(draw.signs(rng.randint(0, 2))),
            )
