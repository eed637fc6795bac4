"""The one palette: blue better, orange worse, grey nothing certain. Never red against green.

Two sets of tokens, for light and dark pages. ``tests/charts/test_palette.py`` measures that the signals stay
apart for protanopia, deuteranopia and tritanopia (Machado et al. 2009) and that text is legible.
"""

from __future__ import annotations

from dataclasses import dataclass

from kpi.model import Verdict

LEGIBLE = 4.5
"""Contrast of text that everybody can read (WCAG 2.2, 1.4.3)."""


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, from 1 to 21 (WCAG 2.2, relative luminance).

    >>> round(contrast("#FFFFFF", "#000000"), 1)
    21.0
    """
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def mixed(one: str, other: str, share: float) -> str:
    """A colour between two: all of the first at 1, all of the other at 0.

    >>> mixed("#000000", "#FFFFFF", 0.5)
    '#808080'
    """
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share) + 1e-9):02X}" for a, b in pairs)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    parts = [channel / 255 for channel in _channels(colour)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@dataclass(frozen=True)
class Palette:
    """Colours of one theme, as ``#rrggbb``."""

    background: str
    text: str
    muted: str
    grid: str
    better: str
    worse: str
    unclear: str
    quiet: str
    """Bars and bands that carry no verdict."""
    edge: str
    """Around bars of ``quiet``, which alone would be too faint to be seen by everybody."""
    accent: str
    """The single series of a chart."""

    def ink(self, fill: str) -> str:
        """Colour of text on a fill: that of the page where it can be read (4.5:1), else black or white.

        >>> LIGHT.ink("#E4E9EE"), LIGHT.ink("#C2410C"), LIGHT.ink("#D9825E")
        ('#111827', '#FFFFFF', '#111827')
        """
        own = max((self.text, self.background), key=lambda colour: contrast(colour, fill))
        if contrast(own, fill) >= LEGIBLE:
            return own
        return max(("#000000", "#FFFFFF"), key=lambda colour: contrast(colour, fill))

    def verdict(self, verdict: Verdict) -> str:
        """Colour of a verdict; only better and worse have one of their own.

        >>> LIGHT.verdict(Verdict.UNCLEAR) == LIGHT.verdict(Verdict.TOO_FEW) == LIGHT.unclear
        True
        """
        return {Verdict.BETTER: self.better, Verdict.WORSE: self.worse, Verdict.CHANGED: self.text}.get(
            verdict, self.unclear
        )


LIGHT = Palette(
    background="#FFFFFF",
    text="#111827",
    muted="#52606D",
    grid="#E4E9EE",
    better="#0B63B5",
    worse="#C2410C",
    unclear="#87929E",
    quiet="#C9D5E1",
    edge="#87929E",
    accent="#2F5D8C",
)
DARK = Palette(
    background="#12171D",
    text="#E6EBF0",
    muted="#A9B5C2",
    grid="#2A333D",
    better="#6FB1EC",
    worse="#F08A5D",
    unclear="#93A1B0",
    quiet="#35424F",
    edge="#6B7887",
    accent="#8DBBE5",
)


def palette(theme: str | None) -> Palette:
    """Tokens of a theme ("light" or "dark"); light when it is not known.

    >>> palette(None).background
    '#FFFFFF'
    """
    return DARK if theme == "dark" else LIGHT
