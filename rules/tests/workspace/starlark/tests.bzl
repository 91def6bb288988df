"""Unit tests of the pure functions of rules_weft: checked while the test is analysed."""

load("@rules_weft//private:dist_info.bzl", "dist_info")
load("@rules_weft//private:environments_repository.bzl", "nix_system")
load("@rules_weft//private:file.bzl", "first_type", "tree_path")
load("@rules_weft//private:lock.bzl", "read_lock")
load("@rules_weft//private:sources.bzl", "resolve_root")
load("@rules_weft//private:types.bzl", "matches", "resolve_environments")

_PYTHON = {"kind": "python", "outPath": "/nix/store/x", "types": [], "version": "3"}
_ENVIRONMENTS = {
    "minimal": _PYTHON,
    "octave": {"kind": "octave", "outPath": "/nix/store/o", "types": [], "version": "9"},
    "python3.10": _PYTHON,
    "python3.9": _PYTHON,
}

def _check(problems, what, expected, actual):
    if expected != actual:
        problems.append("{}: expected {}, got {}".format(what, repr(expected), repr(actual)))

def _matches(problems):
    for glob, name, expected in [
        ("python3.9", "python3.9", True),
        ("python3.9", "python3x9", False),
        ("python3.*", "python3.10", True),
        ("*", "anything", True),
        ("*.9", "python3.9", True),
        ("p*3*9", "python3.9", True),
        ("p*3*9", "python9", False),
        ("ab*ba", "aba", False),
        ("*x*", "axb", True),
        ("*x*", "ab", False),
        ("python", "python3", False),
    ]:
        _check(problems, "matches({}, {})".format(glob, name), expected, matches(glob, name))

def _resolve(problems):
    for kind, globs, expected in [
        ("python", [], ["minimal", "python3.10", "python3.9"]),
        ("octave", [], ["octave"]),
        ("python", ["python3.*"], ["python3.10", "python3.9"]),
        ("python", ["python3.9", "min*", "*3.9"], ["minimal", "python3.9"]),
    ]:
        actual = resolve_environments("//t", kind, globs, _ENVIRONMENTS, {}, "x86_64-linux")
        _check(problems, "resolve {} {}".format(kind, globs), expected, actual)

def _lock(**changes):
    environment = {"kind": "python", "version": "3.9.1", "systems": {"x86_64-linux": {"outPath": "/nix/store/a", "drvPath": "/nix/store/d"}}}
    lock = {"version": 1, "source": "sha256-", "environments": {"a": environment | changes.pop("environment", {})}}
    return json.encode(lock | changes)

def _read(problems):
    here, elsewhere, error = read_lock(_lock(), "x86_64-linux")
    _check(problems, "lock", {"a": {"kind": "python", "outPath": "/nix/store/a", "types": [], "version": "3.9.1"}}, here)
    _check(problems, "lock: elsewhere", {}, elsewhere)
    _check(problems, "lock: error", None, error)
    here, elsewhere, error = read_lock(_lock(), "aarch64-darwin")
    _check(problems, "lock: other system", ({}, {"a": {"kind": "python", "systems": ["x86_64-linux"]}}), (here, elsewhere))

    for text, words in [
        ("<<<<<<< HEAD", "is not a JSON object"),
        ("[]", "is not a JSON object"),
        ("{}", "has no version"),
        (_lock(version = 2), "is of version 2, this rules_weft reads version 1"),
        (_lock(version = 0), "too old"),
        (_lock(environments = []), "has no environments"),
        (_lock(environments = {"a b": {}}), "letters, digits"),
        (_lock(environment = {"systems": None}), "has no systems"),
        (_lock(environment = {"kind": "julia"}), "the kind \"julia\""),
        (_lock(environment = {"types": ["slow"]}), "the test type \"slow\""),
        (_lock(environment = {"systems": {"x86_64-linux": {}}}), "has no store path"),
        (_lock(environment = {"systems": {"x86_64-linux": {"outPath": "relative"}}}), "has no store path"),
    ]:
        _, _, error = read_lock(text, "x86_64-linux")
        if not error or words not in error or "weft env lock" not in error and "rename" not in error:
            problems.append("lock {}: expected an error with \"{}\" and a remedy, got {}".format(text, words, repr(error)))

def _names(problems):
    _check(problems, "linux", "x86_64-linux", nix_system("linux", "amd64"))
    _check(problems, "mac", "aarch64-darwin", nix_system("mac os x", "aarch64"))
    _check(problems, "own file", "tests/a.py", tree_path("tests/a.py"))
    _check(problems, "first type", "unit", first_type(["unit", "security"], []))
    _check(problems, "first type there", "security", first_type(["unit", "security"], ["security"]))
    _check(problems, "no type there", None, first_type(["unit"], ["security"]))
    _check(problems, "other repository's", "external/other+/a.py", tree_path("../other+/a.py"))

def _roots(problems):
    for package, entry, expected in [
        ("src/pkg/sub", "../..", "src"),
        ("src/pkg/sub", "../../..", ""),
        ("src/pkg/sub", ".", "src/pkg/sub"),
        ("src/pkg/sub", "../sub/./x//", "src/pkg/sub/x"),
        ("src/pkg", "../../lib", "lib"),
        ("", ".", ""),
        ("", "src/../lib", "lib"),
    ]:
        _check(problems, "root {} of {}".format(entry, package), expected, resolve_root("//t", package, entry))

def _dist_info(problems):
    info = dist_info(
        "//t",
        "My.Pkg-x",
        "1.0-1",
        {"Author": ["a", "b"], "Description": ["# My\n\ntext"], "License": ["one\ntwo\n"]},
        {"console_scripts": ["tool=my.cli : main [extra]"], "pytest11": ["my = my.plugin"]},
        ["my"],
    )
    _check(problems, "dist-info", {
        "files": {
            "INSTALLER": "weft\n",
            "METADATA": "Metadata-Version: 2.1\nName: My.Pkg-x\nVersion: 1.0-1\nAuthor: a\nAuthor: b\n" +
                        "License: one\n        two\n\n# My\n\ntext\n",
            "RECORD": "".join(["My.Pkg_x-1.0_1.dist-info/{},,\n".format(name) for name in [
                "INSTALLER",
                "METADATA",
                "RECORD",
                "entry_points.txt",
                "top_level.txt",
            ]]),
            "entry_points.txt": "[console_scripts]\ntool = my.cli : main [extra]\n\n[pytest11]\nmy = my.plugin\n",
            "top_level.txt": "my\n",
        },
        "folder": "My.Pkg_x-1.0_1.dist-info",
        "scripts": {"tool": "my.cli : main"},
    }, info)
    bare = dist_info("//t", "a", "1", {}, {}, [])
    _check(problems, "bare dist-info", ["INSTALLER", "METADATA", "RECORD"], sorted(bare["files"].keys()))

def _test_impl(ctx):
    problems = []
    {"dist_info": _dist_info, "lock": _read, "matches": _matches, "names": _names, "resolve": _resolve, "roots": _roots}[ctx.attr.what](problems)
    return [AnalysisTestResultInfo(success = not problems, message = "\n".join(problems))]

_starlark_test = rule(
    implementation = _test_impl,
    analysis_test = True,
    attrs = {"what": attr.string()},
)

def starlark_tests(name):
    """One test for each group of functions.

    Args:
      name: a test_suite over them.
    """
    for what in ["dist_info", "lock", "matches", "names", "resolve", "roots"]:
        _starlark_test(name = "{}_{}_test".format(name, what), what = what)
