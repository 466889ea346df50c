# Every target creates what it needs from a bare python3 and does nothing twice.
UV_VERSION := 0.13.9
BIN := .venv/bin
UV := UV_PROJECT_ENVIRONMENT=.venv $(BIN)/uv
CASE ?= belarus
OUT ?= build/$(CASE).html

.PHONY: brief serve test check lint lowest bench versions mutants bands sanctions cards docs assets changelog wheel lock clean

brief: .venv/run  ## the main job: a brief of the default case, offline
	@mkdir -p build
	$(BIN)/detente brief $(CASE) --out $(OUT)

serve: .venv/run  ## the app, on this machine only
	$(BIN)/detente serve $(CASE)

test: .venv/dev  ## the whole test suite
	OPENBLAS_NUM_THREADS=1 $(BIN)/pytest -n auto --maxprocesses 8 --dist worksteal

check: .venv/dev .venv/docs  ## everything that must pass before a commit, a line for each step
	@$(BIN)/python .ci/check.py

lint: .venv/dev
	@$(BIN)/python .ci/check.py format lint types imports

LOWEST := build/lowest
lowest: .venv/uv  ## the quick part of the tests on the lowest versions that pyproject.toml allows
	$(BIN)/uv venv --quiet --clear $(LOWEST)
	VIRTUAL_ENV=$(LOWEST) $(BIN)/uv pip install --quiet --resolution lowest-direct --editable .
	VIRTUAL_ENV=$(LOWEST) $(BIN)/uv pip freeze --exclude-editable > $(LOWEST)/versions.txt
	VIRTUAL_ENV=$(LOWEST) $(BIN)/uv pip install --quiet --constraint $(LOWEST)/versions.txt \
		pytest hypothesis array-api-strict httpx
	OPENBLAS_NUM_THREADS=1 nice $(LOWEST)/bin/pytest -q tests/trade tests/world tests/cases tests/negotiation

bench: .venv/dev .venv/bench .venv/oracles  ## ratios of speed and the replication, written into docs/
	$(BIN)/python benchmarks/trade.py --write docs/benchmarks.md
	$(BIN)/python benchmarks/negotiation.py --write docs/benchmarks.md
	$(BIN)/python benchmarks/negotiation_deals.py --write docs/benchmarks.md
	$(BIN)/python benchmarks/sizes.py --write docs/benchmarks.md
	$(BIN)/python benchmarks/sanctions.py --write docs/design.md
	$(BIN)/python benchmarks/replication.py --write docs/replication.md --gallery docs/gallery.md
	$(BIN)/python benchmarks/web.py --write docs/app.md

BEFORE ?= ../earlier
versions: .venv/dev  ## speed and memory against another checkout with its .venv, written into docs/
	$(BIN)/python benchmarks/versions.py --before $(BEFORE) --write docs/benchmarks.md

MUTANTS ?= --count 500 --jobs 2
mutants: .venv/dev  ## small faults in functions: which the tests notice, written into docs/
	nice $(BIN)/python benchmarks/mutants.py $(MUTANTS) --write docs/mutations.md

docs: .venv/docs
	$(BIN)/mkdocs build --strict --quiet --site-dir build/site

bands: .venv/dev  ## draw again the bands that are packaged with the default case
	$(BIN)/python data-build/bands.py

sanctions: .venv/dev  ## work out again the sanctions by design that are packaged with cases
	$(BIN)/python data-build/sanctions.py

cards: .venv/dev  ## work out again the answers that stand in the list of cases; after bands
	$(BIN)/python data-build/cards.py

assets:  ## rebuild the committed chart assets (developers only; needs Node)
	cd frontend && npm ci && npm run build

changelog: .venv/dev  ## move the fragments of changelog.d under a heading of the present version
	$(BIN)/towncrier build --yes

wheel: .venv/uv  ## build wheel and sdist, install each on every Python that is there, and ask it
	$(BIN)/python benchmarks/releases.py

lock: .venv/uv
	$(UV) lock

.venv/uv:
	test -x $(BIN)/python || python3 -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@

.venv/run: pyproject.toml uv.lock | .venv/uv
	$(UV) sync --frozen --inexact --quiet
	@touch $@

.venv/dev .venv/docs .venv/bench .venv/oracles: .venv/%: .venv/run
	$(UV) sync --frozen --inexact --quiet --group $*
	@touch $@

clean:
	rm -rf .venv build
