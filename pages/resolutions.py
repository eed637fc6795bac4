"""What went well, and what can we repeat?"""

from ui import page, resolutions
from ui.resolutions_praise import praise
from ui.resolutions_rows import behind

view = page.open("resolutions")
asked = resolutions.choose(view)

page.title(resolutions.finding(asked), *resolutions.about(view, asked))
resolutions.lasted(view, asked)
resolutions.good(view, asked)
resolutions.shares(view, asked)
resolutions.escalated(view, asked)
praise(view, asked)
behind(view, asked)
resolutions.method(asked)
