"""What changed since the period before, is it real, and what needs attention first?"""

from kpi import words
from ui import cards, closer, findings, page, store

view = page.open("summary")
page.stop_when_refused(view)
claims = store.claims(view)

page.title(words.title(claims), *page.about(view))
findings.headline(claims)
cards.show(cards.headline(claims), store.histories(view))
findings.what_is_not_here(view)
closer.show(view, claims)
