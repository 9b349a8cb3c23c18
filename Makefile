# make demo   judge an example partner by the H3C star policy
# make test   style and tests (minutes)
# make nightly   what takes longer: types, properties on many examples, new ones each time, and make mutants
# make mutants   changes every shipped policy, one thing at a time: does some case notice?
#
# All set themselves up: they need a Python of 3.11 or later and make, nothing else.

VENV   ?= .venv
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3.14 python3 python; do \
            $$p -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$p && break; done)
RUN    := $(VENV)/bin/python
PIP    := $(RUN) -m pip --disable-pip-version-check --quiet
MUTATED ?= 2022_inspur alicloud_fy22 h3c_star_2024 huawei_2025 inspur_bid_2018
# A process for every core; one that has done its share takes over from the longest queue, so that neighbours, which
# read the same policies, mostly stay together and none waits at the end.
PYTEST := $(RUN) -m pytest --numprocesses auto --dist worksteal

# Compiled files are kept: the tests start the command line hundreds of times.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test style types unit nightly many mutants golden clean
.DELETE_ON_ERROR:

demo: $(VENV)/.installed
	$(RUN) -m policydsl eval policies/h3c_star_2024.pol examples/h3c_star_2024.yaml
	@echo
	@echo '# 其中一个结论的依据 the grounds of one result:'
	$(RUN) -m policydsl eval policies/h3c_star_2024.pol examples/h3c_star_2024.yaml --only 季度考核

test: style unit

style: $(VENV)/.installed-dev
	$(RUN) -m ruff check policydsl tests tools bench

types: $(VENV)/.installed-dev
	$(RUN) -m mypy -p policydsl

unit: $(VENV)/.installed-dev
	$(PYTEST)

nightly: types many mutants

many: $(VENV)/.installed-dev
	@seed=$${SEED:-$$($(RUN) -c 'import secrets; print(secrets.randbits(32))')}; \
	echo "SEED=$$seed  # gives the same examples again: SEED=$$seed make nightly"; \
	SEED=$$seed $(PYTEST) -rf -m 'nightly or hypothesis or sampled' --hypothesis-profile many --hypothesis-seed $$seed

mutants: $(VENV)/.installed
	$(RUN) -m policydsl test $(MUTATED) --mutate --fail-under 90

# Rewrites the expected renderings; look at `git diff tests/golden` before keeping them.
golden: $(VENV)/.installed-dev
	UPDATE_GOLDEN=1 $(RUN) -m pytest tests/test_render_text.py tests/test_render_json.py

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(RUN):
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later (with venv) is needed; give its path: make PYTHON=..." >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(RUN)
	$(PIP) install --editable .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml | $(RUN)
	$(PIP) install --editable '.[dev]'
	@touch $@ $(VENV)/.installed
