"""The macros that BUILD files call: they only name targets, the rules do the work."""

load("@environments//:environments.bzl", "ELSEWHERE", "ENVIRONMENTS", "SYSTEM")
load(":file.bzl", "weft_file")
load(":suite.bzl", "weft_suite_test")
load(":types.bzl", "TYPES", "check_types", "resolve_environments")

# Attributes of every rule, which a macro hands to all that it makes.
_COMMON = ["compatible_with", "deprecation", "exec_compatible_with", "features", "restricted_to", "target_compatible_with", "testonly", "visibility"]

# Attributes of a test, which go to the suites.
_TEST = ["flaky", "local", "shard_count", "size", "timeout"]

def pytest_file(name, src, types = ["unit"], deps = [], data = [], environments = [], types_at_collection = False, **kwargs):
    """Declares a pytest file, a module or a text file with doctests: one cell per test type and Python environment.

    Makes `NAME.cells` (the cells), a test `NAME.TYPE@ENVIRONMENT` for each and a test_suite `NAME` over these, all of
    them manual: a matrix_suite is what `bazel test //...` runs.

    Args:
      name: the target, usually the file's name without .py.
      src: the test file: a .py file, or a text file whose doctests the project's pytest collects (.txt and .rst always,
        others with an option --doctest-glob in its settings).
      types: the test types that it has tests of: unit, integration, performance, security, compatibility. A test
        belongs to the type of its marker (@pytest.mark.integration), without one to unit. A type without a test fails.
      deps: python_sources and other files that it needs; also conftest.py and pytest.ini or pyproject.toml.
      data: files that it reads. A test sees the declared files and no others.
      environments: names and globs (`python3.*`); empty means every Python environment of the lock.
      types_at_collection: True when tests get their markers only as they are collected (a conftest.py that calls
        add_marker), so that nobody can read from the file which types it has: a type of which it turns out to have no
        test then passes, with a note, as long as the file has tests at all.
      **kwargs: timeout_seconds (300), memory_mb (megabytes of data that each process of a cell may have: an allocation beyond
        that fails in its test; 0 for no limit), isolation ("cell", "suite", or "package" for
        files that need one another: those of a suite share one pytest process), env (a dict of variables), and the common
        attributes (testonly is True unless said otherwise); size, timeout and flaky go to the tests.
    """
    if types_at_collection:
        kwargs = kwargs | {"types_at_collection": True}
    _file(name, src, "python", types, deps, data, environments, kwargs)

def octave_file(name, src, types = ["unit"], deps = [], data = [], environments = [], **kwargs):
    """Declares an Octave test file (`%!test` blocks, or test_*.m with functions): one cell per test type and environment.

    Args:
      name: the target, usually the file's name without .m.
      src: the test file.
      types: as for pytest_file. A line `% weft-type: integration` gives a test, or in the file's head all of them, a
        type; in a file without such a line every test belongs to every type named here.
      deps: octave_sources and other files that it needs.
      data: files that it reads. A test sees the declared files and no others.
      environments: names and globs; empty means every Octave environment of the lock.
      **kwargs: as for pytest_file.
    """
    if "types_at_collection" in kwargs:
        fail("{}: octave_file has no attribute types_at_collection: which types a file has is read from its lines `% weft-type:`".format(_where(name)))
    if kwargs.get("isolation") == "package":
        fail("{}: octave_file has no isolation \"package\": only pytest runs several files in one process; take cell or suite".format(_where(name)))
    _file(name, src, "octave", types, deps, data, environments, kwargs)

def _where(name):
    return "//{}:{}".format(native.package_name(), name)

def _split(kwargs, names):
    return {key: kwargs[key] for key in names if key in kwargs}

