# Each target is a task of tasks.py, which sets up what it needs. Windows: py tasks.py lab

PYTHON ?= python3

.PHONY: help lab test check lint notebooks bench test-colab lock
.NOTPARALLEL:

help:
	@$(PYTHON) tasks.py help

lab:
	@$(PYTHON) tasks.py lab $(if $(EDIT),--edit) $(ARGS)

test notebooks:
	@$(PYTHON) tasks.py $@ $(LESSON) $(ARGS)

check lint bench test-colab lock:
	@$(PYTHON) tasks.py $@ $(ARGS)
