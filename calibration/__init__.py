"""Does the evidence keep its word? Seeded worlds in which the truth is known, judged many times.

Every row of the calibration is one claim ("a trend is called in a series without one") in one world, judged
by the methods that are usual elsewhere and by those of :mod:`kpi.stats` and :mod:`kpi.measures`, with the
Monte-Carlo error of each number and the band that is allowed. Rows are records (:mod:`calibration.rows`); a
new row is one more record. ``python -m calibration`` runs them, the tests run fewer rounds of each.
"""
