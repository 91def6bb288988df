from orchard_core import APPLE
