from importlib import import_module


def machine(name):
    return import_module("looms.machines.shuttle") if name == "shuttle" else import_module(f".{name}", __name__)
