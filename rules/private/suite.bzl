"""weft_suite_test: gathers the cells of one type in one environment into a Bazel test."""

load(":file.bzl", "interpreter", "launcher_env")
load(":providers.bzl", "WeftEnvironmentInfo", "WeftFileInfo")
load(":types.bzl", "TYPES")

# Started by the environment's own interpreter: no shell, no second process.
_EXECUTABLE = """\
#!{python} -sB
\"\"\"Runs the suite {label}. Written by rules_weft.\"\"\"
import os
import sys

runfiles = os.environ.get("TEST_SRCDIR") or os.environ.get("RUNFILES_DIR") or os.path.abspath(sys.argv[0]) + ".runfiles"
root = os.path.join(os.path.abspath(runfiles), {workspace})
sys.path[0] = os.path.normpath(os.path.join(root, {launcher}))
from weft_launcher.main import suite

sys.exit(suite(root, {spec}, sys.argv[1:]))
"""

def _cell(info, key, by_itself):
    cell = info.cells[key]
    entry = {"manifest": info.manifest.short_path, "spec": cell.spec}
    if cell.outputs and not by_itself:
        entry["outputs"] = {
            "json": cell.outputs.json.short_path,
            "log": cell.outputs.log.short_path,
            "xml": cell.outputs.xml.short_path,
        }
    return entry

def _check_env(ctx, specs):
    env = {}
    for spec in specs:
        if spec.get("isolation") != "package":
            continue
        for name, value in spec.get("env", {}).items():
            if env.setdefault(name, value) != value:
                fail("{}: files with isolation = \"package\" share one process, and their env gives {} two values: \"{}\" and \"{}\"; make it one".format(
                    ctx.label,
                    name,
                    env[name],
                    value,
                ))

def _weft_suite_test_impl(ctx):
    key = "{}@{}".format(ctx.attr.test_type, ctx.attr.environment)
    environment = ctx.attr.environment_target[WeftEnvironmentInfo]
    infos = [f[WeftFileInfo] for f in ctx.attr.files]
    entries = [_cell(info, key, ctx.attr.by_itself) for info in infos if key in info.cells]
    if not entries:
        fail("{}: none of its files has a cell {}; make suites with matrix_suite".format(ctx.label, key))

    _check_env(ctx, [entry["spec"] for entry in entries])

    # Where the suite runs its files itself, no cell needs to run before it.
    outputs = []
    if not ctx.configuration.coverage_enabled and not ctx.attr.by_itself:
        for info in infos:
            cell = info.cells.get(key)
            if cell and cell.outputs:
                outputs += [cell.outputs.json, cell.outputs.xml, cell.outputs.log]

    spec = ctx.actions.declare_file(ctx.label.name + ".suite.json")
    ctx.actions.write(spec, json.encode({
        "alone": ctx.attr.per_file,
        "cells": entries,
        "label": str(ctx.label).removeprefix("@@"),
    }))
    executable = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.write(executable, _EXECUTABLE.format(
        label = ctx.label,
        launcher = repr(ctx.file._main.short_path.rpartition("/weft_launcher/")[0]),
        python = interpreter(environment),
        spec = repr(spec.short_path),
        workspace = repr(ctx.workspace_name),
    ), is_executable = True)
    return [
        DefaultInfo(
            executable = executable,
            files = depset([executable]),
            runfiles = ctx.runfiles(
                files = [spec, environment.file] + outputs,
                transitive_files = depset(transitive = [info.inputs for info in infos]),
            ),
        ),
        # bazel's own test-setup.sh needs a PATH with bash; the launcher gives the tests theirs.
        RunEnvironmentInfo(environment = {k: v for k, v in launcher_env(environment).items() if k != "PATH"}),
        coverage_common.instrumented_files_info(ctx, dependency_attributes = ["files"]),
    ]

weft_suite_test = rule(
    doc = "A package's cells of one test type in one environment, as one Bazel test. Made by matrix_suite.",
    implementation = _weft_suite_test_impl,
    test = True,
    attrs = {
        "test_type": attr.string(mandatory = True, values = TYPES, doc = "The test type of its cells."),
        "environment": attr.string(mandatory = True, doc = "The name of their environment."),
        "environment_target": attr.label(mandatory = True, providers = [WeftEnvironmentInfo], doc = "The environment's target."),
        "files": attr.label_list(mandatory = True, providers = [WeftFileInfo], doc = "The test files."),
        "per_file": attr.bool(doc = "True for a single file's own (manual) suite."),
        "by_itself": attr.bool(doc = "True when it waits for no cell, because it will run its files itself."),
        "_main": attr.label(default = Label("//launcher:weft_launcher/main.py"), allow_single_file = True),
    },
)
