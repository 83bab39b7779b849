# Two commands need nothing but Python 3.11 or newer and make: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SERVE ?= 1
ARGS ?=
WORKERS ?= 3

.PHONY: help demo test check lint format types arrows durations nightly bench chaos chaos-workers fuzz day firefox screenshots size wheel sbom clean
help:  ## say what each target does
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/.base: pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.dev: pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[timm,onnx,postgres,dev]'
	@touch $(VENV)/.base $@

demo: $(VENV)/.base  ## all four stages on a self-made dataset, then serve it (SERVE=0 ends before)
	@$(BIN)/multilabelfy demo $(if $(filter 0,$(SERVE)),--no-serve,) $(ARGS)

test: $(VENV)/.dev  ## every test, in random order, WORKERS=3 at once: on two cores a third fills the waits
	@$(BIN)/python scripts/browser.py
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadscope --no-loadscope-reorder $(ARGS)

durations: $(VENV)/.dev  ## measure every test into tests/durations.json, and refuse what is long without a reason
	@$(BIN)/python scripts/browser.py
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadscope --no-loadscope-reorder --record-durations $(ARGS)

nightly: $(VENV)/.dev  ## the long tests in their long form: twenty kills, hundreds of chaotic answers
	@$(BIN)/python scripts/browser.py
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadscope --no-loadscope-reorder --nightly --timeout 3600 -m long $(ARGS)

check: $(VENV)/.dev lint types arrows test  ## what CI runs

lint: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

format: $(VENV)/.dev  ## put the code into its form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

types: $(VENV)/.dev
	$(BIN)/mypy

arrows: $(VENV)/.dev
	$(BIN)/lint-imports

bench: $(VENV)/.dev  ## speed and memory, as ratios against a named alternative
	@for bench in bench/bench_*.py; do echo "== $$bench"; $(BIN)/python $$bench $(ARGS) || exit 1; done

chaos: $(VENV)/.dev  ## 10,000 answers while server, network and browser break (ARGS="--seed 7 --answers 500")
	@$(BIN)/python scripts/browser.py
	$(BIN)/python -m tests.chaos.run $(ARGS)

chaos-workers: $(VENV)/.dev  ## 10,000 answers of 16 people while 200 workers are killed (ARGS="--killed postgres server --kills 50 --answers 500")
	@$(BIN)/python -m tests.chaos.workers $(ARGS)

fuzz: $(VENV)/.dev  ## 100,000 odd requests over every route by everybody (ARGS="--seed 7 --requests 2000")
	@$(BIN)/python -m tests.fuzz.run $(ARGS)

day: $(VENV)/.dev  ## 24 hours of a study of 16 people in fast-forward (ARGS="--people 4 --images 500")
	@$(BIN)/python -m tests.fast_forward.run $(ARGS)

firefox: $(VENV)/.dev  ## annotate and refine in Firefox by keys and by mouse, held against the store (outside `make test`)
	@$(BIN)/python scripts/firefox.py
	$(BIN)/python -m tests.firefox.run $(ARGS)

screenshots: $(VENV)/.dev  ## every page: wide, phone, dark
	@$(BIN)/python scripts/browser.py
	$(BIN)/python scripts/screenshots.py $(ARGS)

size: $(VENV)/.dev  ## how large the project is, in lines, modules, folders, words, and the files that an answer passes (ARGS=--list names them)
	@$(BIN)/python scripts/size.py $(ARGS)

wheel: $(VENV)/.dev  ## build the wheel into dist/
	$(BIN)/python -m build --wheel

sbom: $(VENV)/.dev  ## what a release is made with, as CycloneDX into dist/: the base install, and with all extras
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[timm,transformers,onnx,ray,parquet,remote,postgres,tls,metrics,cleanlab,kin,dev]'
	@$(BIN)/python scripts/sbom.py

clean:  ## remove what the other targets made
	rm -rf $(VENV) build dist demo-workspace screenshots .mypy_cache .ruff_cache .pytest_cache .hypothesis
