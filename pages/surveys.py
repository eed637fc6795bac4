"""Who answers our surveys, and what does that do to the numbers?"""

from ui import page, surveys

view = page.open("surveys")
surveys.show(view, surveys.choose(view))
