# Everything starts here: `make help`. The work is done by the package tools/, which needs Python >= 3.11 and nothing else.
PYTHON := $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
TASK = @$(if $(PYTHON),,$(error Python 3.11 or later is needed: apt-get install python3))exec $(PYTHON) -m tools

.DEFAULT_GOAL := help
.PHONY: help start setup build test test-services test-e2e lint check lock bench-orders api-coverage clean

help: ## show this list
	@sed -n 's/^\([a-z0-9-]*\): ## /\1\t/p' $(MAKEFILE_LIST) | awk -F '\t' '{ printf "  make %-14s %s\n", $$1, $$2 }'

start: ## set everything up and serve on http://127.0.0.1:8000 (PORT=, SITE=, DEMO=0, ADMIN_PASSWORD=)
	$(TASK) start

setup: ## make env/ with both apps and the tools for tests
	$(TASK) setup

build: ## build the desk anew
	$(TASK) build

test: ## run the tests that need no server (ARGS= for pytest)
	$(TASK) test

test-services: ## run the tests on a MariaDB and a Redis started for them
	$(TASK) test-services

test-e2e: ## run the journeys in a browser, on a bench served for them
	$(TASK) test-e2e

lint: ## ruff, mypy, import-linter, and ESLint, vue-tsc, vitest of the desk
	$(TASK) lint

check: ## everything CI runs: lint, test, test-services, test-e2e
	$(TASK) check

lock: ## resolve requirements/*.txt anew (UPGRADE=1 for the newest versions)
	$(TASK) lock $(if $(UPGRADE),--upgrade)

bench-orders: ## measure the path of an order, figures as JSON (ARGS= for the benchmark)
	$(TASK) bench-orders $(ARGS)

api-coverage: ## show how much of the framework's API is there and tested (ARGS=--missing for the names that are not)
	$(TASK) api-coverage $(ARGS)

clean: ## remove what the tools made; sites and their data stay
	$(TASK) clean
