"""Moving pictures drawn by a seed: worlds, cameras, passers-by, grain, titles.

A `Take` draws frame ``n`` of one continuous recording. The same seed always draws the same pixels.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from numpy.typing import NDArray

WIDTH, HEIGHT = 320, 180
WORLD_SCALE = 3  # a world is this many frames wide and high

STYLES = ("clouds", "room", "city", "stripes", "blobs", "gradient", "plain")


@dataclass(frozen=True)
class Look:
    """Exposure, grain in grey levels of 0-255, and the strength of colours of a recording."""

    gain: float = 1.0
    offset: float = 0.0
    grain: float = 0.0
    flicker: float = 0.0
    saturation: float = 1.0


@dataclass(frozen=True)
class Camera:
    """Centre of a camera's view as a share of the world, and its movement per second."""

    x: float
    y: float
    zoom: float = 1.0
    pan_x: float = 0.0
    pan_y: float = 0.0
    zoom_rate: float = 0.0
    shake: float = 0.0


@dataclass(frozen=True)
class Event:
    """Something that changes the picture and is no transition: ``[begin, end)`` in frames of the take."""

    what: str
    begin: int
    end: int
    strength: float = 1.0


@dataclass(frozen=True)
class Sprite:
    """A shape that moves in front of the world: pixels, and pixels per second."""

    x: float
    y: float
    dx: float
    dy: float
    width: float
    height: float
    colour: tuple[int, int, int]
    is_round: bool
    wobble: float


@dataclass(frozen=True)
class Take:
    """One continuous recording."""

    seed: int
    world: Image.Image
    camera: Camera
    look: Look
    sprites: tuple[Sprite, ...]
    rate: float
    events: tuple[Event, ...] = ()
    on_twos: bool = False
    titles: tuple[str, ...] = ()
    grain_tiles: NDArray[np.int16] = field(default_factory=lambda: np.zeros((1, HEIGHT, WIDTH, 1), np.int16))

    def with_events(self, *events: Event) -> Take:
        """The same take with these disturbances in it."""
        return replace(self, events=(*self.events, *events))

    def draw(self, number: int) -> NDArray[np.uint8]:
        """Frame ``number`` as ``(HEIGHT, WIDTH, 3)`` RGB."""
        held = number - number % 2 if self.on_twos else number
        seconds = held / self.rate
        chance = np.random.default_rng((self.seed, held))
        picture = self._seen_by_camera(seconds, held, chance)
        pen = ImageDraw.Draw(picture)
        for sprite in self.sprites:
            _draw_sprite(pen, sprite, seconds)
        for event in self.events:
            if event.begin <= number < event.end:
                _draw_event(pen, event, number)
        if self.titles:
            for line, text in enumerate(self.titles):
                y = HEIGHT + 14 * line - 40 * seconds
                if -14 < y < HEIGHT:
                    pen.text((WIDTH * 0.3 + 4 * (line % 3), y), text, fill=(225, 225, 225))
        return self._exposed(np.asarray(picture, np.float32), number, chance)

    def _seen_by_camera(self, seconds: float, number: int, chance: np.random.Generator) -> Image.Image:
        camera = self.camera
        shake_x = camera.shake * (np.sin(number * 0.9) + chance.normal(0, 0.6))
        shake_y = camera.shake * (np.sin(number * 0.7 + 1) + chance.normal(0, 0.6))
        extra = sum(e.strength * max(0, min(number, e.end) - e.begin) for e in self.events if e.what == "whip")
        zoom = float(np.clip(camera.zoom * np.exp(camera.zoom_rate * seconds), 0.25, 1.6))
        world_width, world_height = self.world.size
        width, height = WIDTH * zoom, HEIGHT * zoom
        x = _bounce(camera.x * (world_width - width) + camera.pan_x * seconds + shake_x + extra, world_width - width)
        y = _bounce(camera.y * (world_height - height) + camera.pan_y * seconds + shake_y, world_height - height)
        return self.world.transform(
            (WIDTH, HEIGHT), Image.Transform.AFFINE, (zoom, 0, x, 0, zoom, y), Image.Resampling.BILINEAR
        )

    def _exposed(self, pixels: NDArray[np.float32], number: int, chance: np.random.Generator) -> NDArray[np.uint8]:
        gain = self.look.gain * (1 + self.look.flicker * np.sin(number * 2.1))
        offset = self.look.offset
        out = pixels * np.float32(gain) + np.float32(offset)
        grey = out.mean(axis=2, keepdims=True)
        out = grey + (out - grey) * np.float32(self.look.saturation)
        for event in self.events:
            if not event.begin <= number < event.end:
                continue
            if event.what == "flash":
                out += (255 - out) * np.float32(event.strength)
            elif event.what == "light":
                out = out * np.float32(event.strength)
        if self.look.grain:
            out += self.grain_tiles[int(chance.integers(len(self.grain_tiles)))]
        return np.clip(out, 0, 255).astype(np.uint8)


