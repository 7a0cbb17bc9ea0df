"""The facts that the Go test beside this folder writes down: vectors, endpoints, codes (client/clienttest)."""

import json
import os

import pytest

pytest_plugins = ["pytester"]


@pytest.fixture(scope="session")
def facts():
    with open(os.environ["ETCP_MOCK_FACTS"], encoding="utf-8") as f:
        return json.load(f)
