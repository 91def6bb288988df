from .threads import Thread