def _bounce(value: float, limit: float) -> float:
    limit = max(limit, 1.0)
    value = abs(value) % (2 * limit)
    return 2 * limit - value if value > limit else value


def _draw_sprite(pen: ImageDraw.ImageDraw, sprite: Sprite, seconds: float) -> None:
    x = (sprite.x + sprite.dx * seconds + WIDTH * 0.5) % (WIDTH * 2) - WIDTH * 0.5
    y = sprite.y + sprite.dy * seconds + sprite.wobble * np.sin(seconds * 5)
    box = (x, y, x + sprite.width, y + sprite.height)
    if sprite.is_round:
        pen.ellipse(box, fill=sprite.colour)
        pen.ellipse((x + sprite.width * 0.3, y + sprite.height * 0.25, x + sprite.width * 0.4, y + sprite.height * 0.4))
    else:
        pen.rectangle(box, fill=sprite.colour, outline=(20, 20, 20))


def _draw_event(pen: ImageDraw.ImageDraw, event: Event, number: int) -> None:
    if event.what == "subtitle":
        pen.text((60, HEIGHT - 26), "and this is what they said to him", fill=(250, 250, 250))
    elif event.what == "board":
        pen.rectangle((20, HEIGHT * 0.68, WIDTH - 20, HEIGHT * 0.95), fill=(20, 40, 150))
        pen.text((40, HEIGHT * 0.75), "NEWS OF THE HOUR", fill=(255, 255, 255))
    elif event.what == "passer-by":
        share = (number - event.begin) / max(1, event.end - event.begin)
        x = -WIDTH * 0.7 + share * WIDTH * 1.7
        pen.rectangle((x, 0, x + WIDTH * 0.6, HEIGHT), fill=(60, 45, 40))


def _colours(chance: np.random.Generator, count: int) -> NDArray[np.float32]:
    centre = chance.uniform(60, 185, 3)
    return np.clip(centre + chance.normal(0, 60, (count, 3)), 0, 255).astype(np.float32)


def _colour(chance: np.random.Generator) -> tuple[int, int, int]:
    red, green, blue = (int(v) for v in chance.integers(0, 256, 3))
    return red, green, blue


