# The front door: `make` lists what it can do. Needs make, and Python 3.11 to 3.13 with pip and venv.
# POSIX shell and GNU make 3.81 (the one macOS ships) suffice.

VENV ?= .venv
PYTHON ?=
BIN := $(VENV)/bin

# A ready environment is a stamp named after what it was made from: change a lock, and it is made again.
RUN_STAMP := $(VENV)/.made-from/run-$(shell cat requirements.lock requirements-build.lock pyproject.toml | cksum | tr ' ' '-')
DEV_STAMP := $(VENV)/.made-from/dev-$(shell cat requirements-dev.lock requirements-build.lock pyproject.toml | cksum | tr ' ' '-')
# What checks the code can run it, too: after `make test` there is nothing to install for `make run`.
READY = $(or $(wildcard $(DEV_STAMP)),$(RUN_STAMP))
PIP = $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input install
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
	--no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command 'make lock'

# All checks of the code that run nothing; each has its say, and `failed` is 1 when one was not content.
CHECK = failed=0; for check in "ruff check ." "ruff format --check --output-format concise ." mypy lint-imports; do \
	echo "$(BIN)/$$check"; $(BIN)/$$check || failed=1; done

.DEFAULT_GOAL := help
.PHONY: help demo run test unit lint format bench quality docs picture lock clean model

help: ## list the targets (what `make` alone does)
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

demo: $(READY) ## set up .venv and play a minute of invented news: a story breaks, and the bell rings
	@exec $(BIN)/tocsin up --demo

run: $(READY) ## set up .venv and start the whole system: Redis, poller, worker, notifier, api
	@exec $(BIN)/tocsin up

test: $(DEV_STAMP) ## set up .venv and check everything: style, types, floors, every test
	@$(CHECK); echo "$(BIN)/python -m pytest -q"; $(BIN)/python -m pytest -q && exit $$failed

unit: $(DEV_STAMP) ## the quick tests only: no Redis, no processes
	$(BIN)/python -m pytest -q tests/unit tests/contract

lint: $(DEV_STAMP) ## style, formatting, types, and the floors between the rooms
	@$(CHECK); exit $$failed

format: $(DEV_STAMP) ## rewrite the code as the formatter wants it
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

bench: $(DEV_STAMP) ## measure: every benchmark, or one with NAME=coder
	@$(BIN)/python -m tests.benchmarks.run $(NAME)

quality: $(DEV_STAMP) ## measure the coder on labelled data and write docs/quality.md: make quality DATA=DIR
	@test -n "$(DATA)" || { echo "say where the labelled data lies: make quality DATA=DIR" >&2; exit 2; }
	$(BIN)/tocsin evaluate --data "$(DATA)"

docs: $(DEV_STAMP) ## write anew what is generated: settings, schemas, .env.example
	$(BIN)/python -m docs.generate

model: $(DEV_STAMP) ## train the coder's weights anew from labelled data: make model DATA=DIR (an hour or two)
	@test -d "$(DATA)" || { echo "make model DATA=DIR: name the directory of labelled data (docs/model.md)" >&2; exit 2; }
	$(PIP) --editable '.[model]'
	$(BIN)/python -m services.classifier.training --data "$(DATA)"

picture: $(DEV_STAMP) ## record the demo's beginning for the README: docs/img/demo.svg
	$(BIN)/python -m docs.picture

lock: $(DEV_STAMP) ## resolve the newest allowed versions into the lock files
	@test -x $(BIN)/uv || $(PIP) uv
	$(COMPILE) pyproject.toml -o requirements.lock
	$(COMPILE) pyproject.toml --extra dev -c requirements.lock -o requirements-dev.lock
	$(COMPILE) --group build -c requirements-dev.lock -o requirements-build.lock

clean: ## remove .venv and everything else that was made here
	rm -rf $(VENV) .make build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find services shared tests docs -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUN_STAMP): | $(BIN)/python
	$(PIP) --require-hashes -r requirements.lock
	@$(MAKE) --no-print-directory install STAMP=$@

$(DEV_STAMP): | $(BIN)/python
	$(PIP) --require-hashes -r requirements-dev.lock
	@$(MAKE) --no-print-directory install STAMP=$@

# The project itself, editable; its build tools are locked like everything else.
.PHONY: install
install:
	$(PIP) --require-hashes -r requirements-build.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	@mkdir -p $(VENV)/.made-from && touch $(STAMP)

# The first Python that is new enough and can make an environment; what is missing is said in words.
$(BIN)/python:
	@found=; bare=; \
	for python in $(or $(PYTHON),python3.13 python3.12 python3.11 python3); do \
		"$$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null || continue; \
		if "$$python" -c 'import ensurepip, venv' 2>/dev/null; then found=$$python; break; fi; \
		bare=$${bare:-$$python}; \
	done; \
	if [ -n "$$found" ]; then \
		echo "making $(VENV) with $$($$found --version)"; \
		exec "$$found" -m venv $(VENV); \
	elif [ -n "$$bare" ]; then \
		echo "$$bare can't make an environment: its venv module is packaged apart." >&2; \
		echo "On Debian and Ubuntu: apt install python3-venv, then run make again." >&2; \
	else \
		echo "Tocsin needs Python 3.11, 3.12 or 3.13; none was found ($$(python3 --version 2>&1 || echo 'no python3'))." >&2; \
		echo "Install one, or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3.12" >&2; \
	fi; \
	exit 1
