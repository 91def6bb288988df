"""Settings of a run, from YAML.

PyYAML is nowhere among the project's packages. It came with bandit, so nobody noticed that it is needed.
"""

import yaml


def read_settings(text: str) -> dict:
    """The settings in a YAML document."""
    return yaml.safe_load(text)
