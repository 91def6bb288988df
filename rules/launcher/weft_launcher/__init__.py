"""Runs Weft's cells: one test file, of one type, in one environment.

1. `spec` reads what to run; `main` and `suite` are the two ways in (a build action, a Bazel test).
2. `cell.run_cell` does one cell, in this order:
   `tree` copies the declared files into a private tree, `dist_info` writes the project's own metadata there,
   `child` forks the test process, which is `pytest_side` (with `pytest_plugin`, which asks `selection` for the cell's
   tests and tells `reports`) or becomes Octave (`octave_side`),
   `supervise` waits for it, keeps the log short, enforces the timeout and leaves no process behind,
   `journal` reads what the test process told, `verdict` says what it amounts to.
3. `junit` writes the XML, `cell` the cell.json.

Standard library only, Python 3.9 and newer. Nothing of the project under test is imported in this process: only the
forked child does that. Modules that few cells need are imported where they are needed.
"""
