"""The pages of the app: names, titles, questions, and the way to each."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

ROOT = Path(__file__).resolve().parent.parent
PAGES = {
    "summary": ("Summary", ":material/dashboard:", "What changed, is it real, what needs attention?"),
    "metrics": ("Metrics", ":material/list_alt:", "Every KPI with its evidence"),
    "trends": ("Trends", ":material/show_chart:", "One metric over time: drift, steps, events, outlook"),
    "issues": (
        "Issues",
        ":material/report:",
        "What do customers contact us about, and what is new?",
    ),
    "bottlenecks": ("Bottlenecks", ":material/hourglass_top:", "Where does the time go?"),
    "agents": (
        "Agents",
        ":material/groups:",
        "Where does who handles it make a difference, and where is it luck or the cases?",
    ),
    "improvements": ("Areas for improvement", ":material/trending_up:", "Where would improving pay most?"),
    "customers": (
        "Customers",
        ":material/person_search:",
        "Who comes back, who leaves, who is at risk?",
    ),
    "resolutions": ("Resolutions", ":material/verified:", "What went well, and what can we repeat?"),
    "compare": ("Compare", ":material/compare_arrows:", "Two periods or two segments side by side"),
    "surveys": ("Surveys", ":material/campaign:", "Who answers our surveys?"),
    "targets": ("Targets", ":material/track_changes:", "Are we keeping our promises?"),
    "goals": ("Goals", ":material/flag:", "Will we get there? Pace, chance, smallest change to be seen"),
    "actions": ("Actions", ":material/task_alt:", "What did we do, and did it help?"),
    "data": ("Data", ":material/upload_file:", "Upload, what was understood, downloads"),
    "definitions": ("Definitions", ":material/rule:", "How each number is computed; targets and calendar"),
    "verdicts": ("Verdicts", ":material/balance:", "When do we say better? Rules, examples, a simulator"),
    "tickets": ("Tickets", ":material/confirmation_number:", "The rows behind a number"),
}

ALWAYS = ("summary", "metrics", "trends", "compare", "data")
"""Pages that are one click away; the rest stand in menus."""
MENUS = {
    "Deep dive": ("issues", "bottlenecks", "improvements", "agents", "resolutions", "customers", "surveys"),
    "Plan": ("targets", "goals", "actions"),
    "Rules": ("definitions", "verdicts"),
}
HIDDEN = ("tickets",)


def sections() -> dict[str, list[st.Page]]:
    """The pages by menu, in order; those without a menu first."""
    menus = {"": (*ALWAYS, *HIDDEN)} | MENUS
    found = {title: [page_named(name) for name in names if name in PAGES] for title, names in menus.items()}
    return {title: pages for title, pages in found.items() if pages}


def page_named(name: str) -> st.Page:
    """The page of a file in ``pages/``, for navigation and links."""
    title, icon, question = PAGES[name]
    return st.Page(
        ROOT / "pages" / f"{name}.py",
        title=title,
        icon=icon,
        url_path=None if name == "summary" else name,
        default=name == "summary",
        visibility="hidden" if name in HIDDEN else "visible",
        help=question,
    )
