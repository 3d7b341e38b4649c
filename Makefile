# One folder (.venv) holds all that is installed here; system packages are touched only by test-tools, and only as root.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help run demo set-up test test-fast test-fault check fix format-check lint types contracts bench bench-short soak test-tools lock clean

help: ## show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: set-up ## the wall with its own state server; the demonstration district when no feed is configured
	$(BIN)/python app.py

demo: run ## the same

set-up: $(VENV)/.installed assets/vendor/socket.io.min.js ## all that `make run` needs

$(VENV)/.installed: requirements.lock
	@sh deploy/venv.sh "$(PYTHON)" "$(VENV)"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

assets/vendor/socket.io.min.js: package.json package-lock.json $(VENV)/.installed
	@sh deploy/vendor.sh "$(BIN)"

test-tools: ## browser, fonts and MQTT broker for the tests (system packages)
	@sh deploy/test-tools.sh

test: set-up test-tools ## every test
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup -m "not fault and not browser and not soak"
	@# On a shared machine a browser may be late once: what failed is tried again, alone, and must pass then.
	$(BIN)/python -m pytest -m "browser or fault" || \
		$(BIN)/python -m pytest -m "browser or fault" --last-failed --last-failed-no-failures none
	PATH="$(CURDIR)/$(BIN):$$PATH" npm test --silent

test-fast: set-up ## tests that need neither browser nor broken processes
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup -m "not fault and not browser and not soak"

check: set-up format-check lint types contracts test ## everything that must be right before a change lands

format-check:
	$(BIN)/ruff format --check .
lint:
	$(BIN)/ruff check .
types:
	$(BIN)/mypy
contracts:
	$(BIN)/lint-imports

fix: set-up ## format and mend what can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: set-up test-tools ## measure DESIGN's figures with real processes and a real browser
	$(BIN)/python -m tests.bench

bench-short: set-up test-tools ## a few seconds of each measurement
	$(BIN)/python -m tests.bench --short

soak: set-up test-tools ## the wall page for an hour, then a day's turns of pages in another: heap, nodes, frames
	$(BIN)/python -m tests.bench --only soak --only rotation-day

lock: ## renew requirements.lock from pyproject.toml
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --group dev pyproject.toml -o requirements.lock

clean: ## remove what set-up made (not the data folder)
	rm -rf $(VENV) node_modules assets/vendor .mypy_cache .ruff_cache .pytest_cache
