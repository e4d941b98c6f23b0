# Everything runs from the checkout in its own .venv; `make help` lists the targets.
PYTHON ?= python3
PORT   ?=
ARGS   ?=

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

python := .venv/bin/python
# Hashes are demanded of every package, and pip keeps its own news to itself.
install := PIP_DISABLE_PIP_VERSION_CHECK=1 $(python) -m pip install -qq --require-hashes -r

.PHONY: help demo test check bench schema lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: .venv/.runtime ## start the gateway with example data (PORT=9000 for another port)
	@exec $(python) -m gateway demo $(if $(PORT),--port $(PORT))

test: .venv/.dev ## run the tests (ARGS="tests/billing -k proration" for some of them)
	@$(python) -m pytest $(ARGS)

check: .venv/.dev ## lint, types, layering, and schema.graphql up to date
	@echo "ruff";           $(python) -m ruff check --quiet .
	@echo "mypy";           $(python) -m mypy --no-error-summary
	@echo "lint-imports";   .venv/bin/lint-imports --no-logo
	@echo "schema.graphql"; $(python) -m gateway schema --check

bench: .venv/.dev ## measure, beside the peers (ARGS for the bench's own options)
	@$(python) -m bench $(ARGS)

schema: .venv/.runtime ## print the contract to schema.graphql
	@$(python) -m gateway schema --write

# The other locks are held to the first, so the tests and the image run what the gateway runs.
lock: .venv/.dev ## resolve the locks anew after a change of pyproject.toml (ARGS=--upgrade for newer versions)
	@$(resolve) -o requirements.lock
	@$(resolve) -o requirements-dev.lock -c requirements.lock --group dev --extra postgres --extra redis
	@$(resolve) -o requirements-image.lock -c requirements-dev.lock --extra postgres --extra redis

resolve = $(python) -m uv pip compile pyproject.toml -q --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" $(ARGS)

clean: ## remove .venv, caches and build output; databases stay
	@rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis build dist
	@find gateway schema resolvers tests bench -type d -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

# One stamp per lock: set-up runs again only when its lock is newer. The second waits for the first, so that
# `make -j` never has two pips in one environment.
.venv/.dev: requirements-dev.lock .venv/.runtime
	@echo "Installing what tests and checks need ..."
	@$(install) requirements-dev.lock
	@touch $@

.venv/.runtime: requirements.lock | $(python)
	@echo "Installing what the gateway needs ..."
	@$(install) requirements.lock
	@touch $@

$(python):
	@command -v "$(PYTHON)" >/dev/null || { \
		echo "No '$(PYTHON)' here. Name a Python 3.11 or newer: make PYTHON=/path/to/python3.11 ..." >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "'$(PYTHON)' is $$("$(PYTHON)" -V 2>&1), and 3.11 or newer is needed: make PYTHON=python3.11 ..." >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "'$(PYTHON)' cannot make virtual environments. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@echo "Making .venv with $$("$(PYTHON)" -V 2>&1) ..."
	@"$(PYTHON)" -m venv .venv || { rm -rf .venv; exit 1; }
