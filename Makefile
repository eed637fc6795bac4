# Two commands: `make run` starts the app on its sample data, `make test` passes all tests.
# Each sets up everything it needs (a virtual environment in .venv; for the tests also Chromium and PostgreSQL).

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# Pages that keep what people write; their tests run on SQLite like all, and once more on PostgreSQL.
KEEPING := $(foreach page,actions goals targets,tests/app/test_$(page).py)

.PHONY: run test test-full lint types unit bench calibrate sample clean

run: $(VENV)/.ready
	$(BIN)/python scripts/run_app.py

# The types are checked beside the tests, which do not wait for them.
test: lint
	$(MAKE) -j 2 types unit

lint: $(VENV)/.ready-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.ready-test
	$(BIN)/mypy

unit: $(VENV)/.ready-test
	PYTHON="$(BIN)/python" sh scripts/ensure_browser.sh
	sh scripts/ensure_postgresql.sh
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not full"
	KPI_TEST_DATABASE=postgresql $(BIN)/python -m pytest -n 2 --dist loadfile -m "not full" $(KEEPING)

test-full: $(VENV)/.ready-test
	PYTHON="$(BIN)/python" sh scripts/ensure_browser.sh
	sh scripts/ensure_postgresql.sh
	$(BIN)/python -m pytest -n 2 --dist loadfile
	KPI_TEST_DATABASE=postgresql $(BIN)/python -m pytest -n 2 --dist loadfile tests/app

bench: $(VENV)/.ready-test
	$(BIN)/python -m benchmarks

calibrate: $(VENV)/.ready-test
	$(BIN)/python -m calibration --write

sample: $(VENV)/.ready
	$(BIN)/python -m sample_data.generate --out sample_data/files

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; '$(PYTHON)' is older. Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Could not make a virtual environment. On Debian or Ubuntu: apt install python3-venv"; exit 1; }
	@touch $@

$(VENV)/.ready: requirements.txt | $(VENV)/.python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.ready-test: requirements.txt requirements-test.txt | $(VENV)/.python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-test.txt
	@touch $@ $(VENV)/.ready

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .hypothesis build *.egg-info
