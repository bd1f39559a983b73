# `make` alone lists what there is. Everything runs in .venv, which is made when it is needed.
.DEFAULT_GOAL := help
.PHONY: help run test lint format messages requirements screens bench lock
BIN := .venv/bin
PAGES = $$(find templates -name "*.html")

help: ## this list
	@sed -n "s/^\([a-z]*\):[^#]*## /  make \1\t/p" Makefile | expand -t 22

run: export DEMO = 1
run: ## start Werklab with its demo on http://127.0.0.1:8000/ (PORT=8001 moves it)
	@sh .ci/system.sh run
	@sh .ci/venv.sh base
	@$(BIN)/python .ci/prepare.py
	@$(BIN)/python .ci/serve.py

test: lint ## everything that proves the product; on the database of DATABASE_URL (default: SQLite)
	@sh .ci/system.sh test
	$(BIN)/python manage.py makemigrations --check --dry-run --settings tests.settings
	@sh .ci/deploy-check.sh
	$(BIN)/pytest -n 4 --dist loadfile --no-loadscope-reorder

lint: ## ruff, djade and mypy
	@sh .ci/system.sh lint
	@sh .ci/venv.sh dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/djade --check $(PAGES)
	$(BIN)/mypy

format: ## put code and templates in order
	@sh .ci/venv.sh dev
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	$(BIN)/djade $(PAGES) || $(BIN)/djade --check $(PAGES)

messages: ## bring the Dutch catalogue up to date with the code and the templates
	@sh .ci/system.sh messages
	@sh .ci/venv.sh dev
	@sh .ci/messages.sh

requirements: ## which requirement is proven by which test
	@sh .ci/venv.sh dev
	@$(BIN)/pytest --requirements

screens: ## a picture of every page, at 1280 and 390 px, in var/screens/
	@sh .ci/system.sh screens
	@sh .ci/venv.sh dev
	@$(BIN)/python -m tests.screens.take

bench: ## measure the pages beside an almost empty view
	@sh .ci/system.sh bench
	@sh .ci/venv.sh dev
	@$(BIN)/python -m tests.bench

lock: ## pin the newest packages that pyproject.toml allows (needs uv)
	@sh .ci/lock.sh
