"""The ways in: `main.py cell …` is a build action or its worker, `suite` is called by a suite's executable."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from weft_launcher.batch import Shared
    from weft_launcher.supervise import Stop
    from weft_launcher.warm import Warm

USAGE = "usage: main.py cell @FILE | main.py cell --persistent_worker; FILE holds SPEC MANIFEST CELL.JSON CELL.XML CELL.LOG, one a line"


def cell(
    arguments: list[str], stop: Stop, warm: Warm | None = None, shared: Shared | None = None, after: list[str] | None = None
) -> list[str]:
    """Runs one cell and writes its three outputs; returns the environment's modules that a worker may keep ready.

    Whatever the tests do becomes a result, unless the run was interrupted (stop), or was in a shared process and has to be
    made again. after are the files whose process it did not pass in.
    """
    import json

    from weft_launcher import cell as core
    from weft_launcher import junit
    from weft_launcher.spec import CellSpec, read_manifest

    facts, manifest, json_path, xml_path, log_path = arguments
    spec = CellSpec(json.loads(facts), read_manifest(manifest, None))
    spec.warm = warm
    spec.shared = shared
    spec.after = after or []
    result = core.run_cell(spec, stop)
    if stop.signal is None and not (shared is not None and shared.again):
        for path, text in (
            (json_path, junit.compact(result.cell) + "\n"),
            (xml_path, junit.document([result.testsuite()])),
            (log_path, result.log),
        ):
            with open(path, "w", encoding="utf-8", errors="replace") as file:
                file.write(text)
    return result.learnt


def action(parameters: str) -> int:
    """The WeftCell action as a plain process: always succeeds, unless it was interrupted or is Weft's own fault."""
    from weft_launcher.supervise import Stop

    stop = Stop()
    stop.install()
    with open(parameters, encoding="utf-8") as file:
        cell(file.read().splitlines(), stop)
    return 0 if stop.signal is None else 128 + stop.signal


def worker(refused: list[str]) -> int:
    """The WeftCell action as a persistent worker."""
    # All that a cell needs, so that its process begins with it.
    from weft_launcher import cell as _core  # noqa: F401
    from weft_launcher import dist_info, pytest_plugin, pytest_side, supervise  # noqa: F401
    from weft_launcher.worker import Worker

    # Nothing sets it here, and all of the worker's cells can have the same.
    stop = supervise.Stop()
    return Worker(lambda arguments, *more: cell(arguments, stop, *more), set(refused)).serve()


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
    if len(argv) == 3 and argv[1] == "cell" and argv[2].startswith("@"):
        return action(argv[2][1:])
    if argv[1:3] == ["cell", "--persistent_worker"]:
        from weft_launcher.worker import REFUSE

        return worker([name for argument in argv[3:] for name in argument.removeprefix(REFUSE).split(",")])
    print(USAGE, file=sys.stderr)
    return 2


if __name__ == "__main__":
    # Python puts the script's resolved folder first, which may be outside of a sandbox.
    sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    sys.exit(main(sys.argv))
