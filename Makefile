# The two commands: `make run` and `make test`. Both need Python 3.11 or newer, pip, make and git, and bring the rest.
.DEFAULT_GOAL := help
.PHONY: help run test bench lint format types lock texts api-schema setup stop clean

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin

help: ## Say what there is
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /\1|/' | while IFS='|' read name text; do printf '  make %-11s %s\n' "$$name" "$$text"; done

setup: ## Install everything into .venv; does nothing when nothing changed
	@test -n "$(PYTHON)" || { echo "Kontor needs Python 3.11 or newer; none was found. Say: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) tools/setup.py

run: setup ## Start Kontor: database, demo data, web and worker. Ctrl-C stops it all
	@exec $(BIN)/kontor up

test: setup ## Everything a change must pass: lint, types, floors, house rules, all tests, browser journeys
	@$(BIN)/python -m tools.gate

bench: setup ## Drive the running product over HTTP and print a table of figures
	@$(BIN)/python -m bench

lint: setup ## Style and house rules only, in seconds
	@$(BIN)/python -m tools.gate lint

format: setup ## Put all Python files into the one format
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix-only --quiet .

types: setup ## Check the types only
	@$(BIN)/mypy

lock: setup ## Choose the newest allowed versions again and write requirements.lock
	@$(BIN)/uv pip compile pyproject.toml --quiet --upgrade --generate-hashes --no-header --universal \
		--python-version 3.11 --all-extras --output-file requirements.lock
	@! grep -nE '://|index-url|find-links' requirements.lock || { echo "requirements.lock must not name a host."; exit 1; }

texts: setup ## Bring new texts into the catalogs of languages, and take unused ones out
	@$(BIN)/python -m tools.texts

api-schema: setup ## Write the frozen OpenAPI document and docs/reference/api.md anew, when the API was changed on purpose
	@$(BIN)/python -m tools.api_reference

stop: ## Stop the databases that run and tests leave running
	@test ! -x $(BIN)/kontor || $(BIN)/kontor stop

clean: stop ## Remove what was built or cached. Your data in var/ stay
	@rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find kontor tests tools bench -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true
