"""Words of sentiment as flags."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from kpi.facts.columns import Canonical, flags

POSITIVE = frozenset(
    {"positive", "very positive", "pos", "positiv", "sehr positiv", "positivo", "positif", "happy"}
)
NEGATIVE = frozenset(
    {
        "negative",
        "very negative",
        "neg",
        "negativ",
        "sehr negativ",
        "negativo",
        "négatif",
        "angry",
        "frustrated",
    }
)
NEUTRAL = frozenset({"neutral", "mixed", "neutro", "neutre"})


def sentiment_columns(canonical: Canonical, columns: dict[str, NDArray[Any]], absent: dict[str, str]) -> None:
    """Adds ``sentiment_known``, ``sentiment_positive``, ``_neutral`` and ``_negative``, or says why not."""
    words = canonical.text("sentiment")
    kinds = {
        name: words.among(*vocabulary)
        for name, vocabulary in (("positive", POSITIVE), ("neutral", NEUTRAL), ("negative", NEGATIVE))
    }
    known = kinds["positive"] | kinds["neutral"] | kinds["negative"]
    if not known.any():
        why = "no column holds a sentiment"
        absent |= dict.fromkeys(("sentiment_known", *(f"sentiment_{kind}" for kind in kinds)), why)
        return
    columns["sentiment_known"] = flags(known)
    for name, mask in kinds.items():
        columns[f"sentiment_{name}"] = flags(mask)
