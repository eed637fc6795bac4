"""Outside figures, with source, year and population. They are shown and never colour a number."""

from __future__ import annotations

from kpi.model import Benchmark

_SQM = "SQM Group, more than 500 North American call centres, survey after the call"

FCR = (
    Benchmark("retail 78 %, insurance 76 %, health insurance 72 %, energy 72 %", _SQM, "quoted as 2022"),
    Benchmark("financial services 71 %, tech support 65 %, telco 61 %", _SQM, "quoted as 2022"),
)
CSAT = (
    Benchmark(
        "top box: retail 81 %, insurance 80 %, health insurance 80 %, energy 76 %", _SQM, "quoted as 2022"
    ),
    Benchmark("top box: financial services 75 %, tech support 75 %, telco 68 %", _SQM, "quoted as 2022"),
    Benchmark("chat 83.5 %", "LiveChat report, 21,000 companies", "2018"),
)
NPS = (
    Benchmark(
        "US consumers: grocery 30, streaming 29, retail 29, car rental 8, TV and internet 9, payments −6",
        "Qualtrics XM Institute",
        "2024",
    ),
)
ABANDONMENT = (Benchmark("9.1 % of calls (UK)", "ContactBabel / CCMA", "2023"),)
SPEED_OF_ANSWER = (Benchmark("120 s (UK)", "ContactBabel / CCMA", "2023"),)
RESPONSE_RATE = (Benchmark("21 % of surveys sent are answered", "Intercom", "about 2025"),)
COVERAGE = (Benchmark("8 % of conversations have an answered survey", "Intercom", "about 2025"),)