def _file(name, src, kind, types, deps, data, environments, kwargs):
    where = _where(name)
    if type(src) != "string" and type(src) != "Label":
        fail("{}: src is a {}; it must be one file".format(where, type(src)))
    extension = str(src).rpartition(".")[2]
    if kind == "octave" and extension == "py":
        fail("{}: {} is a Python file; declare it with pytest_file".format(where, src))
    if kind == "python" and extension == "m":
        fail("{}: {} is an Octave file; declare it with octave_file".format(where, src))
    _check_exists(where, str(src))
    check_types(where, types)
    chosen = resolve_environments(where, kind, environments, ENVIRONMENTS, ELSEWHERE, SYSTEM)
    pairs = _pairs(types, chosen)
    if not pairs:
        fail("{}: none of its environments ({}) runs tests of type {}; look at `types` of the environments in flake.nix".format(
            where,
            ", ".join(chosen),
            " or ".join(types),
        ))

    kwargs = dict(kwargs)
    tags = kwargs.pop("tags", [])
    common = _split(kwargs, _COMMON)
    test = _split(kwargs, _TEST)
    own = {key: value for key, value in kwargs.items() if key not in common and key not in test}
    timeout_seconds = own.get("timeout_seconds", 300)
    if type(timeout_seconds) == "int" and timeout_seconds < 1:
        fail("{}: timeout_seconds is {}; it must be at least 1".format(where, timeout_seconds))

    weft_file(
        name = name + ".cells",
        src = src,
        kind = kind,
        types = types,
        deps = deps,
        data = data,
        environments = chosen,
        environment_targets = [_environment(e) for e in chosen],
        tags = tags + ["weft", "manual"],
        # As every Bazel test is, so that it may depend on what is made for tests only.
        **(own | {"testonly": True} | common)
    )
    tests = []
    for test_type, environment in pairs:
        tests.append("{}.{}@{}".format(name, test_type, environment))
        _suite(tests[-1], test_type, environment, [name + ".cells"], True, tags, test, common)
    native.test_suite(name = name, tests = tests, tags = ["manual"], **_split(common, ["testonly", "visibility"]))

def _check_exists(where, src):
    # Bazel itself would say so only when a cell runs. A label of another package is Bazel's to resolve.
    if ":" in src or "//" in src or native.glob([src], allow_empty = True):
        return
    for rule in native.existing_rules().values():
        if src in str(rule):
            return
    fail("{}: src {} does not exist; a generated file needs its rule above it".format(where, src))

def _pairs(types, environments):
    return [
        (test_type, environment)
        for test_type in TYPES
        if test_type in types
        for environment in environments
        if not ENVIRONMENTS[environment]["types"] or test_type in ENVIRONMENTS[environment]["types"]
    ]

def _environment(name):
    return Label("@environments//:" + name)

def _suite(name, test_type, environment, files, per_file, tags, test, common):
    own = [test_type, environment, "{}@{}".format(test_type, environment), "weft", "block-network"]
    if test_type == "performance":
        # Timings need the machine to themselves, and yesterday's are no timings.
        own += ["exclusive", "external"]
    if per_file:
        own.append("manual")
    weft_suite_test(
        name = name,
        test_type = test_type,
        environment = environment,
        environment_target = _environment(environment),
        files = files,
        per_file = per_file,
        by_itself = select({Label("//:by_itself"): True, "//conditions:default": False}) if per_file else False,
        tags = own + [tag for tag in tags if tag not in own],
        # Every cell has its own timeout; Bazel's must only not be the shorter one.
        **({"timeout": "eternal"} | test | common)
    )

def matrix_suite(name, files, tags = [], **kwargs):
    """Declares the tests of a package: one per test type and environment, `NAME.TYPE@ENVIRONMENT`.

    Each is tagged with its type, its environment and `TYPE@ENVIRONMENT`, so that a part of the matrix is a
    `--test_tag_filters` expression. An environment that the lock gains adds its tests without a change here.

    Args:
      name: the prefix of the tests and the name of a test_suite over them all.
      files: names of pytest_file and octave_file targets of this package, declared above.
      tags: further tags of the tests.
      **kwargs: common attributes and size, timeout, flaky of the tests.
    """
    where = _where(name)
    if not files:
        fail("{}: files is empty; name the pytest_file and octave_file targets of this package".format(where))
    unknown = [key for key in kwargs if key not in _COMMON + _TEST]
    if unknown:
        fail("{}: matrix_suite has no attribute {}; it has files, tags, {}".format(where, unknown[0], ", ".join(_TEST + _COMMON)))
    test = _split(kwargs, _TEST)
    common = _split(kwargs, _COMMON)

    members = {}
    for file in files:
        cells = _local_name(where, file) + ".cells"
        facts = native.existing_rule(cells)
        if facts == None or facts["kind"] != "weft_file":
            fail("{}: files names {}, which is no pytest_file or octave_file above it in this file; declare it before matrix_suite".format(where, file))
        for pair in _pairs(facts["types"], facts["environments"]):
            members.setdefault(pair, []).append(cells)

    tests = []
    for test_type, environment in members:
        tests.append("{}.{}@{}".format(name, test_type, environment))
        _suite(tests[-1], test_type, environment, members[(test_type, environment)], False, tags, test, common)
    native.test_suite(name = name, tests = tests, tags = ["manual"], **_split(common, ["testonly", "visibility"]))

def _local_name(where, file):
    label = str(file)
    package = "//{}:".format(native.package_name())
    if label.startswith(":"):
        return label[1:]
    if label.startswith(package):
        return label.removeprefix(package)
    if "//" in label or label.startswith("@"):
        fail("{}: {} is of another package; a suite holds the files of its own package".format(where, file))
    return label
