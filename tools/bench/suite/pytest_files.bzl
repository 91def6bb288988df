"""One Bazel test for a test file in an environment, as it is done without weft."""

def _pytest_test(ctx):
    script = ctx.actions.declare_file(ctx.label.name + ".sh")
    ctx.actions.write(
        script,
        "#!/bin/sh\nexec {} -m pytest -q --junitxml=\"$XML_OUTPUT_FILE\" {}\n".format(ctx.attr.python, ctx.file.src.short_path),
        is_executable = True,
    )
    return DefaultInfo(executable = script, runfiles = ctx.runfiles(ctx.files.data + [ctx.file.src]))

pytest_test = rule(
    implementation = _pytest_test,
    doc = "Runs a file with the pytest of an environment.",
    attrs = {
        "src": attr.label(allow_single_file = [".py"], doc = "The test file."),
        "data": attr.label_list(allow_files = True, doc = "What it reads and imports."),
        "python": attr.string(doc = "The environment's interpreter."),
    },
    test = True,
)
