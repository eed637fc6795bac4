"""Every KPI with its evidence: now, before, last year, target, benchmark, interval, n."""

from kpi import words
from ui import closer, findings, metric_table, page, store, surveys

view = page.open("metrics")
page.stop_when_refused(view)
claims = store.claims(view)

page.title(words.overview(claims), *page.about(view))
surveys.warn(view, store.comparisons(view))
metric_table.show(view, store.comparisons(view))
closer.nps_of(claims)
metric_table.benchmarks(store.comparisons(view))
findings.what_is_not_here(view)
