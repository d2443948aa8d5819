"""Sensible queries that none of the texts of the benchmarks answers."""

from __future__ import annotations

from typing import Final

UNRELATED: Final = (
    "penguins sliding on the ice",
    "grandmother bakes an apple pie",
    "wedding dance in the garden",
    "goal in the last minute of the match",
    "volcano erupting at night",
    "surgeon washing her hands",
    "children building a snowman",
    "sunset over the rice fields",
    "the president shakes hands with the king",
    "a violinist tunes her violin",
    "red tractor ploughing a field",
    "elephants crossing a river",
    "street market in Marrakesh",
    "interview with a retired miner",
    "fireworks above the cathedral",
    "a cat asleep on the sofa",
    "astronaut floating above the earth",
    "fishermen mending their nets",
    "flooded village after the storm",
    "ballet rehearsal",
    "cyclists climbing a mountain pass",
    "chef slicing onions",
    "demonstration against the new tax",
    "lighthouse in heavy fog",
    "baby taking her first steps",
    "horse race in the rain",
    "old man feeding pigeons",
    "traffic jam on the motorway",
    "potter shaping a clay bowl",
    "whale surfacing beside a ship",
    "firefighters rescue a dog",
    "drought in the southern provinces",
    "queen waves from the balcony",
    "skiers in fresh powder snow",
    "barber trimming a beard",
    "harvest of the grapes",
    "nurse comforting a patient",
    "train leaving a snowy station",
    "carpenter sanding a chair",
    "tango in Buenos Aires",
)


_CHOOSING_WHO = (
    *("a nurse", "the old fisherman", "two children", "a street musician", "the mayor"),
    *("a young dancer", "the goalkeeper", "an elderly couple", "a group of tourists", "the bride"),
)
_CHOOSING_WHAT = (
    *("feeding ducks by the pond", "laughing at a birthday party", "crossing the bridge in the snow"),
    *("baking bread in a stone oven", "waving from a balcony", "repairing a bicycle", "running through tall grass"),
    *("singing in an empty church", "drinking tea on the terrace", "riding a camel"),
)
_CHECKING_WHO = (
    *("a firefighter", "the conductor", "my grandmother", "three soldiers", "a shepherd"),
    *("the weather presenter", "a figure skater", "the pope", "a taxi driver", "an archaeologist"),
)
_CHECKING_WHAT = (
    *(
        "sleeping on a train",
        "picking cherries",
        "boxing in the ring",
        "painting a wooden fence",
        "dancing in the rain",
    ),
    *("carrying a suitcase up the stairs", "looking at the sea", "lighting candles", "cutting a wedding cake"),
    "swimming with dolphins",
)

CHOOSING: Final = (
    *(f"{who} {what}" for who in _CHOOSING_WHO for what in _CHOOSING_WHAT),
    *("겨울 바다에서 갈매기가 난다", "할머니가 김치를 담그신다", "축구 결승전 마지막 골", "시장에서 생선을 파는 상인"),
    *("벚꽃이 핀 공원을 걷는 연인", "雪の中を走る列車", "漁師が網を直している", "満員の東京ドーム", "花火大会の夜"),
    *("お祭りで踊る子供たち", "渔民在海上撒网", "孩子们在雪地里玩耍", "医生给病人做手术", "篮球比赛的最后一球"),
    "老人在公园下棋",
)
"""Queries by which the calibration of an engine is chosen."""

CHECKING: Final = (
    *(f"{who} {what}" for who in _CHECKING_WHO for what in _CHECKING_WHAT),
    *("소방관이 불을 끈다", "눈 덮인 산을 오르는 등산객", "아이들이 운동장에서 뛰논다", "비 오는 날의 택시"),
    *("결혼식에서 우는 신부", "富士山に登る人々", "寿司職人が魚を切る", "猫がソファで眠る", "雨の日の横断歩道"),
    *("結婚式の乾杯", "消防员救出一只狗", "新娘走进教堂", "农民收割水稻", "火车穿过隧道", "厨师切洋葱"),
)
"""Queries by which it is checked."""
