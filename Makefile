# Maillage: the commands of every day. `make help` lists them.
# Everything lives in .venv (dependencies, pinned with hashes) and in $MAILLAGE_DATA (default ./var).

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BASE := $(VENV)/.base
DEV := $(VENV)/.dev

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test check format bench epreuves screenshots messages lock clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(BASE): requirements/base.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Maillage demande Python 3.11 ou plus récent ($(PYTHON) ne convient pas). Essayez : make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installation des dépendances (empreintes vérifiées)…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/base.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index -e .
	@touch $@

$(DEV): requirements/dev.txt $(BASE)
	@echo "Installation des outils de développement (empreintes vérifiées)…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

setup: $(BASE) ## the environment, with pinned dependencies
setup-dev: $(DEV) ## the environment, and what tests and checks need

run: setup ## serve on http://127.0.0.1:8000, database and data prepared
	@exec $(BIN)/maillage run

test: setup-dev ## every test: SQLite, browser, then the database tests on PostgreSQL
	@$(BIN)/python -m tests.run

check: setup-dev ## style, types, templates, import order, migrations, documentation
	@$(BIN)/python -m tests.check

format: setup-dev ## put the code in its usual shape
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format --quiet .

bench: setup-dev ## measures, as ratios within one run, written to bench/results/
	@$(BIN)/python -m bench.run

epreuves: setup-dev ## the long fault and fuzz programmes
	@$(BIN)/python -m tests.epreuves

screenshots: setup-dev ## the pictures of the README, taken again
	@$(BIN)/python -m tests.screenshots

messages: setup-dev ## extract the texts of the interface and compile the translations
	@$(BIN)/python -m maillage.locale.build

lock: ## resolve the pinned requirements again (needs uv)
	cd requirements && for f in base dev; do uv pip compile --python-version 3.11 --universal --generate-hashes --no-header --quiet $$f.in -o $$f.txt; done

clean: ## remove what can be made again (keeps var/)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info
