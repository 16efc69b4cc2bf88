# Two commands do everything on a fresh machine: `make run` and `make test`. Both make their own .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: run test check docs bench chaos soak fuzz clean

run: $(READY)
	@$(BIN)/python flows/xero_refresh.tour.py

test: $(READY)
	$(BIN)/python -m pytest tests/conformance tests -m "not soak" -n auto --maxprocesses 4 --dist worksteal

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m docs.generate --check

docs: $(READY)
	$(BIN)/python -m docs.generate

bench: $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group bench
	$(BIN)/python -m tests.benchmarks

fuzz: $(READY)
	$(BIN)/python -m tests.fuzz

chaos: $(READY)
	$(BIN)/flowrun chaos flows/hello.yaml
	$(BIN)/flowrun chaos flows/xero_refresh.yaml
	$(BIN)/flowrun chaos flows/xero_token_service.yaml

soak: $(READY)
	$(BIN)/python -m pytest -m soak --timeout 3600

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .import_linter_cache .hypothesis

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . --group dev
	@touch $@
