"""Starts the test process: a fork with a clean environment, an empty stdin and a log instead of a terminal."""

from __future__ import annotations

import ctypes
import os
import sys
import types
from collections.abc import Callable

from . import namespaces, processes
from .spec import CellSpec
from .supervise import Stop
from .tree import Scratch

LAUNCHER = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# What the test process exits with when the launcher's own part of it failed.
LAUNCHER_FAILED = 70


def variables(spec: CellSpec, scratch: Scratch) -> dict[str, str]:
    """All environment variables of the test process."""
    imports = [os.path.normpath(os.path.join(scratch.tree, path)) for path in spec.manifest.imports]
    env = {
        "HOME": scratch.home,
        "LANG": "C.UTF-8",
        "LOGNAME": "weft",
        "PATH": spec.store_path + "/bin",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONNOUSERSITE": "1",
        "TEST_TMPDIR": scratch.tmp,
        "TMPDIR": scratch.tmp,
        "TZ": "UTC",
        "USER": "weft",
        "WEFT_ENVIRONMENT": spec.environment["name"],
        "WEFT_TYPE": spec.type,
        **spec.test_env,
        **spec.env,
    }
    if spec.kind == "python":
        own = [spec.env["PYTHONPATH"]] if spec.env.get("PYTHONPATH") else []
        if imports or own:
            env["PYTHONPATH"] = os.pathsep.join(imports + own)
    else:
        env["OCTAVE_HISTFILE"] = os.devnull
        env["WEFT_PATHS"] = os.pathsep.join(imports)
    return env


def start(body: Callable[[], int], cwd: str, env: dict[str, str], stop: Stop, memory: int = 0) -> tuple[int, int]:
    """Forks a process that runs body and exits with what it returns.

    memory is how many megabytes of data each of its processes may have, 0 for no limit. Returns its pid and the reading
    end of its log. body may exec.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    log_read, log_write = os.pipe()
    pid = os.fork()
    if pid:
        os.close(log_write)
        return pid, log_read
    code = LAUNCHER_FAILED
    try:
        _prepare(log_write, cwd, env, stop, memory)
        code = body()
    except SystemExit as exit:
        code = exit.code if isinstance(exit.code, int) else 1
    except BaseException:  # noqa: BLE001 - whatever it is must end here, never in the parent's code
        import traceback

        _say(traceback.format_exc())
    finally:
        flush()
        os._exit(code & 0xFF)


def flush() -> None:
    """Gives the log what a stream still holds."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):
            pass


def _say(text: str) -> None:
    try:
        os.write(2, text.encode("utf-8", "replace"))
    except OSError:
        pass


def _prepare(log: int, cwd: str, env: dict[str, str], stop: Stop, memory: int) -> None:
    os.setsid()
    processes.die_with_parent()
    processes.seal(False)
    stop.forget()
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    # Whatever else the launcher has open is none of the test's business.
    os.closerange(3, 64)
    _set_limits(memory)
    namespaces.drop_privileges()
    enter(cwd, env)
    # A pipe is buffered in blocks; a crash would take the last one with it.
    sys.stdout.reconfigure(line_buffering=True)


def enter(cwd: str, env: dict[str, str]) -> None:
    """Where a cell begins: its folder and its environment, whatever there was before."""
    os.umask(0o022)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    # libc keeps the zone of the TZ that it has seen last. (time.tzset would change that module.)
    ctypes.CDLL(None).tzset()


def _set_limits(memory: int) -> None:
    try:
        # When the machine's memory ends, the test goes first, not Bazel or a worker.
        with open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
            file.write("1000")
    except OSError:
        pass
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if memory:
            # Linux counts what a process may write to and has to itself, whether it is in use or not.
            resource.setrlimit(resource.RLIMIT_DATA, (memory << 20, memory << 20))
    except (ImportError, OSError, ValueError):
        pass


def run_python(spec: CellSpec, scratch: Scratch, env: dict[str, str]) -> int:
    """In the test process: runs the cell's tests; returns pytest's exit code."""
    from . import pytest_side

    become_python(spec, env, [spec.store_path + "/bin/pytest"])
    if spec.warm is not None:
        spec.warm.install()
    return pytest_side.run(spec, scratch)


def become_python(spec: CellSpec, env: dict[str, str], argv: list[str]) -> None:
    """Makes the forked launcher look like a Python that was started as argv: paths, arguments, __main__."""
    inherited = [path for path in sys.path if os.path.abspath(path) != LAUNCHER]
    own = [path for path in env.get("PYTHONPATH", "").split(os.pathsep) if path]
    sys.path[:] = [spec.store_path + "/bin", *own, *inherited]
    sys.argv[:] = argv
    # multiprocessing's spawn would import the launcher's main again.
    main = types.ModuleType("__main__")
    sys.modules["__main__"] = main
    sys.dont_write_bytecode = True
