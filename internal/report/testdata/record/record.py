"""Records a matrix through the real launcher: one test.xml per type and environment.

Usage: record.py OUT NAME=STORE_PATH…
Each cell runs as rules_weft's suite runs it: once, and again in a fresh process when it did not pass. The golden tests
read what this wrote; it runs by hand, when the launcher's output changes. Run it under `unshare -rn` with lo up.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
PROJECT = os.path.join(HERE, "project")
LAUNCHER = os.path.abspath(os.path.join(HERE, "../../../../rules/launcher"))
OSV = "advisories.json"
# Of the machine that records, nothing stays.
CHECKOUT = os.path.abspath(os.path.join(HERE, "../../../..")) + "/"

# file → type → timeout
PYTHON = {
    "tests/test_clean.py": {"unit": 60},
    "tests/test_crash.py": {"unit": 60},
    "tests/test_data.py": {"unit": 60},
    "tests/test_flaky.py": {"unit": 60},
    "tests/test_hang.py": {"unit": 2},
    "tests/test_home.py": {"unit": 60},
    "tests/test_hostile.py": {"unit": 60},
    "tests/test_lib.py": {"unit": 60},
    "tests/test_match.py": {"unit": 60},
    "tests/test_net.py": {"unit": 60, "integration": 60},
    "tests/test_fit.py": {"unit": 60, "performance": 60},
    "tests/test_secrets.py": {"security": 60},
    "tests/test_empty.py": {"unit": 60},
}
OCTAVE = {"tests/test_flux.m": {"unit": 60}}
UNDECLARED = {"data/extra.csv"}


def files() -> list[str]:
    """Every declared file of the project."""
    found = []
    for folder, _, names in os.walk(PROJECT):
        found += [os.path.relpath(os.path.join(folder, name), PROJECT) for name in names if not name.endswith(".pyc")]
    return sorted(set(found) - UNDECLARED)


def cell(facts: dict, attempt: int) -> tuple[dict, str, str, list]:
    """One attempt, in this interpreter."""
    sys.path.insert(0, LAUNCHER)
    from weft_launcher.cell import run_cell
    from weft_launcher.spec import CellSpec, Manifest
    from weft_launcher.supervise import Stop

    manifest = Manifest()
    manifest.files = [(os.path.join(PROJECT, path), path) for path in files()]
    manifest.sources = [path for path in files() if path.startswith("src/")]
    manifest.imports = ["src"]
    spec = CellSpec(facts, manifest)
    spec.attempt = attempt
    return run_cell(spec, Stop())


def one(facts: dict) -> None:
    """A cell as a suite sees it: prints its testsuite."""
    sys.path.insert(0, LAUNCHER)
    from weft_launcher import junit

    result = cell({**facts, "env": {"ATTEMPT": "1"}}, 1)
    if result.passed:
        print(result.testsuite(), end="")
        return
    first = result
    result = cell({**facts, "env": {"ATTEMPT": "2"}}, 2)
    junit.add_first_attempt(result.cases, junit.document([first.testsuite()]))
    log = result.log
    if result.passed:
        log = f"[weft: first attempt]\n{first.log}\n[weft: second attempt]\n{result.log}"
    print(junit.testsuite(result.cell, result.cases, log, first.cell), end="")


def record(out: str, environments: list[str]) -> None:
    """Every cell of every environment."""
    for argument in environments:
        name, _, store = argument.partition("=")
        octave = os.path.exists(store + "/bin/octave-cli")
        kind = "octave" if octave else "python"
        python = "/usr/bin/python3" if octave else store + "/bin/python3"
        probe = [store + "/bin/octave-cli", "--norc", "--eval", "printf(version)"] if octave else [python, "-c", "import platform; print(platform.python_version(), end='')"]
        version = subprocess.run(probe, stdout=subprocess.PIPE, check=True, text=True).stdout
        suites: dict[str, str] = {}
        for file, types in (OCTAVE if octave else PYTHON).items():
            for kind_of_test, timeout in types.items():
                facts = {
                    "label": "//tests:" + os.path.basename(file).partition(".")[0], "file": file, "type": kind_of_test,
                    "environment": {"name": name, "kind": kind, "version": version, "storePath": store},
                    "timeoutSeconds": timeout, "coverage": kind_of_test == "unit",
                    "advisories": [[os.path.join(HERE, OSV), OSV]] if kind_of_test == "security" else [],
                }
                text = subprocess.run([python, "-B", __file__, "--one", json.dumps(facts)], stdout=subprocess.PIPE, check=True).stdout
                suites[kind_of_test] = suites.get(kind_of_test, "") + text.decode().replace(CHECKOUT, "/checkout/")
                print(name, file, kind_of_test, file=sys.stderr)
        for kind_of_test, text in suites.items():
            with open(os.path.join(out, f"{kind_of_test}@{name}.xml"), "w", encoding="utf-8") as file:
                file.write('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n' + text + "</testsuites>\n")


if __name__ == "__main__":
    if sys.argv[1] == "--one":
        one(json.loads(sys.argv[2]))
    else:
        record(sys.argv[1], sys.argv[2:])
