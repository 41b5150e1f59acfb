# Everything a person runs; each target sets up what it needs in .venv.
PYTHON ?= python3
BIN := .venv/bin
PUBLISHER ?= demo
ARTICLES ?= 120
SEED ?= 1
OUTPUT ?= $(or $(NEWSBOT_OUTPUT),output)

.DEFAULT_GOAL := help
.PHONY: help setup crawl test lint unit test-slow train accuracy lock clean

help:
	@echo "make crawl                 crawl the demo newspaper on loopback into $(OUTPUT)/"
	@echo "make crawl PUBLISHER=rt    crawl a real site (set NEWSBOT_CONTACT first)"
	@echo "make test                  every check and test"
	@echo "make test-slow             the slow tests: PySpark readers, many kills"
	@echo "make train                 rebuild the extraction model from ../shared/corpus"
	@echo "make accuracy              the accuracy table on ../shared/corpus"
	@echo "make lock                  lock the dependencies anew, with hashes"

setup: .venv/ready

.venv/ready: requirements/dev.lock pyproject.toml setup.py $(wildcard newsbot/*/*.c)
	@$(PYTHON) -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "newsbot needs Python 3.11 or later with venv: apt-get install python3 python3-venv, or make PYTHON=/path/to/python3.11"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "setting up .venv (a minute or two, once) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

crawl: setup
ifeq ($(PUBLISHER),demo)
	@NEWSBOT_OUTPUT=$(OUTPUT) $(BIN)/python -m newsbot.demo --articles $(ARTICLES) --seed $(SEED) \
	  --run $(BIN)/scrapy crawl news -a publisher=demo
else
	@NEWSBOT_OUTPUT=$(OUTPUT) $(BIN)/scrapy crawl news -a publisher=$(PUBLISHER)
endif
	@echo && NEWSBOT_OUTPUT=$(OUTPUT) $(BIN)/scrapy dataset info

test: lint unit

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

unit: setup
	$(BIN)/python -m pytest -m "not slow"

test-slow: setup
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/spark.lock
	$(BIN)/python -m pytest -m slow

# Headlines first: dates are looked for beside them, and the model of blocks reads what they say of each block.
train: setup
	$(BIN)/python -m benchmarks.train_headlines ../shared/corpus
	$(BIN)/python -m benchmarks.train_dates ../shared/corpus
	$(BIN)/python -m benchmarks.train ../shared/corpus
	$(BIN)/python -m benchmarks.train_dumps ../shared/corpus

accuracy: setup
	$(BIN)/python -m benchmarks.accuracy ../shared/corpus

# uv resolves; what it writes is installed by plain pip.
lock:
	uv pip compile pyproject.toml --extra readers --extra s3 --extra delta --extra train --extra render --group dev \
	  --group bench --python-version 3.11 --universal --generate-hashes --no-annotate --no-header --quiet \
	  --output-file requirements/dev.lock
	uv pip compile --group spark --python-version 3.11 --universal --generate-hashes --no-annotate \
	  --no-header --quiet --output-file requirements/spark.lock

clean:
	rm -rf .venv build *.egg-info newsbot/*/*.so .mypy_cache .ruff_cache .pytest_cache
