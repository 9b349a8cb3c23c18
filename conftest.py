"""What every test stands on: our own policies' examples and cases are tests of this suite, whether the package is
installed or not; and how properties are tried (``tests/tries.py``), by a count of examples and never by the clock."""

from __future__ import annotations

import gc
import os
from zlib import crc32

import pytest
from hypothesis import HealthCheck, settings

from policydsl import pytest_plugin

settings.register_profile(
    "few", max_examples=45, derandomize=True, deadline=None, database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("many", settings.get_profile("few"), max_examples=200, derandomize=False, print_blob=True)
settings.load_profile("few")

# What the tests keep (policies loaded once) is looked through again and again for garbage, a tenth of the time.
gc.set_threshold(200_000, 50, 1000)


def pytest_collection_finish() -> None:
    """What was read to collect the tests stays to the end, and is not looked through for garbage again."""
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """Once more for what the tests left behind (a file that nobody closed is told); pytest and Python, which would look
    through all that is kept four times, then find nothing to look through."""
    gc.collect()
    gc.freeze()


def pytest_addoption(pluginmanager: pytest.PytestPluginManager) -> None:
    if not pluginmanager.has_plugin("policydsl"):
        pluginmanager.register(pytest_plugin, "policydsl")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """``SHARE=3``: one of three tests, others for another ``SEED`` (what checks a change has not the whole night)."""
    share, seed = int(os.environ.get("SHARE", "1")), int(os.environ.get("SEED", "0"))
    kept = [item for item in items if (crc32(item.nodeid.encode()) + seed) % share == 0]
    if len(kept) < len(items):
        config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
        items[:] = kept
