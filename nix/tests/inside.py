"""Run by an environment's own interpreter: say what it is made of, as sorted `key: value` lines."""

import importlib.util
import os
import subprocess
import sys

MODULES = ["bandit", "coverage", "numpy", "pytest", "pytest_benchmark", "pytest_cov"]


def mapped_files():
    with open("/proc/self/maps", encoding="utf-8") as maps:
        fields = [line.split(None, 5) for line in maps]
    return {field[5].strip() for field in fields if len(field) == 6 and field[5].startswith("/")}


for module in ["ssl", "sqlite3", "ctypes", "lzma", "zlib", "hashlib"]:
    __import__(module)
present = [name for name in MODULES if importlib.util.find_spec(name)]
for name in present:
    __import__(name)

# Code, that is: of the machine's files a C library may still read its locale's tables.
outside = sorted(path for path in mapped_files() if ".so" in path and not path.startswith("/nix/store/"))
print("executable:", sys.executable)
print("libraries from outside the store:", " ".join(outside) or "nothing")
print("modules:", " ".join(present))
print("prefix:", sys.prefix)
print("shell:", subprocess.run(["sh", "-c", "echo $((1 + 1))"], capture_output=True, text=True, check=True).stdout.strip())
print("version:", "%d.%d" % sys.version_info[:2])
print("writes:", os.environ.get("HOME", "no home"))
