# Every target makes the virtual environment that it needs. Another Python: make PYTHON=python3.12 all

PYTHON ?= python3
BIN := .venv/bin
# What out/ holds: what people link to and take away (gif, svg, poster are committed), what the gallery and snippets show.
FORMATS := gif,svg,poster,png,sheet,html,pdf
# What is committed is ours, though the manifest that tells so is not committed with it.
OURS := $(if $(wildcard out/manifest.json),,--force)

.PHONY: help all test lint bench bench-check bench-baseline bench-many fuzz contact torch frameworks pages clean
.DEFAULT_GOAL := help

help: ## Show the targets
	@awk -F ':.*## ' '/^[a-z%.-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

all: .venv/installed ## Draw every preset in all usual formats, the gallery out/index.html, and README's tables
	$(BIN)/convgif render --all --output out --formats $(FORMATS) $(OURS)
	$(BIN)/convgif gallery --output out
	$(BIN)/python -m tests.readme

%.gif: .venv/installed ## Draw one figure, for example make dilation.gif: out/gif/dilation.gif
	$(BIN)/convgif render $* --output out --formats gif $(OURS)

%.svg: .venv/installed ## Likewise: out/svg/dilation.svg
	$(BIN)/convgif render $* --output out --formats svg $(OURS)

test: .venv/installed-test ## Run the tests
	$(BIN)/pytest -q -n auto --dist worksteal

lint: .venv/installed-dev ## Check format, style and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: .venv/installed-test ## Measure speed, size and memory, against a plain matplotlib script
	$(BIN)/python -m tests.bench

bench-check: .venv/installed-test ## Compare ratios of times and bytes with those that are stored
	$(BIN)/python -m tests.bench.ratios

bench-baseline: .venv/installed-test ## Store these ratios, draw out/bench.svg, and tell README
	$(BIN)/python -m tests.bench.ratios --store
	$(BIN)/python -m tests.readme

bench-many: .venv/installed-frameworks ## Draw hundreds of figures by one to four workers of dask
	$(BIN)/python -m tests.bench.many

fuzz: .venv/installed-test ## Try arguments, presets, manifests and commands at random: make fuzz COUNT=1000 SEED=1
	$(BIN)/python -m tests.fuzz --count $(or $(COUNT),200000) --seed $(or $(SEED),0)

contact: .venv/installed-test ## Draw contact sheets, to look at every preset: out/contact/FAMILY.png
	$(BIN)/python -m tests.contact -o out/contact

torch: .venv/installed-torch ## Install PyTorch, so that make test compares with it too

frameworks: .venv/installed-frameworks ## Likewise all frameworks that layers are read from, and dask

pages: .venv/installed-pages ## Install Playwright and nbconvert, so that make test looks at pages and notebooks too

clean: ## Remove what the other targets made, but the committed figures
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .hypothesis
	git clean -fdxq out
	find convgif presets tests -name __pycache__ -prune -exec rm -rf {} +

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "convgif needs Python 3.11 or newer, this is %d.%d; choose with make PYTHON=..." % sys.version_info[:2])'
	$(PYTHON) -m venv .venv

.venv/installed: .venv/bin/python setup.cfg pyproject.toml
	$(BIN)/pip install --quiet --editable .
	@touch $@

.venv/installed-test: .venv/installed
	$(BIN)/pip install --quiet --editable '.[test]'
	@touch $@

.venv/installed-dev: .venv/installed-test
	$(BIN)/pip install --quiet --editable '.[test,dev]'
	@touch $@

.venv/installed-pages: .venv/installed-test
	$(BIN)/pip install --quiet --editable '.[pages]'
	@touch $@

.venv/installed-torch: .venv/installed-test
	$(BIN)/pip install --quiet --editable '.[torch]'
	@touch $@

.venv/installed-frameworks: .venv/installed-torch
	$(BIN)/pip install --quiet --editable '.[keras,onnx,dask]'
	$(BIN)/pip install --quiet --editable '.[flax]' || echo 'note: there is no Flax for this Python, so it is not compared with'
	@touch $@
