"""The one palette: blue better, orange worse, grey nothing certain. Never red against green.

Two sets of tokens, for light and dark pages. ``tests/charts/test_palette.py`` measures that the signals stay
apart for protanopia, deuteranopia and tritanopia (Machado et al. 2009) and that text is legible.
"""

from __future__ import annotations

from dataclasses import dataclass

from kpi.model import Verdict


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
    accent: str
    """The single series of a chart."""

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
    accent="#8DBBE5",
)


def palette(theme: str | None) -> Palette:
    """Tokens of a theme ("light" or "dark"); light when it is not known.

    >>> palette(None).background
    '#FFFFFF'
    """
    return DARK if theme == "dark" else LIGHT
