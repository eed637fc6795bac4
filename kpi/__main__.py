"""``python -m kpi``: the command line of :mod:`kpi.cli`."""

from kpi.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
