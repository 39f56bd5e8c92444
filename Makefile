# Every target works in a fresh clone: it makes .venv from the lock first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# One more than two cores: many tests wait for a device's own clock, and each more collects anew.
WORKERS := -n 3 --dist worksteal
# Tests start hundreds of processes: what one of them compiled, the next need not.
unexport PYTHONDONTWRITEBYTECODE
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check install

.PHONY: install run bench test test-quick test-window lint seeds screenshots docs reference-band lock clean soak matrix mutants fhir firmware

$(VENV)/.stamp: requirements.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes -r requirements.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	.ci/system-packages qt
	touch $@

install: $(VENV)/.stamp

run: install
	$(BIN)/python -m console.demonstration

test: install
	.ci/system-packages test
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest $(WORKERS) -m "not window and not seeds and not firmware"

test-quick: install
	.ci/system-packages test
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest $(WORKERS) -m "not window and not seeds and not slow and not firmware"

test-window: install
	.ci/system-packages window
	.ci/with-display $(BIN)/python -m pytest -m window tests/window

lint: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.evidence --check

seeds: install
	$(BIN)/python -m pytest -n 2 -m seeds

bench: install
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.bench

# FHIR by a validator that is not ours; needs node and npm, and fetches 96 MB: not in CI.
fhir: install
	npm install --prefix tests/report/medplum --no-package-lock --no-audit --no-fund --silent
	PYTHONPATH=. $(BIN)/python tests/report/write_bundles.py build/fhir
	node tests/report/medplum/check.mjs build/fhir/*.json

matrix: install
	$(BIN)/python -m pytest -n 2 -v tests/endtoend/test_e2e_matrix_steps.py tests/endtoend/test_e2e_matrix.py

# The reference device in C: checked, fuzzed, compared, on this computer and on an emulated board.
# CORE_MUTANTS=1 also breaks it in each of its ways, about ten minutes more.
firmware: install
	.ci/system-packages firmware
	$(BIN)/python -m tests.firmware.report $(if $(CORE_MUTANTS),--mutants)

mutants: install
	$(BIN)/python -m tests.mutants

soak: install
	QT_QPA_PLATFORM=offscreen $(BIN)/python tests/soak/soak.py --hours 8 --write docs

screenshots: install
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m console.ui.screenshots build/screenshots

docs: install
	$(BIN)/python -m simulator.physics.validate --write
	$(BIN)/python -m simulator.signatures.document --write
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.evidence --write
	$(BIN)/cryoprobe hazards --markdown > docs/hazards.md
	COLUMNS=100 $(BIN)/cryoprobe manual > docs/cryoprobe.1

# Long: 3,600 runs of three minutes, about half an hour of one core with numba.
reference-band: install
	$(BIN)/python -m simulator.physics.make_reference_band console/data/reference_band.csv

lock:
	uv pip compile pyproject.toml --extra dev --universal --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements.txt

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
