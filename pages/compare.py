"""Two periods or two segments, all metrics: what differs, how sure is it, and why did it move?"""

from kpi import words
from ui import comparing, findings, page, why

view = page.open("compare")
asked = comparing.choose(view)

if asked.why:
    why.show(view, why.choose(view))
else:
    claims = comparing.claims(view, asked)
    page.title(words.title(claims), *comparing.about(view, asked))
    findings.headline(claims)
    comparing.picture(claims)
    comparing.table(claims, view, asked)

findings.what_is_not_here(view)
