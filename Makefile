# Everything a developer runs. Needs Python 3.11 or newer and make; the rest is installed into .venv.

PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-system lint lint-aws format golden bench fuzz setup-fuzz model

help:
	@echo 'make setup        install what is missing into .venv'
	@echo 'make demo         run everything with examples on http://127.0.0.1:$${PORT:-8000}/'
	@echo 'make test         every test that needs no system package'
	@echo 'make test-system  tests against nginx, Prometheus and Chromium (.ci/run installs them)'
	@echo 'make lint         style, types, missing migrations'
	@echo 'make lint-aws     cfn-lint and checkov on deploy/aws; downloads checkov once'
	@echo 'make format       put the code into the style'
	@echo 'make golden       write the golden gradings anew; read the diff'
	@echo 'make bench        how long a grading takes and how much memory a worker needs'
	@echo 'make fuzz         over ten thousand generated requests to the running API; takes a quarter of an hour'
	@echo 'make model        rebuild the matcher'"'"'s data files'

# The stamp is written last, so that an installation cut short is taken up again.
setup: .venv/.installed

.venv/.installed: requirements.txt requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo 'This needs Python 3.11 or newer and $(PYTHON) is not: type make PYTHON=python3.11 setup.' >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { \
		echo 'Python can not make a virtual environment: install its venv module (on Debian: apt-get install python3-venv).' >&2; \
		rm -rf .venv; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

demo: setup
	@$(BIN)/python manage.py demo

test: setup
	$(BIN)/python -m pytest -n auto $(ARGS)

test-system: setup
	$(BIN)/python -m pytest -m system $(ARGS)

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python manage.py makemigrations --check --dry-run

# checkov pins an older boto3 than ours, so it has an environment of its own.
CHECKOV := 3.3.30

lint-aws: setup .venv/checkov/.installed-$(CHECKOV)
	$(BIN)/cfn-lint deploy/aws/*.yml
	.venv/checkov/bin/python -m checkov.main --directory deploy/aws --framework cloudformation secrets \
		--compact --quiet --skip-download

.venv/checkov/.installed-$(CHECKOV): | .venv/.installed
	$(PYTHON) -m venv .venv/checkov
	.venv/checkov/bin/python -m pip install --quiet --disable-pip-version-check checkov==$(CHECKOV)
	@touch $@

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

golden: setup
	$(BIN)/python -m pytest tests/test_golden.py --golden-update $(ARGS)

bench: setup
	$(BIN)/python -m tests.bench $(ARGS)
	$(BIN)/python -m tests.bench_http

setup-fuzz: setup
	@test -x .venv-fuzz/bin/schemathesis || { $(PYTHON) -m venv .venv-fuzz && \
		.venv-fuzz/bin/pip install --quiet --disable-pip-version-check -r requirements-fuzz.txt; }

fuzz: setup-fuzz
	$(BIN)/python -m tests.fuzz $(ARGS)

model: setup
	$(BIN)/python deploy/model/build_embeddings.py $(ARGS)
