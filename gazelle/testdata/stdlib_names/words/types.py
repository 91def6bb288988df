from .json import SimpleNamespace
