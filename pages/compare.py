"""Two periods or two segments, all metrics: what differs, how sure is it, what could have been seen?"""

from kpi import words
from ui import comparing, findings, page

view = page.open("compare")
asked = comparing.choose(view)
claims = comparing.claims(view, asked)

page.title(words.title(claims), *comparing.about(view, asked))
findings.headline(claims)
comparing.picture(claims)
comparing.table(claims)
findings.what_is_not_here(view)
