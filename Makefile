# The logic is in tools/; here is only what is called in which order.

# A Python that really runs (a name on PATH can be an empty shim): enough to build the environments.
PYTHON := $(shell for name in python3 python3.13 python3.12 python3.11 python3.10 python; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 8))' 2>/dev/null && echo $$name && break; done)
BIN := .venv/bin
RASA_BIN := .venv-rasa/bin
RASA_DATA := data/nlu data/rules $(wildcard data/stories)
RASA_STORIES := $(if $(wildcard tests/stories/*.yml),tests/stories)
export RASA_TELEMETRY_ENABLED := false
export TF_CPP_MIN_LOG_LEVEL := 3
# Each of the many processes that tests start would compile our code anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run chat widget bench eval load soak faults fuzz audit test doctor backup capacity pictures check check-data lint types layers train environments
.DEFAULT_GOAL := help

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

run: environments ## build what is missing, start An Sinh, print its address; Ctrl-C stops it
	@$(BIN)/python -m tools.run

chat: environments ## talk to a running An Sinh in the terminal
	@$(BIN)/python -m bot.cli.chat

widget: environments ## build the browser widget and the console's styles unless they are up to date
	@$(BIN)/python -m tools.frontend

train: environments ## train the Rasa model unless one fits
	@$(BIN)/python -m tools.model

bench: environments ## measure An Sinh against the stock Rasa bot, and a workbook of 5,000 rows, into var/reports
	@$(BIN)/python -m bench
	@$(BIN)/python -m bench.sheets

eval: environments ## measure how questions are understood, into var/reports; EVAL="--stock --quick 20" for more or less
	@$(BIN)/python -m evaluation $(EVAL)

load: environments ## 10, 50 and 200 citizens at once on PostgreSQL behind nginx, beside the stock bot; into var/reports
	@$(BIN)/python -m bench.load.course $(LOAD)

soak: environments ## ten citizens for half an hour: memory and speed over time, into var/reports; MINUTES=5 for less
	@$(BIN)/python -m bench.load.soak --minutes $(or $(MINUTES),30)

doctor: ## look this set-up over and say what to mend, before citizens are served
	@$(BIN)/python -m bot.cli.doctor

capacity: environments ## what a turn costs each process, and what a broadcast then needs, into var/reports
	@$(BIN)/python -m bench.capacity

faults: environments ## injure the real stack under load in every way, for half an hour; the results into docs/faults.md
	@$(BIN)/python -m tests.faults

backup: environments ## back the database up while An Sinh runs, into ANSINH_BACKUP_FOLDER
	@$(BIN)/python -m bot.cli.backup create

pictures: environments ## take the pictures of the officers' guide and of the README anew
	@$(BIN)/python -m pictures

check: lint types layers ## linter, types and dependencies between packages

check-data: environments ## what data/ says: overlaps, gaps, ended documents, FAQ figures; into var/reports
	@$(BIN)/python -m bot.knowledge.auditing data

lint: environments ## ruff: style and likely mistakes
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: environments ## mypy, once in each environment, and TypeScript's compiler
	$(BIN)/mypy --exclude '^bot/nlu/' bot actions tools bench evaluation pictures
	$(RASA_BIN)/mypy --cache-dir .mypy_cache/rasa bot/text bot/nlu
	$(BIN)/python -m tools.frontend run check

layers: environments ## import-linter: dependencies point one way
	$(BIN)/lint-imports

test: check train widget ## everything: checks, Rasa's data and stories, all tests
	LOG_LEVEL=WARNING $(RASA_BIN)/rasa data validate --config config.yml --domain domain.yml --data $(RASA_DATA)
	$(if $(RASA_STORIES),$(RASA_BIN)/rasa test core --stories $(RASA_STORIES) --model "$$($(BIN)/python -m tools.model)" --out var/story-tests --fail-on-prediction-errors)
	$(RASA_BIN)/python -m pytest tests/text tests/nlu
	$(BIN)/python -m tools.frontend test
	$(BIN)/python -m pytest --ignore=tests/nlu -n 2 --dist loadfile

# How long the fuzzing goes on, in seconds.
FUZZ := 3600

fuzz: environments widget ## throw odd input at parsers, gateway and console for an hour; FUZZ=600 for less
	@$(RASA_BIN)/python -m tests.fuzz.run nlu --seconds $(FUZZ) & nlu=$$!; \
	$(BIN)/python -m tests.fuzz.run service --seconds $(FUZZ); service=$$?; \
	wait $$nlu && exit $$service

audit: environments ## advisories about the locked packages, less those that requirements/advisories.toml accepts
	@$(BIN)/python -m tools.audit

environments:
	@test -n "$(PYTHON)" || { echo 'Không tìm thấy Python chạy được trên PATH. Hãy cài python3 (từ 3.8) rồi chạy lại.'; \
		echo 'No working Python on PATH. Install python3 (3.8 or later) and run again.'; exit 1; }
	@$(PYTHON) -m tools.bootstrap
