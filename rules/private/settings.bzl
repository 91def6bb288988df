"""Build settings of rules_weft."""

BoolSettingInfo = provider(
    doc = "The value of a boolean build setting.",
    fields = {"value": "bool"},
)

def _bool_setting_impl(ctx):
    return [BoolSettingInfo(value = ctx.build_setting_value)]

bool_setting = rule(
    doc = "A boolean flag of the command line, such as `--@rules_weft//:coverage`.",
    implementation = _bool_setting_impl,
    build_setting = config.bool(flag = True),
)
