# `make demo` and `make test` do everything, set-up included. Neither needs root.
# Every version, and the hash of every file that is installed, stands in the lock files.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check
RUN := $(VENV)/.installed-$(shell cat requirements.lock pyproject.toml | cksum | tr -d ' ')
DEV := $(VENV)/.installed-dev-$(shell cat requirements-dev.lock requirements-hf.lock pyproject.toml | cksum | tr -d ' ')
NODE := tests/consumers/node_modules/.installed-$(shell cksum <tests/consumers/package-lock.json | tr -d ' ')
OPENEDX := tests/consumers/openedx/.venv/.installed-$(shell cksum <tests/consumers/openedx/requirements.lock | tr -d ' ')
COMPILE := $(VENV)-lock/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header --no-annotate \
    --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options --all-build-deps

# A release with a build for the CPU alone; any other brings gigabytes for GPUs.
TORCH := 2.13.0+cpu

.DEFAULT_GOAL := help
.PHONY: help demo test check-bank bench fuzz lint docs lock clean

help: ## what there is
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 14

demo: $(RUN) ## build, export and grade a quiz with a simulated class; everything lands in demo/
	@$(BIN)/python -m quizgen.cli.demo

test: $(DEV) $(NODE) $(OPENEDX) ## the test suite, doctests included
	@$(BIN)/python -m pytest -n auto --doctest-modules tests grading quizgen

check-bank: $(RUN) ## draws and grades a thousand variants of every question; VARIANTS=50 for less
	@$(BIN)/quizgen check --strict --variants $(or $(VARIANTS),1000)

bench: $(DEV) ## speed, as ratios
	@$(BIN)/python -m benchmarks

fuzz: $(DEV) ## a million random answers, guided by coverage; FUZZ="--seconds 60" for less
	@$(BIN)/python -m tests.fuzzing.fuzz $(FUZZ)

lint: $(DEV) ## ruff and mypy
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

docs: $(DEV) ## writes the pages that are generated from the code
	@$(BIN)/python docs/generate.py

lock: ## chooses versions anew (Python 3.11 on Linux) and writes the lock files
	@test -d $(VENV)-lock || { $(PYTHON) -m venv $(VENV)-lock && $(VENV)-lock/bin/pip install --quiet pip-tools; }
	@$(COMPILE) --upgrade --extra pdf --output-file requirements.lock pyproject.toml
	@$(COMPILE) --upgrade --extra dev --extra pdf --extra postgresql --extra dask --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml
	@echo 'torch==$(TORCH)' >$(VENV)-lock/torch.txt
	@$(COMPILE) --upgrade --extra hf --extra pdf --constraint requirements-dev.lock --constraint $(VENV)-lock/torch.txt \
	    --output-file requirements-hf.lock pyproject.toml
	@$(filter-out --all-build-deps,$(COMPILE)) --upgrade --output-file tests/consumers/openedx/requirements.lock tests/consumers/openedx/requirements.in

clean: ## removes what these commands made
	@rm -rf $(VENV) $(VENV)-lock tests/consumers/node_modules tests/consumers/openedx/.venv demo build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis fuzz-findings
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	    echo "quizgen needs Python 3.11 or newer, and '$(PYTHON)' is $$($(PYTHON) --version 2>&1 || echo missing)." \
	         "Name one: make PYTHON=python3.11 $(MAKECMDGOALS)" >&2; exit 1; }
	@echo "Making $(VENV) …"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "The module venv is missing: install python3-venv." >&2; exit 1; }

$(RUN): $(BIN)/python requirements.lock pyproject.toml
	@echo "Installing the locked packages …"
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@rm -f $(VENV)/.installed-* && touch $@

$(DEV): $(BIN)/python requirements-dev.lock requirements-hf.lock pyproject.toml
	@echo "Installing the locked packages and those for tests …"
	@$(PIP) --require-hashes -r requirements-dev.lock
	@$(PIP) --require-hashes -r requirements-hf.lock || { \
	    echo "PyTorch for the CPU is not to be had here: tests with a real language model will not run." >&2; \
	    test "$$CI" != true; }
	@$(PIP) --no-deps --no-build-isolation --editable .
	@rm -f $(VENV)/.installed-* && touch $@ $(RUN)

$(NODE): tests/consumers/package-lock.json
	@echo "Installing programs of others that tests need …"
	@npm ci --silent --ignore-scripts --prefix tests/consumers && rm -f $(@D)/.installed-* && touch $@ || { \
	    echo "They are not to be had here (npm is needed): tests with them will not run." >&2; test "$$CI" != true; }

$(OPENEDX): tests/consumers/openedx/requirements.lock
	@echo "Installing the problems of Open edX, which tests need …"
	@{ test -x $(@D)/bin/python || $(PYTHON) -m venv $(@D); } && $(@D)/bin/python -m pip install --quiet --quiet \
	    --disable-pip-version-check --require-hashes -r $< && rm -f $(@D)/.installed-* && touch $@ || { \
	    rm -rf $(@D); echo "They are not to be had here: tests with them will not run." >&2; test "$$CI" != true; }
