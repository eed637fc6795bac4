"""Word lists kept as text: one source line holds many words."""

from __future__ import annotations


def listed(words: str, sign: str | None = None) -> list[str]:
    """The words of a list, parted by blanks or by a sign.

    >>> listed("jan feb"), listed("on hold|blocked", "|")
    (['jan', 'feb'], ['on hold', 'blocked'])
    """
    return words.split(sign)
