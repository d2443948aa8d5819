"""Films of drawn text with what is written in them and when. Every film is a pure function of its kind and seed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

WIDTH, HEIGHT = 640, 360
SIDES = ("left", "right", "up", "down")

NAMES = (
    "Anna Bergstrom", "Miguel Alvarez", "Chloe Dubois", "Kwame Mensah", "Hana Sato", "Omar Haddad", "Greta Lindqvist",
    "Pedro Nogueira", "Lucia Romano", "Tomasz Zielinski", "Ingrid Solheim", "Dmitri Volkov",
)  # fmt: skip
ROLES = (
    "Harbour master", "Chief engineer", "Witness", "Mayor of Porto", "Head of research", "Violinist", "Spokeswoman",
    "Mountain guide", "Film director", "Fisherman", "Minister of health", "Beekeeper",
)  # fmt: skip
HEADLINES = (
    "Parliament approves the budget", "Storms expected on Friday", "Ferry service resumes", "Museum opens new wing",
    "Glacier retreats faster than feared", "Bridge closed for repairs", "Record harvest in the valley",
    "Strike at the airport ends", "Old theatre is saved", "Rivers reach their highest level",
)  # fmt: skip
SENTENCES = (
    "The doors open.", "Bring your friends.", "Tickets are free.", "Doors close at ten.", "Wear a warm coat.",
    "Call us today.", "Dogs are welcome.", "Parking is limited.",
)  # fmt: skip
WHOLE_WORDS = (
    "example.com",
    "Version 3.5",
    "U.S.A.",
    "e.g. tea",
    "9.30 pm",
    "www.harbour.org",
    "J.R. Ewing",
    "1.250,00",
)


@dataclass(frozen=True)
class Line:
    """Line of a film: its text, and the times at which it enters, is settled, begins to leave and is gone."""

    text: str
    enters: float
    settled: float
    leaves: float
    gone: float


@dataclass
class Film:
    """Pictures by time, the lines in them, and the length in seconds."""

    kind: str
    seconds: float
    lines: list[Line] = field(default_factory=list)
    layers: list[Callable[[Image.Image, float], None]] = field(default_factory=list)
    behind: Callable[[float], Image.Image] = field(default=lambda _: Image.new("RGB", (WIDTH, HEIGHT)))

    def picture(self, time: float) -> NDArray[np.uint8]:
        """Draw the picture of a time, ``(360, 640, 3)``."""
        picture = self.behind(time)
        for layer in self.layers:
            layer(picture, time)
        return np.asarray(picture)


def font(size: int) -> ImageFont.FreeTypeFont:
    """Return the font inside Pillow."""
    found = ImageFont.load_default(size)
    assert isinstance(found, ImageFont.FreeTypeFont)
    return found


def background(chance: np.random.Generator) -> Callable[[float], Image.Image]:
    """Return a plain, soft or busy picture that moves."""
    kind, speed = int(chance.integers(0, 3)), float(chance.uniform(10, 60))
    if kind == 0:
        level = tuple(int(value) for value in chance.integers(30, 110, 3))
        return lambda _: Image.new("RGB", (WIDTH, HEIGHT), level)
    small = chance.integers(0, 200, (9, 24, 3), dtype=np.uint8)
    wide = Image.fromarray(small).resize((WIDTH * 2, HEIGHT), Image.Resampling.BICUBIC)
    if kind == 2:
        draw = ImageDraw.Draw(wide)
        for _ in range(90):
            left, top = chance.integers(0, WIDTH * 2), chance.integers(0, HEIGHT)
            across, down = chance.integers(5, 90, 2)
            colour = tuple(int(value) for value in chance.integers(20, 220, 3))
            shape = draw.rectangle if chance.random() < 0.5 else draw.ellipse
            shape((int(left), int(top), int(left + across), int(top + down)), fill=colour)

    def at(time: float) -> Image.Image:
        left = int(time * speed) % WIDTH
        return wide.crop((left, 0, left + WIDTH, HEIGHT))

    return at


def _pick(chance: np.random.Generator, texts: Sequence[str], count: int) -> list[str]:
    return [texts[int(place)] for place in chance.permutation(len(texts))[:count]]


def _text(
    picture: Image.Image,
    at: tuple[float, float],
    text: str,
    face: ImageFont.FreeTypeFont,
    clip: tuple[int, ...] | None = None,
) -> None:
    """Draw a white line with a black edge, only inside ``clip`` (left, top, right, bottom) if given."""
    if clip is None:
        ImageDraw.Draw(picture).text(at, text, font=face, fill="white", stroke_width=2, stroke_fill="black")
        return
    whole = picture.copy()
    _text(whole, at, text, face)
    left, top, right, bottom = (max(0, round(value)) for value in clip)
    if right > left and bottom > top:
        picture.paste(whole.crop((left, top, right, bottom)), (left, top))


@dataclass(frozen=True)
class LowerThird:
    """Two lines that slide or wipe in from a side, stay, and leave in the same way."""

    texts: tuple[str, str]
    begin: float
    end: float
    moving: float
    side: str
    at: tuple[int, int]
    is_wipe: bool
    has_plate: bool
    faces: tuple[ImageFont.FreeTypeFont, ImageFont.FreeTypeFont]

    def draw(self, picture: Image.Image, now: float) -> None:
        """Draw what is shown at a time."""
        share = float(np.clip(min((now - self.begin) / self.moving, (self.end - now) / self.moving), 0, 1))
        if share <= 0:
            return
        left, top = self.at
        wide = int(max(face.getlength(text) for face, text in zip(self.faces, self.texts, strict=True))) + 20
        box = [left - 10.0, top - 4.0, left + wide, top + 78.0]
        across = down = 0.0
        if self.is_wipe:
            edge, opposite = {"left": (2, 0), "right": (0, 2), "up": (1, 3), "down": (3, 1)}[self.side]
            box[edge] = round(box[opposite] + share * (box[edge] - box[opposite]))
        else:
            across = {"left": -(left + wide), "right": WIDTH - left}.get(self.side, 0) * (1 - share)
            down = {"up": HEIGHT - top, "down": HEIGHT - top}.get(self.side, 0) * (1 - share)
            box = [box[0] + across, box[1] + down, box[2] + across, box[3] + down]
        clip = (round(box[0]), round(box[1]), round(box[2]), round(box[3]))
        if self.has_plate and clip[2] > clip[0] and clip[3] > clip[1]:
            ImageDraw.Draw(picture).rectangle(clip, fill=(180, 60, 20))
        for text, face, below in zip(self.texts, self.faces, (0, 44), strict=True):
            _text(picture, (left + across, top + down + below), text, face, clip)


def lower_thirds(film: Film, chance: np.random.Generator, *, is_wipe: bool) -> None:
    """Add two names with roles that slide or wipe in from a side, on a plate or none."""
    time = float(chance.uniform(0.6, 1.6))
    for texts in zip(_pick(chance, NAMES, 2), _pick(chance, ROLES, 2), strict=True):
        moving = float(chance.uniform(0.5, 1.6))
        end = time + 2 * moving + float(chance.uniform(2, 3.5))
        side = SIDES[int(chance.integers(0, 4))]
        at = int(chance.integers(30, 150)), int(chance.integers(235, 265))
        has_plate = chance.random() < 0.5
        film.layers.append(
            LowerThird(texts, time, end, moving, side, at, is_wipe, has_plate, (font(34), font(24))).draw
        )
        film.lines += [Line(text, time, time + moving, end - moving, end) for text in texts]
        time = end + float(chance.uniform(0.7, 1.5))
    film.seconds = time + 0.5


@dataclass(frozen=True)
class Mover:
    """Line that moves at a constant speed from a place, in pixels and pixels a second."""

    text: str
    face: ImageFont.FreeTypeFont
    at: tuple[float, float]
    speed: tuple[float, float]
    begin: float = 0

    def draw(self, picture: Image.Image, now: float) -> None:
        """Draw it where it is at a time."""
        seconds = now - self.begin
        _text(
            picture, (self.at[0] + self.speed[0] * seconds, self.at[1] + self.speed[1] * seconds), self.text, self.face
        )


@dataclass(frozen=True)
class Caption:
    """Line that fades in and out at a place."""

    line: Line
    face: ImageFont.FreeTypeFont
    at: tuple[int, int]

    def draw(self, picture: Image.Image, now: float) -> None:
        """Draw it as far as it is visible at a time."""
        line = self.line
        coming = (now - line.enters) / max(line.settled - line.enters, 1e-6)
        going = (line.gone - now) / max(line.gone - line.leaves, 1e-6)
        share = float(np.clip(min(coming, going), 0, 1))
        if share > 0:
            whole = picture.copy()
            _text(whole, self.at, line.text, self.face)
            picture.paste(Image.blend(picture, whole, share))


def ticker(film: Film, chance: np.random.Generator) -> None:
    """Add a ticker with entries that wide gaps separate."""
    face, speed = font(26), float(chance.uniform(70, 140))
    left, begin = float(WIDTH), 0.5
    for text in _pick(chance, HEADLINES, 3):
        width = face.getlength(text)
        film.layers.append(Mover(text, face, (left, 315), (-speed, 0), begin).draw)
        enters, settled = begin + (left - WIDTH) / speed, begin + (left + width - WIDTH) / speed
        film.lines.append(Line(text, enters, settled, begin + left / speed, begin + (left + width) / speed))
        left += width + 90
    film.seconds = begin + left / speed + 0.5


def rolling_names(film: Film, chance: np.random.Generator) -> None:
    """Add names that roll up."""
    face, speed = font(26), float(chance.uniform(35, 70))
    film.behind = lambda _: Image.new("RGB", (WIDTH, HEIGHT))
    for number, text in enumerate(_pick(chance, NAMES, 5)):
        top, left = HEIGHT + 70 * number, int(chance.integers(120, 280))
        film.layers.append(Mover(text, face, (left, top), (0, -speed)).draw)
        enters = (top - HEIGHT) / speed
        film.lines.append(Line(text, enters, enters + 34 / speed, top / speed, (top + 34) / speed))
        film.seconds = (top + 40) / speed


def building(film: Film, chance: np.random.Generator) -> None:
    """Add sentences to a line one after the other, each a text with a start of its own."""
    face = font(20)
    parts = _pick(chance, SENTENCES, 3)
    starts = [1 + number * float(chance.uniform(1.6, 2.5)) for number in range(3)]
    ends = [*starts[1:], starts[-1] + 2.5]
    for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
        line = Line(" ".join(parts[: number + 1]), start, start, end, end)
        film.layers.append(Caption(line, face, (15, 150)).draw)
        film.lines.append(line)
    film.seconds = ends[-1] + 1


def captions(film: Film, chance: np.random.Generator) -> None:
    """Add lines that fade, some with full stops inside, which are no ends of sentences."""
    time = 1.0
    for text in [*_pick(chance, WHOLE_WORDS, 2), *_pick(chance, HEADLINES, 1)]:
        face, at, fade = font(int(chance.integers(22, 40))), chance.integers(20, 90, 2), float(chance.uniform(0.2, 1))
        line = Line(text, time, time + fade, time + 3 - fade, time + 3)
        film.layers.append(Caption(line, face, (int(at[0]) // 2, int(at[1]))).draw)
        film.lines.append(line)
        time += 3.8
    film.seconds = time


def pushed(film: Film, chance: np.random.Generator) -> None:
    """Add a caption in a picture that another picture pushes out, with a caption of its own."""
    one, other = background(chance), background(chance)
    texts, face = _pick(chance, HEADLINES, 2), font(28)
    begin, moving = float(chance.uniform(3, 4)), float(chance.uniform(0.6, 1.2))
    side = int(chance.integers(0, 4))

    def behind(now: float) -> Image.Image:
        share = float(np.clip((now - begin) / moving, 0, 1))
        pictures = [one(now), other(now)]
        for picture, text in zip(pictures, texts, strict=True):
            _text(picture, (60, 280), text, face)
        across, down = ((-WIDTH, 0), (WIDTH, 0), (0, -HEIGHT), (0, HEIGHT))[side]
        shown = Image.new("RGB", (WIDTH, HEIGHT))
        shown.paste(pictures[0], (round(across * share), round(down * share)))
        shown.paste(pictures[1], (round(across * (share - 1)), round(down * (share - 1))))
        return shown

    film.behind = behind
    film.seconds = begin + moving + 3.5
    film.lines += [
        Line(texts[0], 0, 0, begin, begin + moving),
        Line(texts[1], begin, begin + moving, film.seconds, film.seconds),
    ]


KINDS: dict[str, Callable[[Film, np.random.Generator], None]] = {
    "slide": lambda film, chance: lower_thirds(film, chance, is_wipe=False),
    "wipe": lambda film, chance: lower_thirds(film, chance, is_wipe=True),
    "ticker": ticker,
    "credits": rolling_names,
    "building": building,
    "captions": captions,
    "pushed": pushed,
}


def film(kind: str, seed: int) -> Film:
    """Draw a film."""
    chance = np.random.default_rng([seed, list(KINDS).index(kind)])
    drawn = Film(kind, 0)
    drawn.behind = background(chance)
    KINDS[kind](drawn, chance)
    return drawn
