# Every target sets up the environment it needs; nothing has to be installed before.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
ARGS   ?=

.PHONY: setup demo test check fmt bench lock gallery messages docs tour chaos clean

setup: $(READY)

# The lock names every package: without --no-deps older pips resolve extras (coverage[toml]) to releases newer than the
# pinned ones and then refuse them, so that a lock of yesterday breaks today.
$(READY): requirements/dev.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q bot cogs $(VENV)/lib || true
	$(BIN)/python -c "import matplotlib.font_manager"
	touch $(READY)

demo: $(READY)        ## the real bot on the bundled sample, in a page that looks like Discord
	$(BIN)/handoff demo $(ARGS)

test: $(READY)        ## the whole test-suite
	$(BIN)/python -m pytest $(ARGS)

check: $(READY)       ## format, lint, types, import rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fmt: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(READY)       ## every figure beside a reference measured in the same run
	$(BIN)/python -m benchmarks $(ARGS)

gallery: $(READY)     ## every card and generated page of the docs
	$(BIN)/python -m docs.make

messages: $(READY)    ## every text of the code into the catalogues of translations
	$(BIN)/python -m bot.messages

docs: $(READY)        ## the documentation site, into site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

tour: $(READY)        ## the pictures of the walk through, taken in a real browser (needs a chromium)
	HANDOFF_PICTURES=docs/pictures $(BIN)/python -m pytest tests/e2e/test_browser.py

chaos: $(READY)       ## the process that posts killed fifty times over a thousand posts
	$(BIN)/python -m tests.jobs.chaos --posts 1000 --kills 50 $(ARGS)

lock:                 ## pin every dependency with hashes (needs uv)
	uv pip compile --quiet --universal --generate-hashes --custom-compile-command "make lock" --python-version 3.11 \
		--extra dev --extra docs --extra build pyproject.toml -o requirements/dev.txt
	uv pip compile --quiet --universal --generate-hashes --custom-compile-command "make lock" --python-version 3.11 \
		--extra demo --extra build pyproject.toml -o requirements/run.txt

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache htmlcov .coverage
