"""Contents of the clips of each theme."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pictures
from pictures import Event, Look, Take


@dataclass(frozen=True)
class Join:
    """Transition to the next shot: a cut, or ``frames`` of dissolve, or a fade of ``frames`` with black inside."""

    kind: Literal["cut", "dissolve", "fade"] = "cut"
    frames: int = 0


@dataclass(frozen=True)
class Part:
    """``frames`` of a take, and the join that leads to the next part."""

    take: Take
    frames: int
    join: Join = Join()


class Director:
    """Puts a clip together by chance, always the same for the same seed."""

    def __init__(self, seed: int, rate: float) -> None:
        self.seed = seed
        self.rate = rate
        self.chance = np.random.default_rng((seed, 9))

    def span(self, low: float, high: float) -> int:
        """A number of frames that last between so many seconds."""
        return int(self.chance.uniform(low, high) * self.rate)

    def new(self, look: Look | None = None) -> Take:
        """A recording of a place not seen before."""
        return pictures.take(int(self.chance.integers(1 << 40)), self.rate, look=look)

    def dark(self) -> list[Part]:
        """Dark, low-contrast shots."""
        looks = [
            Look(
                float(self.chance.uniform(0.05, 0.22)),
                float(self.chance.uniform(4, 20)),
                float(self.chance.choice([0, 1, 2])),
            )
            for _ in range(10)
        ]
        return [Part(self.new(look), self.span(1, 4)) for look in looks]

    def near(self) -> list[Part]:
        """Ordinary shots with shots of one to eight frames between them, one of them cut into a running take."""
        parts: list[Part] = []
        for _ in range(5):
            parts += [Part(self.new(), self.span(1.2, 3)), Part(self.new(), int(self.chance.choice([1, 2, 3, 5, 8])))]
        here = self.new()
        there = replace(here, seed=here.seed + 1)
        return [
            *parts,
            Part(here, self.span(1.5, 2)),
            Part(self.new(), 2),
            Part(there, self.span(1.5, 2)),
            Part(self.new(), self.span(1, 2)),
        ]

    def gradual(self) -> list[Part]:
        """Dissolves and fades of 0.2 to 2 seconds."""
        seconds = self.chance.permutation([0.2, 0.28, 0.4, 0.5, 0.8, 1.0, 1.5, 2.0])
        fades = self.chance.random(8) < 0.35
        parts = [
            Part(
                self.new(),
                self.span(2, 4),
                Join("fade" if fade else "dissolve", max(5, int(s * self.rate) + (8 if fade else 0))),
            )
            for s, fade in zip(seconds, fades, strict=True)
        ]
        return [*parts, Part(self.new(), self.span(2, 3))]

    def motion(self) -> list[Part]:
        """Cuts among whip pans, zooms, shaking cameras, people who cross the lens, and captions."""
        parts: list[Part] = []
        for _ in range(6):
            frames = self.span(3, 5)
            at = int(frames * 0.4)
            what = str(self.chance.choice(["whip", "zoom", "shake", "passer-by", "board"]))
            shot = self.new()
            if what == "zoom":
                shot = replace(shot, camera=replace(shot.camera, zoom_rate=float(self.chance.choice([-0.7, 0.6]))))
            elif what == "shake":
                shot = replace(shot, camera=replace(shot.camera, shake=float(self.chance.uniform(4, 9))))
            speed = float(self.chance.choice([-1, 1]) * self.chance.uniform(12, 50))
            length = {"whip": 8, "passer-by": int(self.rate * 0.7), "board": int(self.rate * 1.5)}.get(what, frames)
            begin = at if what in {"whip", "passer-by", "board"} else 0
            parts.append(Part(shot.with_events(Event(what, begin, begin + length, speed)), frames))
        return parts

    def flash(self) -> list[Part]:
        """Cuts among flashes of one to three frames and lights that go out."""
        parts: list[Part] = []
        for _ in range(6):
            frames = self.span(2.5, 4)
            shot = self.new()
            for at in sorted(int(x) for x in self.chance.integers(10, frames - 10, 2)):
                shot = shot.with_events(
                    Event("flash", at, at + int(self.chance.integers(1, 4)), float(self.chance.uniform(0.45, 1)))
                )
            if self.chance.random() < 0.4:
                shot = shot.with_events(Event("light", int(frames * 0.6), frames, float(self.chance.uniform(0.4, 0.7))))
            parts.append(Part(shot, frames))
        return parts

    def credits(self) -> list[Part]:
        """Scrolling credits between ordinary shots."""
        roll = pictures.titles(self.seed, self.rate, 24)
        fade = Join("fade", int(self.rate * 1.2)) if self.chance.random() < 0.5 else Join()
        return [
            Part(self.new(), self.span(2, 3)),
            Part(self.new(), self.span(2, 3), fade),
            Part(roll.with_events(Event("credits", 0, int(7 * self.rate))), int(7 * self.rate), Join()),
            Part(self.new(), self.span(2, 3), Join("dissolve", int(self.rate))),
            Part(self.new(), self.span(2, 3)),
        ]

    def same_place(self) -> list[Part]:
        """Cuts between two places whose pictures share their colours."""
        first, second = self.new(), self.new()
        parts: list[Part] = []
        for number in range(10):
            base = first if number % 2 else second
            camera = replace(
                base.camera,
                x=float(self.chance.random()),
                y=float(self.chance.random()),
                zoom=float(self.chance.uniform(0.35, 1.2)),
            )
            parts.append(Part(replace(base, seed=base.seed + number, camera=camera), self.span(1, 3.5)))
        return parts

    def on_twos(self) -> list[Part]:
        """Cuts in animation that draws every other frame."""
        return [Part(replace(self.new(), on_twos=True), 2 * self.span(0.5, 1.5)) for _ in range(11)]

    def general(self) -> list[Part]:
        """Ordinary material: mostly cuts, some dissolves, subtitles that come and go."""
        parts: list[Part] = []
        for _ in range(11):
            join = Join("dissolve", self.span(0.4, 1.2)) if self.chance.random() < 0.15 else Join()
            frames = self.span(1.0, 4.0)
            shot = self.new()
            if self.chance.random() < 0.25:
                shot = shot.with_events(Event("subtitle", frames // 4, frames // 2))
            parts.append(Part(shot, frames, join))
        return parts


def plan(theme: str, seed: int, rate: float) -> list[Part]:
    """The parts of a clip of this theme."""
    director = Director(seed, rate)
    by_theme = {
        "dark": director.dark,
        "near": director.near,
        "gradual": director.gradual,
        "motion": director.motion,
        "flash": director.flash,
        "credits": director.credits,
        "same place": director.same_place,
        "on twos": director.on_twos,
        "general": director.general,
    }
    return by_theme.get(theme, director.general)()
