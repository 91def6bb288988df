"""Write the console scripts of an environment's packages: console_scripts.py PREFIX VERSION."""

import importlib.metadata
import os
import sys

SCRIPT = """#!{python}
import sys
from {module} import {name}
sys.exit({function}())
"""


def main(prefix, version):
    site = f"{prefix}/lib/python{version}/site-packages"
    for distribution in importlib.metadata.distributions(path=[site]):
        for entry in distribution.entry_points:
            if entry.group != "console_scripts":
                continue
            module, _, function = entry.value.split("[")[0].strip().partition(":")
            path = f"{prefix}/bin/{entry.name}"
            with open(path, "w", encoding="utf-8") as script:
                script.write(
                    SCRIPT.format(
                        python=f"{prefix}/bin/python{version}",
                        module=module,
                        name=function.split(".")[0],
                        function=function,
                    )
                )
            os.chmod(path, 0o755)


main(*sys.argv[1:])
