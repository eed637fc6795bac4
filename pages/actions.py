"""What did we do, and did it help? The plan, a verdict on each action, what customers are told."""

from ui import action_form, actions, page

view = page.open("actions")
reviews = actions.found(view)

actions.page_title(view, reviews)
actions.plan(view, reviews)
actions.closer(view, actions.choose(reviews))
action_form.edit(view)
actions.told(view, reviews)
