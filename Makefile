# make demo | test | check | bench | services | screenshots | install
SHELL := /bin/sh
PYTHON_IN_VENV := .venv/bin/python
PORT ?= 8000

.PHONY: help install demo test check bench services screenshots messages

help: ## say what there is
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*## /\t/'

install: ## build .venv from the pinned packages (PYTHON=/path/to/python3 names the Python)
	@PORTAL_PARENT=$$PPID exec deploy/install base

demo: install ## run the demo city on http://localhost:8000 (PORT=8100 moves it, RESET=1 starts over)
	@PORTAL_PARENT=$$PPID PORT='$(PORT)' RESET='$(RESET)' DJANGO_SETTINGS_MODULE=portal.settings.demo exec $(PYTHON_IN_VENV) manage.py demo

# What counts seconds, listens on a socket or empties tables waits until all else is done.
ALONE := tests/delivery tests/jobs/test_worker.py tests/jobs/test_telling.py tests/search/test_elasticsearch_faults.py
TWO := -n 2 --dist loadfile --no-loadscope-reorder
BY_TWO := $(TWO) $(ALONE:%=--ignore %)

test: ## set up and run every test
	@deploy/install dev
	@$(PYTHON_IN_VENV) -m pytest tests -q -m "not browser" $(BY_TWO)
	@$(PYTHON_IN_VENV) -m pytest $(ALONE) -q -m "not browser" $(TWO)
	@$(PYTHON_IN_VENV) -m tests.services.postgresql \
		$(PYTHON_IN_VENV) -m pytest tests -q -m "database and not page and not browser" $(BY_TWO)
	@$(PYTHON_IN_VENV) -m pytest tests -q -m browser -n 2

check: ## format, lint, templates, import rules, types, migrations, messages
	@deploy/install dev
	@.venv/bin/ruff format --check -q . && .venv/bin/ruff check -q .
	@.venv/bin/djlint --lint templates
	@said=$$(.venv/bin/lint-imports --no-logo 2>&1) || { echo "$$said"; exit 1; }
	@.venv/bin/mypy --no-error-summary
	@DJANGO_SETTINGS_MODULE=portal.settings.test $(PYTHON_IN_VENV) manage.py makemigrations --check --dry-run
	@$(PYTHON_IN_VENV) deploy/catalogue.py check

messages: ## bring the Chinese catalogue up to date
	@deploy/install dev
	@$(PYTHON_IN_VENV) deploy/catalogue.py update

services: ## run PostgreSQL, Redis and Elasticsearch for development until Ctrl-C
	@deploy/install dev
	@$(PYTHON_IN_VENV) -m tests.services

screenshots: ## take the pictures of docs/images anew
	@deploy/install dev
	@DJANGO_SETTINGS_MODULE=portal.settings.demo $(PYTHON_IN_VENV) -m tests.e2e.screenshots

bench: ## measure, as ratios in one run; the figures go to docs/bench.json
	@deploy/install dev
	@DJANGO_SETTINGS_MODULE=portal.settings.demo $(PYTHON_IN_VENV) manage.py bench_search --output docs/bench.json
	@DJANGO_SETTINGS_MODULE=portal.settings.demo $(PYTHON_IN_VENV) -m tests.services.elasticsearch \
		$(PYTHON_IN_VENV) manage.py bench_search --elasticsearch --output docs/bench.json
	@DJANGO_SETTINGS_MODULE=portal.settings.demo $(PYTHON_IN_VENV) manage.py bench_memory --output docs/bench.json
	@$(PYTHON_IN_VENV) -m tests.services.postgresql sh -c '$(PYTHON_IN_VENV) manage.py bench_cases --output docs/bench.json \
		&& $(PYTHON_IN_VENV) manage.py bench_oversight --output docs/bench.json'
	@$(PYTHON_IN_VENV) -m tests.services.postgresql $(PYTHON_IN_VENV) manage.py bench_fairs --output docs/bench.json
	@DJANGO_SETTINGS_MODULE=portal.settings.demo $(PYTHON_IN_VENV) manage.py bench_evaluation --output docs/bench.json
	@DJANGO_SETTINGS_MODULE=portal.settings.demo $(PYTHON_IN_VENV) manage.py bench_schedule --output docs/bench.json \
		$${PORTAL_FAIRS_DATA:+--fairs "$$PORTAL_FAIRS_DATA" --table docs/scheduling.md}
