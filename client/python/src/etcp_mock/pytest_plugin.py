"""Fixtures for pytest: ``etcp_mock``, a server for the whole run, and ``etcp_sandbox``, a sandbox for each test.

    def test_parking(etcp_sandbox):
        etcp_sandbox.enter("渝ATX061")

    @pytest.mark.etcp_mock(fixture={"clock": "2020-02-29 08:00:00"}, seed=7)
    def test_leap_day(etcp_sandbox): ...

When such a test fails, the section "etcp-mock" of its report says what the mock refused and why.
"""

from __future__ import annotations

from typing import Any, Iterator

import pytest

from .testing import Mock, MockError, Sandbox

_SANDBOX = pytest.StashKey[Sandbox]()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "etcp_mock(fixture=None, scenario=None, seed=1): what etcp_sandbox starts from")


@pytest.fixture(scope="session")
def etcp_mock() -> Iterator[Mock]:
    """The mock at $ETCP_MOCK_URL, or one that is started for this run ($ETCP_MOCK_BIN, or etcp-mock of the PATH)."""
    with Mock.start() as mock:
        yield mock


@pytest.fixture
def etcp_sandbox(request: pytest.FixtureRequest, etcp_mock: Mock) -> Iterator[Sandbox]:
    """A sandbox of the test's own; the mark ``etcp_mock`` says what it starts from."""
    mark = request.node.get_closest_marker("etcp_mock")
    sandbox = etcp_mock.sandbox(*mark.args, **mark.kwargs) if mark else etcp_mock.sandbox()
    request.node.stash[_SANDBOX] = sandbox
    yield sandbox
    sandbox.close()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[Any]) -> Iterator[None]:
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    sandbox = item.stash.get(_SANDBOX, None)
    if report.when == "call" and report.failed and sandbox:
        try:
            text = sandbox.report()
        except MockError as e:
            text = str(e)
        if text:
            report.sections.append(("etcp-mock", text))
