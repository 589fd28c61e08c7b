# Each target is a task of tasks.py, which sets up what it needs. Windows: py tasks.py lab

PYTHON ?= python3

.PHONY: help lab reset wheelhouse slides colab site check test lint notebooks bench coverage mutants test-colab test-package test-site lock
.NOTPARALLEL:

help:
	@$(PYTHON) tasks.py help

lab:
	@$(PYTHON) tasks.py lab $(if $(EDIT),--edit) $(if $(OFFLINE),--offline) $(ARGS)

reset slides test notebooks:
	@$(PYTHON) tasks.py $@ $(LESSON) $(ARGS)

colab:
	@$(PYTHON) tasks.py colab $(REPO) $(ARGS)

wheelhouse site check lint bench coverage mutants test-colab test-package test-site lock:
	@$(PYTHON) tasks.py $@ $(ARGS)
