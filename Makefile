# Everything needs only Python >= 3.11 (with venv), make and git.
PYTHON ?= python3
BIN := .venv/bin

# Tests wait for other processes some of the time, so one process more than there are cores keeps all cores busy.
PROCESSES ?= $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 1)')

# Tests start this package hundreds of times. Without byte code, each start compiles it.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup demo check test lint types imports unit all-tests console lock docs sbom clean

# Make .venv with the scenedex command in it.
setup: .venv/installed
	@echo "Installed. Start a server: $(BIN)/scenedex serve"

.venv/installed: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed; set PYTHON=")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	touch $@

# Import and analyse a video (VIDEO=path, else one made for this) and show what was found. On a terminal it asks once whether
# to download weights for speech. DEMO_WEIGHTS=yes or no answers that. Without a terminal the answer is no.
demo: .venv/installed
	$(BIN)/scenedex demo $(if $(VIDEO),--video "$(VIDEO)")

# All checks that start no server and no database. The types take one core for as long as all else takes another.
check: .venv/installed
	@$(MAKE) --no-print-directory --jobs=2 types lint imports unit

# All checks and all tests.
test: .venv/installed
	@$(MAKE) --no-print-directory --jobs=2 types lint imports all-tests

lint: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/installed
	$(BIN)/basedpyright

imports: .venv/installed
	$(BIN)/lint-imports

# Prose and unit tests.
unit: .venv/installed
	$(BIN)/python -m pytest --hypothesis-profile=check tests/unit

# Acceptance tests are collected first and take longest, so groups are begun in that order.
# The profile draws the same examples each time; pytest alone draws others, and so finds more.
all-tests: .venv/installed
	$(BIN)/python -m pytest --numprocesses=$(PROCESSES) --dist=loadgroup --no-loadscope-reorder --hypothesis-profile=ci

# Write the generated pages of docs/reference anew.
docs: .venv/installed
	$(BIN)/python docs/generate.py

# Build the page of the console anew (needs Node 20 or later). What it writes is committed, so that nobody else needs Node.
console: .venv/installed console/node_modules/.package-lock.json
	$(BIN)/python console/schema.py > console/schema.json
	cd console && npm run types && npm run check && npm test && npm run build

console/node_modules/.package-lock.json: console/package.json console/package-lock.json
	cd console && npm ci --no-audit --no-fund
	touch $@

# Write the bill of materials and the notices of third parties of this installation to dist/.
sbom: setup
	$(BIN)/python deploy/sbom/write.py --lock requirements.lock --into dist

# Compile the lock for all supported Python versions (needs uv).
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --group dev --all-extras --no-emit-index-url --no-header pyproject.toml -o requirements.lock

clean:
	rm -rf .venv scenedex-demo
