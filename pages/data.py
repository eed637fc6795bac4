"""From an export to a data set: upload, what was understood, what is asked, what was left out, downloads."""

from ui import account, datasets, page, uploads, watching

view = page.open("data")

page.title(datasets.finding(view), account.totals(view.imported.files))
uploads.receive()
watching.section(view)
datasets.questions_of(view)
account.show(view.imported, view.key)
datasets.downloads_of(view)
datasets.listing(view)
