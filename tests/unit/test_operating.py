"""Dashboard and alerts use metrics that exist, and the documentation names all metrics."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from scenedex.app.metrics import ApiMetrics
from scenedex.metrics import Metrics

ROOT = Path(__file__).parents[2]
OPERATE = ROOT / "docs" / "how-to" / "operate.md"
DASHBOARD = ROOT / "deploy" / "grafana" / "scenedex.json"
ALERTS = ROOT / "deploy" / "prometheus" / "alerts.yml"
NAME = re.compile(r"\bscenedex_[a-z_]+")


@pytest.fixture(scope="module")
def families() -> dict[str, str]:
    """Return the kind of each metric by name."""
    metrics = Metrics("api")
    ApiMetrics(metrics)
    return {family.name: family.type for family in metrics.registry.collect()}


@pytest.fixture(scope="module")
def series(families: dict[str, str]) -> set[str]:
    """Return the names of all series of these metrics."""
    suffixes = {"counter": ("_total",), "gauge": ("",), "histogram": ("_bucket", "_sum", "_count")}
    return {name + suffix for name, kind in families.items() for suffix in suffixes[kind]}


def expressions() -> list[str]:
    panels = json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]
    asked = [target["expr"] for panel in panels for target in panel["targets"]]
    # Rules stand on one line, or are folded over further ones that are indented more.
    rules = re.findall(r"^ +expr: (?:>-\n +)?(.+)$", ALERTS.read_text(encoding="utf-8"), re.MULTILINE)
    return [*asked, *rules]


def test_dashboard_and_alerts_ask_for_metrics_that_there_are(series: set[str]) -> None:
    asked = [name for expression in expressions() for name in NAME.findall(expression)]

    assert len(asked) > 30
    assert [name for name in asked if name not in series] == []


def test_every_expression_asks_for_something() -> None:
    assert [text for text in expressions() if not NAME.search(text) and "up{" not in text] == []


def test_brackets_of_expressions_are_closed() -> None:
    assert [text for text in expressions() if any(text.count(a) != text.count(b) for a, b in ("()", "{}", "[]"))] == []


def test_every_metric_is_on_the_dashboard(families: dict[str, str]) -> None:
    text = DASHBOARD.read_text(encoding="utf-8")

    assert [name for name in families if name not in text] == []


def test_the_documentation_tells_of_every_metric(families: dict[str, str]) -> None:
    told = set(re.findall(r"^\| `(scenedex_[a-z_]+)` \|", OPERATE.read_text(encoding="utf-8"), re.MULTILINE))

    assert told == {f"{name}_total" if kind == "counter" else name for name, kind in families.items()}


def test_panels_have_ids_of_their_own_and_do_not_overlap() -> None:
    panels = json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]
    places = [
        (x, y)
        for panel in panels
        for place in [panel["gridPos"]]
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]

    assert len({panel["id"] for panel in panels}) == len(panels)
    assert len(set(places)) == len(places)
