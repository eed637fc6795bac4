"""Are we keeping our promises? Targets and limits: met, missed, by how much, and what runs out next."""

from ui import page, targets, targets_form, targets_watch

view = page.open("targets")
kept = targets.found(view)

targets.page_title(view, kept)
targets_form.messages()
targets.promises(view, kept)
targets.curve(view, kept)
targets_watch.waiting(view)
targets_watch.exceptions(view)
targets.targets(view, kept)
targets_form.edit(view)
targets.method(kept)
