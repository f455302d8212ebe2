# The workflow, executable. `make setup` creates everything from nothing; every other target needs
# no more than that and sets up what is missing by itself.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
LOCK := .venv/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --quiet \
	--no-header --no-annotate --no-emit-index-url

# Rooms of Python tests at once, for most of them wait; what each says is printed when it is over.
SIDE_BY_SIDE := --no-print-directory --keep-going --jobs=3 \
	$(if $(filter output-sync,$(.FEATURES)),--output-sync)

.PHONY: help setup dev deps test check lint types e2e bench crash soak drift lock
EXCHANGE_ROOMS := $(addprefix tests/integration/,exchange monitors proofs simulator)

.PHONY: kernels test-rooms test-exchange test-products

help: ## this list
	@grep -E '^[a-z0-9]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

setup: deps ## .venv, dashboard packages, .env and a built dashboard
	scripts/setup.sh env build

deps:
	@scripts/setup.sh development frontend

dev: ## API, monitor and dashboard; Ctrl-C stops them
	./start_dev.sh

test: deps ## Python and dashboard tests, without a browser
	@$(MAKE) $(SIDE_BY_SIDE) test-exchange test-products test-rooms
	cd frontend && npm test

kernels: deps
	.venv/bin/python -c 'from src.strategy.symbol_strategy import compile_kernels; compile_kernels(print)'

test-rooms: kernels
	.venv/bin/pytest tests --ignore tests/e2e --ignore tests/architecture \
		--ignore-glob 'tests/integration/test_*.py' $(addprefix --ignore ,$(EXCHANGE_ROOMS))

test-exchange: kernels
	.venv/bin/pytest $(EXCHANGE_ROOMS)

test-products: kernels
	.venv/bin/pytest tests/integration/test_*.py

check: lint types ## formatting, lint, types and layers, of Python and of the dashboard
	.venv/bin/pytest tests/architecture

lint: deps
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	cd frontend && npm run lint

types: deps
	.venv/bin/mypy
	.venv/bin/mypy -p scripts -p bench
	cd frontend && npm run typecheck

e2e: deps ## build, then drive the product in Chromium
	scripts/setup.sh build chromium
	.venv/bin/pytest tests/e2e

bench: deps ## speed of the strategy, and of other libraries where installed; prints tables
	.venv/bin/python -m bench

crash: deps ## kill -9 at 300 chosen points of trading on a Bybit account; prints the table
	.venv/bin/python -m bench.crash

soak: deps ## 20 symbols through hours of market; prints memory, threads and sockets
	.venv/bin/python -m bench.soak

drift: deps ## paper beside Demo on the same candles; prints each trade's drift
	.venv/bin/python -m bench.drift

lock: ## requirements*.lock from requirements*.txt; add UPGRADE=1 for newer versions
	$(LOCK) $(if $(UPGRADE),--upgrade) requirements.txt -o requirements.lock
	$(LOCK) $(if $(UPGRADE),--upgrade) requirements-dev.txt -c requirements.lock -o requirements-dev.lock
