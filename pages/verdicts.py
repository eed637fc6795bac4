"""When do we say better? What every verdict needs, worked examples, and how often we would call a change."""

from ui import page, verdict_simulator

view = page.open("verdicts")
verdict_simulator.rules(view)
verdict_simulator.simulator(view)
verdict_simulator.examples(view)
