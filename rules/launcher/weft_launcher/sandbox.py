"""What a cell can reach, as the kernel says it: proof, not trust."""

from __future__ import annotations

import os


def facts() -> dict[str, object]:
    """The network interfaces of this process; only lo means that no other machine can be reached."""
    try:
        with open("/proc/self/net/dev", encoding="utf-8") as file:
            names = sorted(line.partition(":")[0].strip() for line in file.readlines()[2:])
    except OSError:
        # No /proc (not Linux): there is no isolation that could be proved.
        return {"interfaces": [], "network": "host"}
    return {"interfaces": names, "network": "loopback" if set(names) <= {"lo"} else "host"}


def scratch(otherwise: str | None) -> str:
    """Where private trees are made.

    In linux-sandbox, and in a worker's cell, /tmp is private and its name is short, which Unix sockets need, and the same
    on every machine; elsewhere only Bazel's own folder (otherwise) is sure to be cleaned.
    """
    own = facts()["network"] == "loopback" and os.access("/tmp", os.W_OK)
    return "/tmp" if own else otherwise or os.environ.get("TMPDIR") or "/tmp"
