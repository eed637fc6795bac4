"""Where would improving pay most?"""

from ui import improvements, page

view = page.open("improvements")
asked = improvements.choose(view)

page.title(improvements.finding(asked), *improvements.about(view, asked))
improvements.overview(asked)
improvements.picture(asked)
improvements.suggestions(view, asked)
improvements.closer(view, asked)
improvements.training(view, asked)
improvements.method(asked)
