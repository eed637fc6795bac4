"""What happened to one metric over time: is it drifting, when did it change, where is it heading?"""

from kpi import words
from ui import page, trends

view = page.open("trends")
asked = trends.choose(view)
trend = trends.found(view, asked)

page.title(words.trend_title(trend), *trends.about(view, trend))
trends.findings(trend)
trends.picture(trend)
trends.rows_of_a_point(view, trend)
trends.beside(view, trend)
trends.changes(trend)
trends.known_events(trend)
trends.method(trend)
