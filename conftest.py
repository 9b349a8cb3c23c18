"""Our own policies' examples and cases are tests of this suite, whether the package is installed or not."""

from __future__ import annotations

import pytest

from policydsl import pytest_plugin


def pytest_addoption(pluginmanager: pytest.PytestPluginManager) -> None:
    if not pluginmanager.has_plugin("policydsl"):
        pluginmanager.register(pytest_plugin, "policydsl")
