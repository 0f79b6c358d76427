# What a person types. `make` alone lists it; CONTRIBUTING.md says more.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
ASSETS := graph_cdp/api/assets/vendor
ASSETS_READY := $(ASSETS)/graphiql.min.js
PYTEST_FLAGS ?=
# A database that you name serves one worker only.
WORKERS ?= $(if $(GRAPH_CDP_TEST_NEO4J_URI),0,2)
# In the order of their folders: the files with few tests are those that take long, and would come last.
SHARED := --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder

# Every benchmark, as a module. They empty their database, so it is never the one that is yours or the demo's.
BENCHMARKS := $(subst /,.,$(basename $(sort $(wildcard benchmarks/*/[a-z]*.py))))
ELSEWHERE := env -u GRAPH_CDP_NEO4J_URI GRAPH_CDP_DATA_DIR=.graph-cdp/bench GRAPH_CDP_NEO4J_BACKEND=local

# Only what changes the environment: a second `make setup` does nothing.
LOCKS := requirements.lock bootstrap.lock pyproject.toml
WEB_LOCKS := web/package.json web/package-lock.json web/fetch.py

.DEFAULT_GOAL := help
.PHONY: help setup demo test soak check bench fmt sdl clean

help: ## Show this list
	@echo "graph_cdp: an identity graph and customer data platform on Neo4j."
	@echo
	@echo "First time:   make demo    (needs Python 3.11 or later, and either Docker or Java 17 with Maven)"
	@echo
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile
	@echo
	@echo "Another Python: make setup PYTHON=python3.12. Fewer tests: make test PYTEST_FLAGS='-k resolve'. On one core: make test WORKERS=0."

setup: $(READY) $(ASSETS_READY) ## Make .venv with the locked dependencies, each checked by its hash

demo: setup ## Start the database, load real data, serve GraphiQL on 127.0.0.1:8000
	@$(BIN)/graph-cdp demo

test: check ## All checks, then every test but the long ones: two workers, each with a real Neo4j
	$(BIN)/pytest -m "not soak" $(SHARED) $(PYTEST_FLAGS)

soak: setup ## The long parts of the property and fault tests; prints its seed
	$(BIN)/pytest -m soak --timeout 0 -s $(PYTEST_FLAGS)

check: setup ## Style, format, types and the direction of imports; nothing is changed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports --no-logo

bench: setup ## Measure what the README claims
	@for module in $(BENCHMARKS); do echo "== $$module"; $(ELSEWHERE) $(BIN)/python -m $$module || exit 1; done; \
	  $(ELSEWHERE) $(BIN)/graph-cdp db down

fmt: setup ## Format the code and mend what ruff can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

sdl: setup ## Write schema/schema.graphql from the code
	$(BIN)/graph-cdp sdl --write

clean: ## Remove what was built; the data in .graph-cdp stays (graph-cdp db reset removes it)
	@for slot in $(wildcard .graph-cdp/test/[0-9]*); do test ! -x $(BIN)/graph-cdp || \
	  GRAPH_CDP_DATA_DIR=$$slot GRAPH_CDP_NEO4J_BACKEND=local $(BIN)/graph-cdp db down; done
	rm -rf .graph-cdp/test
	rm -rf $(VENV) $(ASSETS) web/node_modules dist build .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find $(wildcard graph_cdp tests benchmarks) -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): $(LOCKS)
	@command -v $(PYTHON) >/dev/null || { \
	  echo "setup: '$(PYTHON)' was not found. Install Python 3.11 or later, or name one: make setup PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "setup: '$(PYTHON)' is $$($(PYTHON) -V 2>&1); 3.11 or later is needed. Name one: make setup PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "setup: '$(PYTHON)' cannot make a virtual environment. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "setup: installing the locked dependencies"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r bootstrap.lock
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --require-hashes --no-deps -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(ASSETS_READY): $(WEB_LOCKS) | $(READY)
	@echo "setup: fetching the web assets by their lock"
	@$(BIN)/python web/fetch.py
	@touch $@
