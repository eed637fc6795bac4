"""Who works at the SayPro help desk, what customers write about, and what is planted into the story.

Shares are 0-1, durations are open minutes (minutes while the desk is open) unless a name says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

ZONE = "Europe/Berlin"
FIRST_DAY = date(2025, 4, 1)
LAST_DAY = date(2026, 9, 30)
EXPORT_HOUR = 8
"""The export was taken at this hour, local time, on the day after the last one."""

CHANNELS = ("chat", "mail", "phone", "social")
LIVE = (True, False, True, False)
"""Live channels only exist while the desk is open."""
TEAMS = ("Live chat", "E-mail", "Phone", "Social media")
"""The team of a channel stands at the same place."""


@dataclass(frozen=True)
class Issue:
    """One contact reason: how common, where it comes in, how hard it is."""

    name: str
    share: float
    channels: tuple[float, float, float, float]
    satisfied: float
    repeat: float
    """Chance that the same customer writes again about it within a week of the solution."""
    slow: float
    """Factor on the resolution time."""
    effort_minutes: float
    escalated: float
    kind: str


_USUAL = (0.53, 0.19, 0.18, 0.10)
ISSUES: tuple[Issue, ...] = (
    Issue("Delivery late", 0.235, _USUAL, 0.835, 0.11, 0.9, 8, 0.03, "Problem"),
    Issue("Refund status", 0.175, _USUAL, 0.835, 0.12, 1.2, 10, 0.04, "Question"),
    Issue("Damaged item", 0.130, _USUAL, 0.84, 0.11, 1.3, 13, 0.06, "Problem"),
    Issue("Payment failed", 0.075, _USUAL, 0.835, 0.12, 0.8, 9, 0.05, "Incident"),
    Issue("Login problem", 0.120, _USUAL, 0.845, 0.10, 0.5, 6, 0.02, "Incident"),
    Issue("Account change", 0.105, _USUAL, 0.85, 0.09, 0.7, 7, 0.02, "Task"),
    Issue("Seller dispute", 0.040, (0.05, 0.90, 0.03, 0.02), 0.58, 0.53, 6.0, 35, 0.22, "Problem"),
    Issue("Product question", 0.120, _USUAL, 0.855, 0.09, 0.6, 6, 0.01, "Question"),
)
NAMES = tuple(issue.name for issue in ISSUES)
PAYMENT = NAMES.index("Payment failed")
DISPUTE = NAMES.index("Seller dispute")
LOGIN = NAMES.index("Login problem")
CHAT, MAIL, PHONE, SOCIAL = range(4)

REPLY_MEDIAN = (3.0, 150.0, 0.0, 40.0)
"""Median of the first reply by channel; on the phone the first reply is the answer to the call."""
REPLY_SPREAD = (0.8, 0.9, 0.0, 0.9)
SOLVE_MEDIAN = (22.0, 420.0, 14.0, 160.0)
SOLVE_SPREAD = (1.0, 1.0, 0.9, 1.0)
LONG_SHARE = (0.12, 0.0, 0.15, 0.0)
"""Share of live contacts that need work after the conversation; these take ``LONG_FACTOR`` times as long."""
LONG_FACTOR = 14.0

PRIORITIES = ("Low", "Normal", "High", "Urgent")
PRIORITY_SHARE = (0.14, 0.61, 0.20, 0.05)
PRIORITY_SPEED = (1.25, 1.0, 0.8, 0.6)
PRODUCTS = ("Electronics", "Fashion", "Home and garden", "Books and media", "Gift cards")
PRODUCT_SHARE = (0.30, 0.27, 0.22, 0.13, 0.08)

REOPENED = 0.06
"""The same for every issue and channel, and for the whole time."""
MERGED, DELETED, SUSPENDED, FORGOTTEN = 0.005, 0.002, 0.003, 0.004


@dataclass(frozen=True)
class Agent:
    """One person of the desk; ``from_day`` and ``to_day`` bound the time on the roster."""

    name: str
    team: int
    from_day: date = FIRST_DAY
    to_day: date = LAST_DAY
    only_hard: bool = False


AGENTS: tuple[Agent, ...] = (
    Agent("Amara Obi", 0),
    Agent("Jonas Weber", 0),
    Agent("Lucía Ferrer", 0),
    Agent("Pavel Novák", 0),
    Agent("Thandi Mokoena", 0),
    Agent("Sofie Lindqvist", 0),
    Agent("Rui Almeida", 0),
    Agent("Hanna Vogt", 0, to_day=date(2026, 2, 28)),
    Agent("Kofi Mensah", 0, from_day=date(2026, 1, 12)),
    Agent("Ines Duarte", 1, only_hard=True),
    Agent("Marta Kowal", 1),
    Agent("Emil Sørensen", 1),
    Agent("Zanele Dlamini", 1),
    Agent("Giulia Conti", 1),
    Agent("Oskar Brandt", 1),
    Agent("Noor Haddad", 1),
    Agent("Tomás Rivera", 2),
    Agent("Petra Schulz", 2),
    Agent("Lerato Khumalo", 2),
    Agent("Yannick Dubois", 2),
    Agent("Aino Virtanen", 2, from_day=date(2026, 1, 5)),
    Agent("Mira Jansen", 3),
    Agent("Deniz Arslan", 3),
    Agent("Clara Hoffmann", 3),
)
HARD_AGENT = next(index for index, agent in enumerate(AGENTS) if agent.only_hard)


@dataclass(frozen=True)
class Plan:
    """The planted truths with their dates and sizes."""

    csat_from: date = date(2026, 6, 15)
    csat_points: float = -0.095

    rising_from: date = date(2026, 8, 3)
    rising_until: date = date(2026, 8, 9)
    rising_factor: float = 4.0
    """Payment failures grow day by day between these days to so many times their number, and stay there."""

    mix_from: date = date(2026, 7, 1)
    mix_factor: float = 5.2
    """The weight of seller disputes among new contacts."""
    mix_faster: float = 0.86
    """Resolution time of every issue is multiplied by this from ``mix_from`` on."""

    hard_weight: float = 3.0
    """How much more often than a colleague the hard-case agent is given a seller dispute."""

    lasting_from: date = date(2026, 2, 16)
    lasting_share: float = 0.55
    """What is left of first contacts about login problems from ``lasting_from`` on."""
    lasting_tag: str = "macro_login_link"
    lasting_tagged: float = 0.7

    lunch_hour: int = 12
    """From this hour to the next, Monday to Friday, half of the live desk is away."""
    lunch_factor: float = 2.5
    """First replies in chat and waits on the phone in the lunch hour are multiplied by this."""

    exact_copies: int = 60
    changed_copies: int = 20
    copies_after: date = date(2026, 3, 10)
    """The copies stand where the first ticket created after this local day would stand."""

    zone_from: date = date(2025, 10, 1)
    zone_until: date = date(2025, 10, 7)


PLAN = Plan()
