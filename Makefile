# Two commands do all set-up: `make demo` opens the desk on a made-up county, `make test` checks everything.
# Python 3.11 or newer and make are all that a fresh machine needs.

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
ARGS   ?=

export PIP_DISABLE_PIP_VERSION_CHECK = 1
export PIP_CONSTRAINT = $(CURDIR)/constraints.txt

.PHONY: demo test lint types arrows words unit bench year storm chaos fuzz catalogue pictures fax-lab modem-lab clean

demo: $(VENV)/.desk
	@$(BIN)/desk demo $(ARGS)

test: lint types arrows words unit

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

arrows: $(VENV)/.dev
	$(BIN)/lint-imports

words: $(VENV)/.dev
	$(BIN)/python tools/catalogue.py check

unit: $(VENV)/.dev
	$(BIN)/python -m pytest -n 2 --dist worksteal $(ARGS)

year: $(VENV)/.dev
	$(BIN)/python -m tools.year $(ARGS)

storm: $(VENV)/.dev
	$(BIN)/python -m tools.storm $(ARGS)

# Ten minutes in which everything fails; as root also with a full disk. ARGS="--seed 7 --engine sqlite" for another day.
chaos: $(VENV)/.dev
	$(BIN)/python -m tools.chaos $(ARGS)

# Guided by coverage where atheris is installed (the extra `fuzz`); an hour or so, on one core.
fuzz: $(VENV)/.dev
	$(BIN)/python -m tools.fuzz $(ARGS)

bench: $(VENV)/.dev
	$(BIN)/python -m bench $(ARGS)

catalogue: $(VENV)/.dev
	$(BIN)/python tools/catalogue.py update

pictures: $(VENV)/.dev
	$(BIN)/python tools/pictures.py
	$(BIN)/python tools/paper_pictures.py

# As root, with the packages named in the two scripts; neither is part of `make test`.
fax-lab: $(VENV)/.dev
	tools/fax_lab.sh start
	$(BIN)/python -m pytest -m hylafax tests/spools $(ARGS); ended=$$?; tools/fax_lab.sh stop; exit $$ended

modem-lab: $(VENV)/.dev
	tools/modem_lab.sh start
	$(BIN)/python -m pytest -m modem tests/spools $(ARGS); ended=$$?; tools/modem_lab.sh stop; exit $$ended

clean:
	rm -rf $(VENV) .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name one with make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.desk: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.desk
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@
