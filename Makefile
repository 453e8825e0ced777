# Two targets are all that a newcomer needs: `make demo` and `make test`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TOOLS := .tools/bin
# The reference plant's evidence was collected in these days; assessed on a fixed day, the demo reads the same next year.
DEMO_DATE := 2026-11-20

.PHONY: demo test check-style check-types check-imports check-policies check-code bench docs lock tools clean
.DEFAULT_GOAL := demo

demo: $(VENV)/.ready
	@$(BIN)/plantproof pack --at HEAD --date $(DEMO_DATE) --output build/pack --summary demo
	@rm -rf build/plants && $(BIN)/plantproof init --sample build/plants --quiet
	@printf 'A change that waits in their history, build/plants:\n  '
	@$(BIN)/plantproof diff -C build/plants main change/recipes --exit-zero | tail -n 1

test: $(VENV)/.ready-to-test check-style check-types check-imports tools check-policies check-code

check-style:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/shellcheck -x ci/*.sh

check-types:
	$(BIN)/mypy

check-imports:
	$(BIN)/lint-imports

check-code:
	$(BIN)/coverage erase
	PATH="$(CURDIR)/$(TOOLS):$$PATH" $(BIN)/coverage run -m pytest -n auto --durations=25 --durations-min=5
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

check-policies:
	$(BIN)/plantproof test
	PATH="$(CURDIR)/$(TOOLS):$$PATH" $(BIN)/python tools/check_policies_with_opa.py

bench: $(VENV)/.ready-to-test tools
	PATH="$(CURDIR)/$(TOOLS):$$PATH" $(BIN)/python -m benchmarks $(BENCH)

docs: $(VENV)/.ready
	$(BIN)/python tools/generate_reference.py

tools: $(VENV)/.ready-to-test
	$(BIN)/python tools/provide_tools.py

lock:
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 \
	    pyproject.toml --group build -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 \
	    pyproject.toml --group build --group test -o requirements-test.lock

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Plantproof needs Python 3.11 or newer; try: make PYTHON=python3.11 demo")'
	@$(PYTHON) -m venv $(VENV) || { echo "the venv module is missing; on Debian: apt-get install python3-venv" >&2; exit 1; }
	@touch $@

$(VENV)/.ready: $(VENV)/.made requirements.lock pyproject.toml
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.ready-to-test: $(VENV)/.ready requirements-test.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-test.lock
	@touch $@

clean:
	rm -rf $(VENV) .tools build dist .coverage*
