"""Which rows are behind this number, and which of them count?"""

from ui import drill, page

view = page.open("tickets")
asked = drill.choose(view)
rows = drill.rows(view, asked)

page.title(drill.finding(asked, rows), *drill.about(view, asked))
drill.show(view, asked, rows)
