# One command per need. `make` alone prints this list.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Every recipe that needs Python goes through a stamp: it is older than the requirements, or missing -> set up again.
BASE := $(VENV)/.base-installed
TOOLS := $(VENV)/.tools-installed
UV := $(BIN)/uv
ARGS ?=
# Trust what the system trusts: many networks have a certificate authority of their own.
export UV_SYSTEM_CERTS = 1

.DEFAULT_GOAL := help
.PHONY: help demo test setup check soak bench docs clean

help: ## print this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

demo: $(BASE) ## simulated Twitch, live pipeline and page; ARGS="--for 60" and the like go to `chatpulse demo`
	$(BIN)/chatpulse demo $(ARGS)

test: $(TOOLS) ## all tests but soak and gpu; ARGS go to pytest
	$(BIN)/pytest -m "not soak and not gpu" $(ARGS)

setup: $(BASE) ## the base install in .venv

check: $(TOOLS) ## format, lint, types, import contracts, generated pages, default tests: the gate before a commit
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/generate.py --check
	$(BIN)/pytest -q -m "not slow and not services and not browser and not soak and not gpu" $(ARGS)

soak: $(TOOLS) ## the tests that run for more than two minutes
	$(BIN)/pytest -m soak $(ARGS)

bench: $(TOOLS) ## all benchmarks, or one: make bench Q=irc_parse
	$(BIN)/python benchmarks/run.py $(Q) $(ARGS)

docs: $(TOOLS) ## write the generated pages anew
	$(BIN)/python docs/generate.py

clean: ## remove the environment and every cache
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache build dist

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "chatpulse needs Python 3.11 or newer, found $$($(PYTHON) --version 2>&1): make PYTHON=/path/to/python3.11 ..." >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv

$(BASE): pyproject.toml constraints.txt | $(UV)
	$(UV) pip install --quiet --python $(BIN)/python --constraint constraints.txt --editable .
	@touch $@

$(TOOLS): $(BASE)
	$(UV) pip install --quiet --python $(BIN)/python --constraint constraints.txt --editable . --group dev
	@touch $@
