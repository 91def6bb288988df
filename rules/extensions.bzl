"""The module extension that turns the environments lock into a repository.

```starlark
weft = use_extension("@rules_weft//:extensions.bzl", "weft")
weft.environments(lock = "//:environments.lock.json")
use_repo(weft, "environments")
```
"""

load("//private:environments_repository.bzl", "environments_repository")

_environments = tag_class(
    doc = "Names the environments lock of this workspace. Only the root module's tag counts.",
    attrs = {
        "lock": attr.label(
            mandatory = True,
            doc = "The lock, usually `//:environments.lock.json`, written by `weft env lock`. " +
                  "The environment variable WEFT_ENVIRONMENTS_LOCK (an absolute path) takes its place, so that a " +
                  "lock made under `--override-input` never overwrites the one that is checked in.",
        ),
    },
)

def _weft_impl(module_ctx):
    locks = [
        tag.lock
        for module in module_ctx.modules
        if module.is_root
        for tag in module.tags.environments
    ]
    if len(locks) > 1:
        fail("MODULE.bazel names {} environments locks ({}); keep one weft.environments(lock = …)".format(
            len(locks),
            ", ".join([str(lock) for lock in locks]),
        ))

    # The lock is read by the repository rule, not here: so MODULE.bazel.lock records nothing of
    # its contents and does not change when an environment does.
    environments_repository(
        name = "environments",
        lock = locks[0] if locks else None,
    )
    return module_ctx.extension_metadata(reproducible = True)

weft = module_extension(
    doc = "Makes the repository `environments` from the environments lock.",
    implementation = _weft_impl,
    tag_classes = {"environments": _environments},
)
