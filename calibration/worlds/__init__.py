"""Processes whose truth is known: series of days, tickets of agents and days, durations, shares."""
