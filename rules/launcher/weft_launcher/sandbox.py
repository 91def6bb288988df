"""What a cell can reach, as the kernel says it: proof, not trust."""

from __future__ import annotations


def facts() -> dict[str, object]:
    """The network interfaces of this process; only lo means that no other machine can be reached."""
    try:
        with open("/proc/self/net/dev", encoding="utf-8") as file:
            names = sorted(line.partition(":")[0].strip() for line in file.readlines()[2:])
    except OSError:
        # No /proc (not Linux): there is no isolation that could be proved.
        return {"interfaces": [], "network": "host"}
    return {"interfaces": names, "network": "loopback" if set(names) <= {"lo"} else "host"}
