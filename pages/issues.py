"""What do customers contact us about, and what is new?"""

from ui import issues, page

view = page.open("issues")
asked = issues.choose(view)

page.title(issues.finding(asked), *issues.about(view, asked))
issues.emerging(asked)
issues.pareto(view, asked)
issues.one(view, asked)
issues.channels(view, asked)
issues.recurring(view, asked)
issues.rules(view, asked)
issues.method(asked)
