"""A pytest plugin for the comparison: writes what pytest reports, a JSON object a line, to $PLAIN_VERDICTS.

Written apart from the launcher's, so that a fault of one is not the other's too.
"""

import json
import os

_out = open(os.environ.pop("PLAIN_VERDICTS"), "w", encoding="utf-8")


def _write(**fields):
    _out.write(json.dumps(fields) + "\n")
    _out.flush()


def pytest_sessionstart(session):
    _write(root=str(session.config.rootpath))


def pytest_collectreport(report):
    if report.outcome != "passed":
        _write(id=report.nodeid, when="collect", outcome=report.outcome)


def pytest_collection_finish(session):
    for item in session.items:
        _write(id=item.nodeid, marks=[mark.name for mark in item.iter_markers()])


def pytest_runtest_logreport(report):
    _write(id=report.nodeid, when=report.when, outcome=report.outcome, xfail=hasattr(report, "wasxfail"))


def pytest_terminal_summary(terminalreporter):
    _write(summary={k: len(v) for k, v in terminalreporter.stats.items() if k and k != "warnings"})
