"""Who comes back, who leaves, who is at risk?"""

from ui import customers, page

view = page.open("customers")
customers.show(view, customers.choose(view))
