from . import harmonics
