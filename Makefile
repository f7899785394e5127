# Two commands: `make run` starts every door, `make test` checks everything. Both need nothing but Python >= 3.11
# with venv and pip; what the project needs is installed into .venv.

PYTHON ?= python3
VENV ?= .venv
DATA ?= data
BIN := $(VENV)/bin
SCRIPTS := eslint.config.js 'tests/pages/**/*.js' 'tests/consoles/*.cjs' 'bench/peers/*.mjs' 'gameserver/web/static/**/*.js'

# The suite without what takes long or needs other programs: whole games, bots, browsers, processes, pytest-twisted.
FAST := $(addprefix --ignore=tests/,games bots browser chaos integration pytest_only)
QUICK := $(addprefix tests.,accounts app cluster edge moderation net rooms sessions protocols.chat protocols.invoker protocols.kwo wallet)
# More processes than processors, for a test often waits for a program; a class of tests stays in one of them.
SPREAD := -n 3 --dist loadscope --no-loadscope-reorder
PYTEST := PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pytest
OLDEST := .venv-oldest

# Tests start hundreds of processes: where the environment says that no bytecode is kept, each would compile it all.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: audit bench bench-quick changelog chaos check clean contract coverage dist docs fuzz help lint oldest pages run screenshots soak suite test test-long trial trial-quick types

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "make: $(PYTHON) is older than Python 3.11; try make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --quiet --disable-pip-version-check --upgrade pip

$(VENV)/.run: setup.cfg pyproject.toml | $(BIN)/python
	@echo "installing what the server needs into $(VENV) (once)"
	$(BIN)/pip install --quiet --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.dev: setup.cfg pyproject.toml | $(BIN)/python
	@echo "installing what the tests need into $(VENV) (once)"
	$(BIN)/pip install --quiet --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(VENV)/.run

run: $(VENV)/.run ## start every door on 127.0.0.1 (LISTEN=0.0.0.0 opens them to the network)
	@echo "every door listens on $(or $(LISTEN),127.0.0.1); 'make run LISTEN=0.0.0.0' opens them to the network"
	@echo "the doors and how to try each are listed below when they are open; Ctrl-C stops the server"
	@echo "accounts, tokens, play money, bots, in another terminal: $(BIN)/gameserver --data-dir $(DATA) --help"
	$(BIN)/twistd --pidfile= -n gameserver --data-dir $(DATA) $(if $(LISTEN),--listen $(LISTEN)) $(ARGS)

test: $(VENV)/.dev ## check everything: what check does, then the test suite
	@$(MAKE) --no-print-directory check suite

check: $(VENV)/.dev ## everything but the suite: lint, types, the import contract, the pages' scripts
	@$(MAKE) --no-print-directory lint types contract pages

lint: $(VENV)/.dev ## ruff: mistakes and format; codespell: words
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/codespell --quiet-level 3 *.md docs changes examples gameserver tests bench chaos soak fuzz .ci

types: $(VENV)/.dev ## mypy
	$(BIN)/mypy

contract: $(VENV)/.dev ## import-linter: which package may import which
	$(BIN)/lint-imports

# The pages' scripts. Nothing else needs Node.js and npm, so a machine without them leaves this out and says so.
pages: ## the pages' scripts: eslint, prettier, their tests (with Node.js and npm only)
	@if ! command -v node >/dev/null || ! command -v npm >/dev/null; then \
		echo "pages: skipped, because node or npm is not installed; the pages' scripts have not been checked"; \
	elif ! node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)'; then \
		echo "pages: skipped, because node $$(node --version) is older than v20.19; the pages' scripts have not been checked"; \
	else \
		$(MAKE) --no-print-directory node_modules/.dev && set -x && \
		node_modules/.bin/eslint . && \
		node_modules/.bin/prettier --check --log-level warn $(SCRIPTS) && \
		node --test --test-reporter=spec $(sort $(wildcard tests/pages/*.test.js)); \
	fi

node_modules/.dev: package.json .npmrc
	@echo "installing what the checks of the pages' scripts need into node_modules (once)"
	npm install --ignore-scripts --loglevel=error
	@touch $@

# Trial's tests on several processes, then those of pytest-twisted, which starts the reactor for good.
suite: $(VENV)/.dev ## the tests under pytest (TESTS=tests/net: some of them only)
ifdef TESTS
	$(PYTEST) $(TESTS)
else
	$(PYTEST) $(SPREAD) --ignore=tests/pytest_only tests
	$(PYTEST) tests/pytest_only
