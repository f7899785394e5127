# Two commands: `make run` starts every door, `make test` checks everything. Both need nothing but Python >= 3.11
# with venv and pip; what the project needs is installed into .venv.

PYTHON ?= python3
VENV ?= .venv
DATA ?= data
BIN := $(VENV)/bin
SCRIPTS := eslint.config.js 'tests/pages/**/*.js' 'gameserver/web/static/**/*.js'

.PHONY: pages pages-checked screenshots run test test-long lint types contract suite trial docs clean bench help

help:
	@echo "make run        start every door on 127.0.0.1 (LISTEN=0.0.0.0 opens them to the network)"
	@echo "make test       the test suite, lint, types, the import contract, the pages' scripts"
	@echo "make suite TESTS=tests/net  some of the tests only"
	@echo "make pages      linter, format and tests of the pages' scripts (with Node.js and npm only)"
	@echo "make trial      the suite under Twisted's own runner"
	@echo "make test-long  the suite with the long random runs (thousands of games)"
	@echo "make bench      the benchmarks"
	@echo "make docs       the documentation as HTML in docs/_build"

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

run: $(VENV)/.run
	@echo "every door listens on $(or $(LISTEN),127.0.0.1); 'make run LISTEN=0.0.0.0' opens them to the network"
	@echo "the doors and how to try each are listed below when they are open; Ctrl-C stops the server"
	@echo "accounts, tokens, play money, bots, in another terminal: $(BIN)/gameserver --data-dir $(DATA) --help"
	$(BIN)/twistd --pidfile= -n gameserver --data-dir $(DATA) $(if $(LISTEN),--listen $(LISTEN)) $(ARGS)

test: $(VENV)/.dev
	@$(MAKE) --no-print-directory lint types contract pages suite

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

contract: $(VENV)/.dev
	$(BIN)/lint-imports

# The pages' scripts. Nothing else needs Node.js and npm, so a machine without them leaves this out and says so.
pages:
	@if ! command -v node >/dev/null || ! command -v npm >/dev/null; then \
		echo "pages: skipped, because node or npm is not installed; the pages' scripts have not been checked"; \
	elif ! node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)'; then \
		echo "pages: skipped, because node $$(node --version) is older than v20.19; the pages' scripts have not been checked"; \
	else \
		$(MAKE) --no-print-directory pages-checked; \
	fi

pages-checked: node_modules/.dev
	node_modules/.bin/eslint .
	node_modules/.bin/prettier --check --log-level warn $(SCRIPTS)
	node --test --test-reporter=spec $(sort $(wildcard tests/pages/*.test.js))

node_modules/.dev: package.json .npmrc
	@echo "installing what the checks of the pages' scripts need into node_modules (once)"
	npm install --ignore-scripts --loglevel=error
	@touch $@

# Trial's tests on two processes, then those of pytest-twisted, which starts the reactor for good.
suite: $(VENV)/.dev
ifdef TESTS
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pytest $(TESTS)
else
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pytest -n 2 --dist loadfile --ignore=tests/pytest_only tests
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pytest tests/pytest_only
endif

# The same tests without pytest.
trial: $(VENV)/.dev
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m twisted.trial $(or $(TESTS),tests)

test-long: $(VENV)/.dev
	PATH="$(CURDIR)/$(BIN):$$PATH" GAMESERVER_LONG=1 $(BIN)/python -m pytest $(TESTS)

bench: $(VENV)/.dev
	@for file in bench/*.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

docs: $(VENV)/.dev
	$(BIN)/gameserver check-config --reference > docs/configuration.md
	$(BIN)/sphinx-build -W -q docs docs/_build
	@echo "open docs/_build/index.html"

screenshots: $(VENV)/.dev
	PATH="$(CURDIR)/$(BIN):$$PATH" GAMESERVER_SCREENSHOTS=docs/screenshots $(BIN)/python -m pytest tests/browser

clean:
	rm -rf $(VENV) node_modules build dist docs/_build *.egg-info _trial_temp* .mypy_cache .ruff_cache .pytest_cache .hypothesis
