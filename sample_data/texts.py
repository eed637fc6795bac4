"""Words customers write: subjects by issue, comments by issue and outcome, in English and German."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sample_data.clock import Ints

Words = NDArray[np.object_]

SUBJECTS: tuple[tuple[str, ...], ...] = (
    (
        "Where is my parcel?",
        "Order {n} still not here",
        "Delivery is a week late",
        "Tracking has not moved",
        "Parcel {n} delayed again",
        "Wo bleibt mein Paket?",
        "Lieferung {n} verspätet",
    ),
    (
        "When do I get my refund?",
        "Refund for order {n}",
        "Return sent, no money yet",
        "Only part was refunded",
        "Refund status please",
        "Wann kommt die Erstattung?",
        "Erstattung {n} fehlt",
    ),
    (
        "Item arrived broken",
        "Order {n} damaged",
        "Box crushed, lamp broken",
        "Scratched on arrival",
        "Missing part in order {n}",
        "Artikel defekt angekommen",
        "Bestellung {n} beschädigt",
    ),
    (
        "Payment failed",
        "Card declined at checkout",
        "Charged but no order",
        "Payment error {n}",
        "Cannot pay with my card",
        "Zahlung fehlgeschlagen",
        "Karte wird abgelehnt",
    ),
    (
        "Cannot log in",
        "Password reset mail missing",
        "Account locked",
        "Code never arrives",
        "Login loop in the app",
        "Anmeldung geht nicht",
        "Konto gesperrt",
    ),
    (
        "Change my address",
        "New e-mail for my account",
        "Close my account",
        "Wrong name on account",
        "Update phone number",
        "Adresse ändern",
        "Konto löschen",
    ),
    (
        "Seller refuses my return",
        "Dispute about order {n}",
        "Seller does not answer",
        "Item not as described",
        "Seller denies the damage",
        "Streit mit Verkäufer",
        "Verkäufer antwortet nicht",
    ),
    (
        "Does it fit my model?",
        "Question about item {n}",
        "Is this in stock?",
        "Which size should I take?",
        "Warranty for item {n}?",
        "Frage zum Artikel {n}",
        "Welche Größe passt?",
    ),
)
ENGLISH_SUBJECTS = 5

HAPPY = (
    "Quick and friendly",
    "Solved at once, thanks",
    "Very helpful",
    "Great service",
    "All good now",
    "Polite and clear",
)
HAPPY_GERMAN = ("Schnell und freundlich", "Danke, alles gelöst", "Sehr hilfreich")
UNHAPPY: tuple[tuple[str, ...], ...] = (
    ("Parcel still not here", "Third time I ask about delivery", "Nobody knows where it is"),
    ("Still no refund", "Refund takes far too long", "Different answers about the refund"),
    ("Had to send photos twice", "Replacement was broken too", "No pick-up of the broken item"),
    ("Payment still fails", "Charged twice and no help", "Told to try another card"),
    ("Still locked out", "Reset link never came", "Code does not work"),
    ("Address is still wrong", "Had to repeat everything", "Too many steps for a small change"),
    ("Nobody decides the dispute", "You only side with the seller", "Weeks without a decision"),
    ("Did not answer my question", "Copied the product page", "Answer was wrong"),
)
UNHAPPY_GERMAN = ("Problem nicht gelöst", "Viel zu langsam", "Keine klare Antwort")
AFTER_THE_STEP = (
    "Chat kept asking the same things",
    "Scripted answers in the chat",
    "Had to explain it all again in chat",
)
"""Said by unhappy chat customers from the day of the satisfaction step on."""


def subjects(rng: np.random.Generator, issue: Ints, german: NDArray[np.bool_]) -> Words:
    """A subject per ticket in the customer's language."""
    count = len(SUBJECTS[0])
    place = np.where(
        german,
        rng.integers(ENGLISH_SUBJECTS, count, len(issue)),
        rng.integers(0, ENGLISH_SUBJECTS, len(issue)),
    )
    table = np.array(SUBJECTS, dtype=object)
    words = table[issue, place]
    numbers = rng.integers(10_000, 99_999, len(issue))
    numbered = np.flatnonzero(np.char.find(words.astype(str), "{n}") >= 0)
    words[numbered] = [words[row].replace("{n}", str(numbers[row])) for row in numbered]
    return np.asarray(words)


def comments(
    rng: np.random.Generator,
    issue: Ints,
    happy: NDArray[np.bool_],
    german: NDArray[np.bool_],
    after_step: NDArray[np.bool_],
) -> Words:
    """A comment per answer that fits issue and outcome."""
    size = len(issue)
    words = np.array(UNHAPPY, dtype=object)[issue, rng.integers(0, 3, size)]
    words = np.where(german, _any(rng, UNHAPPY_GERMAN, size), words)
    scripted = after_step & (rng.random(size) < 0.5)
    words = np.where(scripted, _any(rng, AFTER_THE_STEP, size), words)
    pleased = np.where(german, _any(rng, HAPPY_GERMAN, size), _any(rng, HAPPY, size))
    return np.asarray(np.where(happy, pleased, words))


def _any(rng: np.random.Generator, pool: tuple[str, ...], size: int) -> Words:
    return np.asarray(np.array(pool, dtype=object)[rng.integers(0, len(pool), size)])