endif

trial: $(VENV)/.dev ## the tests under Twisted's own runner (TESTS=tests.net: some of them only)
ifdef TESTS
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m twisted.trial -j 3 --reporter=text $(TESTS)
else
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m twisted.trial -j 3 --reporter=text tests
endif

trial-quick: $(VENV)/.dev ## the tests of packages that start no programs, under Twisted's own runner
	@$(MAKE) --no-print-directory trial TESTS="$(QUICK)"

test-long: $(VENV)/.dev ## the tests with the long random runs (thousands of games)
	GAMESERVER_LONG=1 $(PYTEST) $(TESTS)

# The server processes of tests/integration and tests/browser are not measured, so those are left out.
coverage: $(VENV)/.dev ## branches the tests reach in protocols, edge, games and wallet, with a floor
	$(PYTEST) $(SPREAD) --cov --cov-report= $(addprefix --ignore=tests/,browser chaos integration pytest_only) tests
	$(BIN)/python .ci/coverage_floor.py

oldest: ## the fast part of the tests with the oldest versions that setup.cfg allows, in .venv-oldest
	$(PYTHON) -m venv --clear $(OLDEST)
	$(PYTHON) .ci/oldest.py > $(OLDEST)/constraints.txt
	$(OLDEST)/bin/pip install --quiet --quiet --disable-pip-version-check --constraint $(OLDEST)/constraints.txt --editable '.[dev]'
	PATH="$(CURDIR)/$(OLDEST)/bin:$$PATH" python -m pytest $(SPREAD) $(FAST) tests

BASE ?= main

changelog: $(VENV)/.dev ## whether the branch has a fragment for the changelog (BASE=main: the branch it came from)
	$(BIN)/towncrier check --compare-with $$(git merge-base $(BASE) HEAD)

# From the last commit, twice, because both have to be the same to the byte.
dist: $(VENV)/.dev ## wheel and sdist in dist, each tried in an empty environment, with sums and what they stand on
	@$(BIN)/python .ci/dist.py

# Says so where the advisories cannot be reached.
audit: $(VENV)/.dev ## known weaknesses in what a wheel needs
	@$(BIN)/python .ci/dist.py --audit

# Needs gcc and make; what else is missing (libssl-dev, Node.js with npm) is left out and said. Others' servers are
# installed into bench/.peers once.
bench: $(VENV)/.dev ## the real server beside what its users would take instead (ONLY=app,chat-1 BENCH="--rounds 9")
	@$(BIN)/python -m bench $(if $(ONLY),--only $(ONLY),--keep) $(BENCH)

bench-quick: $(VENV)/.dev ## the most important of these in two minutes
	@$(BIN)/python -m bench --quick $(BENCH)

# Atheris is not there for every Python; without it inputs are made by chance, and the run says so.
fuzz: $(VENV)/.dev ## every decoder with inputs nobody meant, for a minute each (FUZZ_SECONDS=60 TARGETS="chat telnet")
	@$(BIN)/python -c 'import atheris' 2>/dev/null || \
		$(BIN)/pip install --quiet --quiet --disable-pip-version-check --editable '.[fuzz]' || true
	@$(BIN)/python -W ignore -m fuzz $(TARGETS)

# Needs nothing but the server and its clients; what it has shown is kept in .soak.
soak: $(VENV)/.dev ## ten minutes of load at every protocol: do memory, descriptors, threads grow? (GAMESERVER_LONG=1: an hour)
	@$(BIN)/python -W ignore -m soak
chaos: $(VENV)/.dev ## faults by the hundred under load, with what is lost (FAULTS="kill disk" CHAOS_TIMES=0.1 CHAOS_SEED=1)
	@$(BIN)/python -m chaos $(FAULTS)

docs: $(VENV)/.dev ## the documentation as HTML in docs/_build, with the reference of the API
	$(BIN)/gameserver check-config --reference > docs/configuration.md
	$(BIN)/gameserver returns > docs/returns.md
	$(BIN)/sphinx-build -W -q docs docs/_build
	@echo "open docs/_build/index.html"

screenshots: $(VENV)/.dev ## the pictures in docs/screenshots
	GAMESERVER_SCREENSHOTS=docs/screenshots $(PYTEST) tests/browser

clean: ## remove what was installed, built and cached
	rm -rf $(VENV) $(OLDEST) node_modules build dist docs/_build docs/api *.egg-info _trial_temp* .coverage .coverage.* .tox
	rm -rf .chaos .fuzz .soak .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
