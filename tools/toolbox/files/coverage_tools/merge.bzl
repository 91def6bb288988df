"""An executable out of one script, without any rule set."""

def _merge_impl(ctx):
    executable = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.symlink(output = executable, target_file = ctx.file.src, is_executable = True)
    return [DefaultInfo(executable = executable, runfiles = ctx.runfiles([ctx.file.src]))]

merge = rule(
    implementation = _merge_impl,
    doc = "Runs `src`.",
    attrs = {"src": attr.label(allow_single_file = True, doc = "The script.", mandatory = True)},
    executable = True,
)
