"""Tells a kill for lack of memory from any other SIGKILL."""

from __future__ import annotations


def _groups() -> list[str]:
    """Files that count out-of-memory kills: those of this process's cgroup, then the machine's."""
    paths = []
    try:
        with open("/proc/self/cgroup", encoding="utf-8") as file:
            for line in file:
                number, controllers, path = line.rstrip("\n").split(":", 2)
                if number == "0":
                    paths.append(f"/sys/fs/cgroup{path}/memory.events")
                elif "memory" in controllers.split(","):
                    paths.append(f"/sys/fs/cgroup/memory{path}/memory.oom_control")
    except (OSError, ValueError):
        pass
    return [*paths, "/proc/vmstat"]


def _count(path: str) -> int | None:
    try:
        with open(path, "rb") as file:
            for line in file:
                if line.startswith(b"oom_kill "):
                    return int(line.split()[1])
    except (OSError, ValueError):
        pass
    return None


class OomWatch:
    """Remembers the kernel's count of out-of-memory kills before a test process starts."""

    def __init__(self, paths: list[str] | None = None) -> None:
        self._before = {}
        for path in _groups() if paths is None else paths:
            count = _count(path)
            if count is not None:
                self._before[path] = count
                break

    def killed(self) -> bool:
        """Whether the kernel has killed something for lack of memory since."""
        return any((_count(path) or 0) > count for path, count in self._before.items())
