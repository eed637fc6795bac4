"""What did we do, and did it help? The plan, a verdict on each action, what customers are told."""

from ui import action_form, actions, page

view = page.open("actions")
reviews = actions.found(view)
begun = action_form.begun()

actions.page_title(view, reviews)
if begun:
    action_form.edit(view)
actions.plan(view, reviews)
actions.closer(view, actions.choose(reviews))
if not begun:
    action_form.edit(view)
actions.told(view, reviews)
