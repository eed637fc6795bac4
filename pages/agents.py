"""Where does who handles it make a difference, and where is it luck or the cases?"""

from ui import agents, page

view = page.open("agents")
agents.show(view, agents.choose(view))
