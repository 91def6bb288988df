import json
from types import SimpleNamespace
