"""Where does the time go?"""

from ui import bottlenecks, page

view = page.open("bottlenecks")
asked = bottlenecks.choose(view)

page.title(bottlenecks.finding(asked), *bottlenecks.about(view, asked))
bottlenecks.findings(view, asked)
bottlenecks.where_it_goes(view, asked)
bottlenecks.stage_waits(view, asked)
bottlenecks.hours(view, asked)
bottlenecks.backlog(view, asked)
bottlenecks.loops(view, asked)
bottlenecks.satisfaction(view, asked)
