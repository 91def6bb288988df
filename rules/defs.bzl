"""The public rules of rules_weft.

A *cell* is one test file × one test type × one environment: a cached build action.
A *suite* is a package's cells of one type in one environment: one Bazel test, `//tests:tests.unit@python3.9`.

```starlark
load("@rules_weft//:defs.bzl", "matrix_suite", "pytest_file", "python_sources")

python_sources(name = "src", srcs = glob(["src/*.py"]), imports = ["src"])
pytest_file(name = "test_load", src = "test_load.py", types = ["unit", "integration"], deps = [":src"])
matrix_suite(name = "tests", files = [":test_load"])
```
"""

load("//private:dist_info.bzl", _python_dist_info = "python_dist_info")
load("//private:macros.bzl", _matrix_suite = "matrix_suite", _octave_file = "octave_file", _pytest_file = "pytest_file")
load("//private:providers.bzl", _WeftEnvironmentInfo = "WeftEnvironmentInfo", _WeftFileInfo = "WeftFileInfo", _WeftSourcesInfo = "WeftSourcesInfo")
load("//private:sources.bzl", _octave_sources = "octave_sources", _python_sources = "python_sources")

pytest_file = _pytest_file
octave_file = _octave_file
python_sources = _python_sources
python_dist_info = _python_dist_info
octave_sources = _octave_sources
matrix_suite = _matrix_suite

WeftEnvironmentInfo = _WeftEnvironmentInfo
WeftFileInfo = _WeftFileInfo
WeftSourcesInfo = _WeftSourcesInfo
