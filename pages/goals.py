"""Will we get there? Every goal with its pace, its chance, and what could be seen at all."""

from ui import goals, page

view = page.open("goals")
progress = goals.found(view)

goals.page_title(view, progress)
goals.overview(view, progress)
goals.closer(view, goals.choose(view, progress))
goals.edit(view)