def _noise(chance: np.random.Generator, width: int, height: int, octaves: tuple[int, ...]) -> NDArray[np.float32]:
    total = np.zeros((height, width), np.float32)
    for step, cells in enumerate(octaves):
        small = chance.random((max(2, cells * 9 // 16), cells), np.float32)
        grown = Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC)
        total += np.asarray(grown, np.float32) * np.float32(0.6**step)
    low, high = float(total.min()), float(total.max())
    return (total - np.float32(low)) / np.float32(high - low)


def _tinted(values: NDArray[np.float32], colours: NDArray[np.float32]) -> Image.Image:
    stops = np.linspace(0, 1, len(colours))
    channels = [np.interp(values, stops, colours[:, c]) for c in range(3)]
    return Image.fromarray(np.stack(channels, -1).astype(np.uint8), "RGB")


def world(seed: int) -> Image.Image:
    """A place to look at, three frames wide and high, in one of several styles."""
    chance = np.random.default_rng((seed, 1))
    width, height = WIDTH * WORLD_SCALE, HEIGHT * WORLD_SCALE
    style = STYLES[int(chance.integers(len(STYLES)))]
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    match style:
        case "clouds":
            picture = _tinted(_noise(chance, width, height, (8, 16, 40, 120)), _colours(chance, 4))
        case "stripes":
            angle, period = chance.uniform(0, np.pi), chance.uniform(18, 90)
            waves = np.sin((columns * np.cos(angle) + rows * np.sin(angle)) * 2 * np.pi / period) * 0.5 + 0.5
            picture = _tinted(
                (0.7 * waves + 0.3 * _noise(chance, width, height, (10, 60))).astype(np.float32), _colours(chance, 3)
            )
        case "gradient" | "plain":
            angle = chance.uniform(0, 2 * np.pi)
            ramp = columns / width * np.cos(angle) + rows / height * np.sin(angle)
            ramp = (ramp - ramp.min()) / (ramp.max() - ramp.min())
            strength = 0.15 if style == "gradient" else 0.4
            picture = _tinted(
                ((1 - strength) * ramp + strength * _noise(chance, width, height, (6, 30))).astype(np.float32),
                _colours(chance, 2 if style == "plain" else 4),
            )
        case _:
            picture = _tinted(_noise(chance, width, height, (5, 20, 80)), _colours(chance, 3))
    pen = ImageDraw.Draw(picture)
    pieces = {"room": 60, "city": 45, "blobs": 70, "plain": 6, "gradient": 12}.get(style, 10)
    for _ in range(pieces):
        w, h = chance.uniform(15, 160), chance.uniform(15, 130)
        x, y = chance.uniform(-20, width), chance.uniform(-20, height)
        if style == "blobs" or chance.random() < 0.25:
            pen.ellipse((x, y, x + w, y + h), fill=_colour(chance))
        else:
            pen.rectangle((x, y, x + w, y + h), fill=_colour(chance))
        if style == "city":
            for row in range(int(y), int(y + h * 2), 12):
                pen.line((x, row, x + w, row), fill=_colour(chance), width=3)
    return picture


def take(seed: int, rate: float, *, look: Look | None = None, place: Image.Image | None = None) -> Take:
    """A recording of a place with an ordinary, more or less moving camera and passers-by."""
    chance = np.random.default_rng((seed, 2))
    move = str(chance.choice(["still", "still", "pan", "zoom", "hand"]))
    camera = Camera(
        x=float(chance.random()),
        y=float(chance.random()),
        zoom=float(chance.uniform(0.4, 1.3)),
        pan_x=float(chance.normal(0, 45)) if move == "pan" else 0.0,
        pan_y=float(chance.normal(0, 15)) if move == "pan" else 0.0,
        zoom_rate=float(chance.normal(0, 0.15)) if move == "zoom" else 0.0,
        shake=float(chance.uniform(0.5, 3)) if move == "hand" else 0.0,
    )
    if look is None:
        gain = float(chance.uniform(0.6, 1.1))
        look = Look(gain, float(chance.uniform(0, 20)), float(chance.choice([0, 0, 2, 5, 9])), 0.0)
    look = replace(look, saturation=float(chance.choice([0.0, 0.15, 0.3, 0.45, 0.6])))
    sprites = tuple(
        Sprite(
            x=float(chance.uniform(-100, WIDTH)),
            y=float(chance.uniform(0, HEIGHT * 0.8)),
            dx=float(chance.normal(0, 70)),
            dy=float(chance.normal(0, 6)),
            width=float(chance.uniform(12, 90)),
            height=float(chance.uniform(20, 110)),
            colour=_colour(chance),
            is_round=bool(chance.random() < 0.5),
            wobble=float(chance.uniform(0, 8)),
        )
        for _ in range(int(chance.integers(0, 5)))
    )
    tiles = (chance.normal(0, max(look.grain, 0.01), (4, HEIGHT, WIDTH, 1))).astype(np.int16)
    return Take(seed, place or world(seed), camera, look, sprites, rate, grain_tiles=tiles)


def titles(seed: int, rate: float, lines: int) -> Take:
    """Credits that scroll upwards over black or a dim picture."""
    chance = np.random.default_rng((seed, 3))
    dim = Look(gain=float(chance.choice([0.0, 0.12])))
    base = take(seed, rate, look=Look())
    dark = Image.fromarray((np.asarray(base.world, np.float32) * dim.gain).astype(np.uint8), "RGB")
    syllables = ("ka", "ro", "min", "del", "sa", "tu", "von", "ber", "li", "an")
    text = tuple(
        "".join(str(s) for s in chance.choice(syllables, int(chance.integers(3, 9)))).title() for _ in range(lines)
    )
    return replace(base, world=dark, sprites=(), titles=text, look=Look(saturation=0.5))
