# hawadith: `make` lists the targets. Every target makes what it needs; nothing has to be installed first but Python 3.11.
PYTHON ?= python3.11
BASE := .venv-base
DEV := .venv
PIP := -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
SOURCES := inference evaluation training tests

# What the bundled model is made of, for `make model`; `make model --dry-run` prints its steps.
NEWS ?= ../shared/data
ANNOTATIONS ?= configs/annotations
SENTENCES ?= samples/sentences.jsonl
LABELLED ?= build/labelled
MODEL ?= inference/hawadith/default_model
MODEL_FLAGS ?=

.DEFAULT_GOAL := help
.PHONY: help demo test test-slow test-browser check bench model fix clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

demo: $(BASE)/.ready  ## score samples/ with the bundled model: table, build/demo/scores.jsonl, build/demo/review.html
	$(BASE)/bin/hawadith score samples/articles.jsonl --output build/demo/scores.jsonl --table
	$(BASE)/bin/hawadith explain samples/articles.jsonl --output build/demo/review.html

test: $(DEV)/.ready  ## the default test tier with branch coverage (CPU, no network)
	$(DEV)/bin/python -m pytest --cov --cov-report=term --durations=10

test-slow: $(DEV)/.ready  ## soak tests, large inputs, long fuzzing: by hand
	$(DEV)/bin/python -m pytest -m slow

test-browser: $(DEV)/.ready  ## pages in Debian's chromium
	$(DEV)/bin/python -m pytest -m browser

check: $(DEV)/.ready  ## lint, format, types, docstrings
	$(DEV)/bin/ruff check $(SOURCES) notebooks
	$(DEV)/bin/ruff format --check $(SOURCES) notebooks
	$(DEV)/bin/mypy $(SOURCES)
	$(DEV)/bin/pydoclint --quiet inference evaluation training

bench: $(DEV)/.ready  ## speed of the bundled model, and at AraBERT's shape, on this machine
	$(DEV)/bin/hawadith bench
	$(DEV)/bin/hawadith bench --shape arabert-base

model: $(DEV)/.ready  ## rebuild the bundled model from the news beside the repo and our annotations of it
	$(DEV)/bin/hawadith data annotate $(NEWS)/articles.train.jsonl $(NEWS)/articles.dev.jsonl \
		--annotations $(ANNOTATIONS)/articles-evidence.jsonl --output $(LABELLED)/articles.jsonl --require-all
	$(DEV)/bin/hawadith data annotate $(NEWS)/corpus --annotations $(ANNOTATIONS)/corpus-labels.jsonl \
		--output $(LABELLED)/corpus.jsonl --require-all --only-annotated
	$(DEV)/bin/hawadith train configs/train/default.yaml --set data.train=$(LABELLED)/articles.jsonl \
		--set data.auxiliary=$(LABELLED)/corpus.jsonl --set data.sentences=$(SENTENCES) \
		--output $(MODEL) $(MODEL_FLAGS)

fix: $(DEV)/.ready  ## repair what lint and format can repair
	$(DEV)/bin/ruff check --fix $(SOURCES) notebooks
	$(DEV)/bin/ruff format $(SOURCES) notebooks

clean:  ## remove environments and outputs (not runs/)
	rm -rf $(BASE) $(DEV) build dist .mypy_cache .pytest_cache .ruff_cache

$(BASE)/.ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(BASE)
	$(BASE)/bin/python $(PIP) --editable .
	touch $@

$(DEV)/.ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(DEV)
	$(DEV)/bin/python $(PIP) --editable ".[dev]"
	touch $@
