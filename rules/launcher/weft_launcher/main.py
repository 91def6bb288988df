"""The ways in: `main.py cell …` is a build action, `suite` is called by a suite's executable."""

from __future__ import annotations

import os
import sys

USAGE = "usage: main.py cell SPEC MANIFEST CELL.JSON CELL.XML CELL.LOG"


def cell(arguments: list[str]) -> int:
    """The WeftCell action: always succeeds and writes a result, unless it was interrupted or is Weft's own fault."""
    import json

    from weft_launcher import cell as core
    from weft_launcher import junit
    from weft_launcher.spec import CellSpec, read_manifest
    from weft_launcher.supervise import Stop

    facts, manifest, json_path, xml_path, log_path = arguments
    stop = Stop()
    stop.install()
    spec = CellSpec(json.loads(facts), read_manifest(manifest, None))
    result = core.run_cell(spec, stop)
    if stop.signal is not None:
        return 128 + stop.signal
    for path, text in (
        (json_path, junit.compact(result.cell) + "\n"),
        (xml_path, junit.document([result.testsuite()])),
        (log_path, result.log),
    ):
        with open(path, "w", encoding="utf-8", errors="replace") as file:
            file.write(text)
    return 0


def suite(root: str, spec: str, arguments: list[str]) -> int:
    """A suite's test action. root is the runfiles folder of the main repository, spec a file in it."""
    from weft_launcher import suite as gather
    from weft_launcher.bazel import TestRun
    from weft_launcher.supervise import Stop

    # Whatever the tests printed must not stop the report of it.
    sys.stdout.reconfigure(errors="backslashreplace")
    test = TestRun(dict(os.environ))
    stop = Stop()
    stop.install()
    label, entries = gather.load(root, spec)
    return gather.run(label, entries, test, stop, arguments)


def main(argv: list[str]) -> int:
    """The command line."""
    if len(argv) != 7 or argv[1] != "cell":
        print(USAGE, file=sys.stderr)
        return 2
    return cell(argv[2:])


if __name__ == "__main__":
    # Python puts the script's resolved folder first, which may be outside of a sandbox.
    sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    sys.exit(main(sys.argv))
