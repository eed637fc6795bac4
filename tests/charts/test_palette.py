"""The palette, measured: signals stay apart for colour-blind readers, text and marks are legible.

Colour-vision deficiency: Machado, Oliveira & Fernandes (2009), "A Physiologically-based Model for Simulation
of Color Vision Deficiency", IEEE TVCG 15(6), matrices for severity 1.0 on linear RGB. Difference: CIE76.
Contrast: WCAG 2.2, 1.4.3 (text 4.5:1) and 1.4.11 (graphics 3:1).
"""

from __future__ import annotations

import itertools
import tomllib
from pathlib import Path

import numpy as np
import pytest

from kpi.charts.palette import DARK, LIGHT, Palette, mixed
from kpi.model import Verdict

ROOT = Path(__file__).resolve().parents[2]
MACHADO = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
APART = 25.0


def linear(colour: str) -> np.ndarray:
    channels = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    to_xyz = np.array(
        [
            [0.4124564, 0.3575761, 0.1804375],
            [0.2126729, 0.7151522, 0.0721750],
            [0.0193339, 0.1191920, 0.9503041],
        ]
    )
    ratio = to_xyz @ np.clip(rgb, 0, 1) / np.array([0.95047, 1.0, 1.08883])
    f = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def contrast(one: str, other: str) -> float:
    light, dark = sorted((float(linear(c) @ [0.2126, 0.7152, 0.0722]) for c in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_of_difference_matches_known_values() -> None:
    # Pure red, green, blue in L*a*b* (D65): Lindbloom's calculator.
    assert lab(linear("#FF0000")) == pytest.approx([53.24, 80.09, 67.20], abs=0.1)
    assert lab(linear("#00FF00")) == pytest.approx([87.73, -86.18, 83.18], abs=0.1)
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21.0)
    # Red against green of the kind that is to be avoided falls together for protanopia.
    lost = [MACHADO["deuteranopia"] @ linear(c) for c in ("#C0392B", "#7A7A22")]
    assert np.linalg.norm(lab(lost[0]) - lab(lost[1])) < APART


@pytest.mark.parametrize("seen", MACHADO)
@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_signals_stay_apart(colours: Palette, seen: str) -> None:
    signals = {"better": colours.better, "worse": colours.worse, "unclear": colours.unclear}
    for (one, a), (other, b) in itertools.combinations(signals.items(), 2):
        difference = np.linalg.norm(lab(MACHADO[seen] @ linear(a)) - lab(MACHADO[seen] @ linear(b)))
        assert difference >= APART, f"{one} and {other} look alike with {seen}: {difference:.1f}"


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_text_and_marks_are_legible(colours: Palette) -> None:
    for name in ("text", "muted"):
        assert contrast(getattr(colours, name), colours.background) >= 4.5, name
    for name in ("better", "worse", "unclear", "accent", "edge"):
        assert contrast(getattr(colours, name), colours.background) >= 3.0, name


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_text_on_any_fill_is_legible(colours: Palette) -> None:
    for one, other in itertools.combinations(
        (colours.grid, colours.quiet, colours.worse, colours.better, colours.accent, colours.background), 2
    ):
        for share in (0.0, 0.2, 0.35, 0.5, 0.65, 0.8, 1.0):
            fill = mixed(one, other, share)
            assert contrast(colours.ink(fill), fill) >= 4.5, fill


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_only_better_and_worse_have_a_signal_colour(colours: Palette) -> None:
    assert {v for v in Verdict if colours.verdict(v) in (colours.better, colours.worse)} == {
        Verdict.BETTER,
        Verdict.WORSE,
    }


@pytest.mark.parametrize(("theme", "colours"), [("light", LIGHT), ("dark", DARK)])
def test_the_theme_of_the_app_uses_the_same_colours(theme: str, colours: Palette) -> None:
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["theme"][theme]
    assert settings["backgroundColor"].upper() == colours.background
    assert settings["textColor"].upper() == colours.text
    assert settings["blueColor"].upper() == colours.better
    assert settings["orangeColor"].upper() == colours.worse
    for name in ("blue", "orange", "gray"):
        pair = contrast(settings[f"{name}TextColor"], settings[f"{name}BackgroundColor"])
        assert pair >= 4.5, f"{name} text on its own pill: {pair:.2f}"
