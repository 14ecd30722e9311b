# InvoiceBridge: `make help` lists what there is to do.
# Written for the make of macOS (3.81) as well: no .ONESHELL, no grouped targets.

SHELL = /bin/sh
VENV = .venv
PY = $(VENV)/bin/python
CODE = server simulator bench tests
# How many test processes run side by side; 0: all in one. Each has a product of its own, so they want a core each.
SIDE = 0

# The first Python that is new enough, one that can make virtual environments before one that cannot.
NEW_ENOUGH = import sys; sys.exit(sys.version_info < (3, 11))
CAN_VENV = import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
FIND_PYTHON = for test in '$(CAN_VENV)' '$(NEW_ENOUGH)'; do \
	for name in $${PYTHON:-} python3.11 python3 python3.12 python3.13 python3.14; do \
	if "$$name" -c "$$test" >/dev/null 2>&1; then echo "$$name"; exit 0; fi; done; done

.PHONY: help demo test check format smoke smoke-setup mass-action conflicts chaos bench bench-peers fuzz mutants test-proof clean environment dev-environment browser

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

demo: environment ## start everything on this machine and print the address to open; Ctrl-C stops it
	@exec $(PY) -m simulator.demo

test: dev-environment browser ## the whole suite, browser tests included (PostgreSQL too where DATABASE_URL_TEST is set)
	@$(PY) -m pytest -n $(SIDE) --dist loadfile $(ARGS)

check: dev-environment ## format, lint and strict types
	@$(PY) -m ruff format --check $(CODE)
	@$(PY) -m ruff check $(CODE)
	@$(PY) -m mypy
	@bash -n .ci/run

format: dev-environment ## put the code into the house's format
	@$(PY) -m ruff format $(CODE)
	@$(PY) -m ruff check --fix $(CODE)

smoke: dev-environment browser ## fresh stack, one real browser: push one invoice and see it paid
	@$(PY) -m bench.smoke

smoke-setup: dev-environment browser ## a fresh company: from the empty settings page to a pushed invoice, presses counted
	@$(PY) -m bench.smoke_setup

mass-action: dev-environment browser ## five hundred invoices in the list's popup: is it a pleasure to watch?
	@$(PY) -m bench.mass_action

conflicts: dev-environment ## a thousand random edits on both sides: is the bookkeeper ever written over?
	@$(PY) -m bench.conflicts

chaos: dev-environment ## five minutes of kills, cuts and lost replies: is an invoice ever doubled or lost? (SECONDS=, SEED=)
	@$(PY) -m bench.chaos

bench: dev-environment ## calls, seconds, processor and memory beside their budgets (half an hour; QUICK=1, ONLY=calls,clicks)
	@$(PY) -m bench.performance

bench-peers: dev-environment ## other libraries push the same invoices to the same pretend Xero, ours beside
	@[ -x .venv-peers/bin/python ] || $(PY) -m venv .venv-peers
	@.venv-peers/bin/python -m pip install -q --disable-pip-version-check -r bench/peers-requirements.txt
	@$(PY) -m bench.peers .venv-peers/bin/python

fuzz: dev-environment ## 20,000 random invoices: is one ever sent with another total than CRM's? (minutes)
	@$(PY) -m bench.fuzz

mutants: dev-environment ## small faults in the money core, one at a time: would the tests notice? (hours; COUNT=50 for a taste)
	@$(PY) -m bench.mutants

test-proof: dev-environment ## what keeps invoices from being doubled, taken out piece by piece: does the crash test notice?
	@$(PY) -m bench.proof

clean: ## remove everything that was made on this machine: environment, demo data, builds
	@rm -rf $(VENV) .venv-peers .demo build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis test-results
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Installs only when the list changed: the copy beside the environment is the list that was installed last.
environment: $(VENV)/ready
	@cmp -s requirements.txt $(VENV)/installed.txt || { \
	echo "Installing what InvoiceBridge needs (once, under a minute) ..." && \
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt && \
	cp requirements.txt $(VENV)/installed.txt; }

dev-environment: environment
	@cat requirements.txt requirements-dev.txt | cmp -s - $(VENV)/installed-dev.txt || { \
	echo "Installing what the tests need (once, about a minute) ..." && \
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt && \
	cat requirements.txt requirements-dev.txt > $(VENV)/installed-dev.txt; }

browser: dev-environment
	@$(PY) -m bench.chromium

$(VENV)/ready:
	@python=$$($(FIND_PYTHON)); \
	if [ -z "$$python" ]; then \
	echo "InvoiceBridge needs Python 3.11 or newer, and none was found here. Name one: make demo PYTHON=/path/to/python3.11" >&2; exit 1; fi; \
	if ! "$$python" -c '$(CAN_VENV)' 2>/dev/null; then \
	echo "$$python cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; fi; \
	"$$python" -m venv --clear $(VENV) && touch $(VENV)/ready
