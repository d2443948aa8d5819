"""Pictures and sounds of the demo film: six animated scenes. Pure: no files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]
    Paint = Callable[[int], Picture]

DEMO_SIZE = (1280, 720)
DEMO_RATE = 20
_WIDTH, _HEIGHT = DEMO_SIZE
_SECONDS = 5
_FRAMES = _SECONDS * DEMO_RATE
_DISSOLVE = DEMO_RATE
_FADE = 16
# Indices of the scene that dissolves into the next, and of the one that fades to black.
_DISSOLVES_AFTER, _FADES_AFTER = 2, 4
_TITLE_SIZE, _LINE_SIZE = 96, 44
_LOUDNESS = 0.12
_PITCHES = (220.0, 330.0, 262.0, 0.0, 440.0, 196.0)


def demo_pictures() -> Iterator[Picture]:
    """Yield the frames of the film: cuts, a dissolve after the third scene and a fade after the fifth."""
    scenes = _scenes()
    for place, paint in enumerate(scenes):
        start = _DISSOLVE if place == _DISSOLVES_AFTER + 1 else 0
        for number in range(start, _FRAMES):
            picture = paint(number)
            left = _FRAMES - number
            if place == _DISSOLVES_AFTER and left <= _DISSOLVE:
                share = 1 - left / (_DISSOLVE + 1)
                picture = _mix(picture, scenes[place + 1](_DISSOLVE - left), share)
            elif place == _FADES_AFTER and left <= _FADE:
                picture = _mix(picture, np.zeros_like(picture), 1 - (left - 1) / _FADE)
            elif place == _FADES_AFTER + 1 and number < _FADE:
                picture = _mix(picture, np.zeros_like(picture), 1 - number / _FADE)
            yield picture


def demo_sound(rate: int) -> Iterator[NDArray[np.float32]]:
    """Yield mono samples for each scene: a swelling chord, or soft noise."""
    rng = np.random.default_rng(7)
    for place, pitch in enumerate(_PITCHES):
        seconds = _SECONDS - (_DISSOLVE / DEMO_RATE if place == _DISSOLVES_AFTER + 1 else 0)
        at = np.arange(round(seconds * rate)) / rate
        if pitch:
            wave = sum(np.sin(2 * np.pi * pitch * step * at) for step in (1.0, 1.25, 1.5)) / 3
            wave = wave * (0.6 + 0.4 * np.sin(2 * np.pi * 0.5 * at))
        else:
            wave = rng.standard_normal(len(at)) / 3
        yield (_LOUDNESS * wave).astype(np.float32)


def _scenes() -> tuple[Paint, ...]:
    return (_dawn(), _city(), _forest(), _interview(), _figures(), _night())


def _dawn() -> Paint:
    """Paint a sun that rises over water."""
    sky = _gradient((250, 160, 90), (255, 220, 170))
    sky[_HEIGHT * 2 // 3 :] = _gradient((60, 90, 140), (30, 50, 90))[_HEIGHT * 2 // 3 :]
    ground = _with_title(sky, "SCENEDEX", "Every scene, found.")

    def paint(number: int) -> Picture:
        picture = ground.copy()
        _disc(picture, (940, 470 - number), 80, (255, 245, 200))
        for row in range(500, _HEIGHT, 24):
            shift = (number * 3 + row * 7) % _WIDTH
            picture[row : row + 4, shift : shift + 180] = (150, 180, 220)
        return picture

    return paint


def _city() -> Paint:
    """Paint a passing row of houses."""
    rng = np.random.default_rng(11)
    image = Image.new("RGB", (_WIDTH * 2, _HEIGHT), (170, 200, 225))
    draw = ImageDraw.Draw(image)
    left = 0
    while left < _WIDTH * 2:
        width, top = int(rng.integers(90, 200)), int(rng.integers(150, 420))
        shade = int(rng.integers(70, 140))
        draw.rectangle((left, top, left + width, _HEIGHT), fill=(shade, shade, shade + 20))
        for row in range(top + 20, _HEIGHT - 30, 46):
            for column in range(left + 14, left + width - 20, 34):
                draw.rectangle((column, row, column + 16, row + 24), fill=(240, 225, 150))
        left += width + 12
    return _passing(np.asarray(image), 5, "The city", "Chapter one")


def _forest() -> Paint:
    """Paint passing trees."""
    rng = np.random.default_rng(5)
    image = Image.new("RGB", (_WIDTH * 2, _HEIGHT), (40, 70, 40))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, _HEIGHT - 140, _WIDTH * 2, _HEIGHT), fill=(70, 50, 30))
    for left in range(0, _WIDTH * 2, 110):
        top, green = int(rng.integers(40, 220)), int(rng.integers(90, 190))
        draw.rectangle((left + 40, _HEIGHT - 260, left + 66, _HEIGHT - 90), fill=(80, 55, 30))
        draw.polygon(((left - 30, _HEIGHT - 220), (left + 53, top), (left + 136, _HEIGHT - 220)), fill=(20, green, 40))
    return _passing(np.asarray(image), 3, "The forest", "Chapter two")


def _interview() -> Paint:
    """Paint two nodding heads before a plain wall."""
    ground = _with_title(_gradient((150, 60, 70), (110, 40, 60)), "Interview", "Two people talk")

    def paint(number: int) -> Picture:
        picture = ground.copy()
        for middle, phase, skin in ((430, 0.0, (230, 190, 160)), (850, 2.0, (160, 110, 80))):
            nod = round(14 * np.sin(number / 6 + phase))
            picture[540:, middle - 150 : middle + 150] = (40, 44, 70)
            _disc(picture, (middle, 400 + nod), 120, skin)
            for eye in (-40, 40):
                _disc(picture, (middle + eye, 375 + nod), 12, (20, 20, 20))
        return picture

    return paint


def _figures() -> Paint:
    """Paint growing bars on white."""
    ground = _with_title(
        np.full((_HEIGHT, _WIDTH, 3), 244, np.uint8), "42 %", "of figures are made up", ink=(20, 40, 80)
    )
    colours = ((220, 70, 60), (240, 170, 50), (70, 150, 90), (60, 110, 200), (130, 80, 170))

    def paint(number: int) -> Picture:
        picture = ground.copy()
        for bar, colour in enumerate(colours):
            top = _HEIGHT - 60 - min(60 + bar * 60, 12 + number * (4 + bar))
            picture[top : _HEIGHT - 60, 200 + bar * 190 : 320 + bar * 190] = colour
        return picture

    return paint


def _night() -> Paint:
    """Paint stars that pass behind a moon."""
    rng = np.random.default_rng(3)
    sky = np.full((_HEIGHT, _WIDTH, 3), (8, 10, 34), np.uint8)
    for row, column in zip(rng.integers(0, _HEIGHT - 4, 240), rng.integers(0, _WIDTH - 4, 240), strict=True):
        sky[row : row + 3, column : column + 3] = 230
    title = _with_title(np.zeros_like(sky), "Good night", "The end")
    lettered = title.any(axis=2)

    def paint(number: int) -> Picture:
        picture = np.roll(sky, 2 * number, axis=1)
        _disc(picture, (980, 200), 90, (225, 225, 210))
        picture[lettered] = title[lettered]
        return picture

    return paint


def _passing(wide: Picture, speed: int, title: str, line: str) -> Paint:
    lettering = _with_title(np.zeros((_HEIGHT, _WIDTH, 3), np.uint8), title, line)
    lettered = lettering[: _HEIGHT // 2].any(axis=2)

    def paint(number: int) -> Picture:
        picture = wide[:, number * speed : number * speed + _WIDTH].copy()
        picture[: _HEIGHT // 2][lettered] = lettering[: _HEIGHT // 2][lettered]
        return picture

    return paint


def _with_title(ground: Picture, title: str, line: str, ink: tuple[int, int, int] = (255, 255, 255)) -> Picture:
    image = Image.fromarray(ground)
    draw = ImageDraw.Draw(image)
    draw.text((80, 60), title, fill=ink, font=ImageFont.load_default(_TITLE_SIZE))
    draw.text((84, 180), line, fill=ink, font=ImageFont.load_default(_LINE_SIZE))
    return np.array(image)


def _gradient(top: tuple[int, int, int], bottom: tuple[int, int, int]) -> Picture:
    share = np.linspace(0, 1, _HEIGHT)[:, None]
    column = (1 - share) * np.array(top) + share * np.array(bottom)
    return np.repeat(column.astype(np.uint8)[:, None, :], _WIDTH, axis=1)


def _disc(picture: Picture, middle: tuple[int, int], radius: int, colour: tuple[int, int, int]) -> None:
    left, top = middle[0] - radius, middle[1] - radius
    across = np.arange(2 * radius + 1) - radius
    inside = across[:, None] ** 2 + across[None, :] ** 2 <= radius**2
    picture[top : top + 2 * radius + 1, left : left + 2 * radius + 1][inside] = colour


def _mix(here: Picture, there: Picture, share: float) -> Picture:
    return (here * (1 - share) + there * share).astype(np.uint8)
