package scaffold

import (
	"io/fs"
	"regexp"
)

// bazelrcImport is the one line that a workspace's .bazelrc needs.
const bazelrcImport = "import %workspace%/" + bazelrcFile

const bazelrcLines = "# Weft's settings; `weft init --upgrade` keeps them up to date. What follows this line wins over them.\n" + bazelrcImport + "\n"

const weftBazelrc = `common --enable_bzlmod

# A server lives for a few commands: what Java's thorough compiler (C2) would spend on it does not come back. Without it a first run
# takes a fifth less of Bazel's processor time; hot code of a large workspace gets there all the same.
startup --host_jvm_args=-XX:Tier4InvocationThreshold=250000
startup --host_jvm_args=-XX:Tier4MinInvocationThreshold=250000

# A cell is a build action: ` + "`bazel build //...`" + ` builds code and runs no test.
build --build_tag_filters=-weft
test --build_tag_filters=

build --incompatible_strict_action_env
build --sandbox_default_allow_network=false
# A suite's files are laid out in its sandbox; a second tree of links beside it serves nobody.
build --nobuild_runfile_links
test --test_output=errors
# As files: zipping them needs a program that not every machine has.
test --nozip_undeclared_test_outputs

# What weft gives Bazel on this machine; written by weft.
try-import %workspace%/.weft/bazelrc
`

// ignoredByBazel are folders that hold no package of the workspace's.
var ignoredByBazel = []string{RulesDir, ".weft", ".venv", "venv", ".tox", ".nox", "node_modules"}

var ignoredByGit = []string{"/bazel-*", "/.weft/", "/MODULE.bazel.lock"}

const bazeliskrc = `# The Bazel that bazelisk takes; Weft needs 7.4.0 or newer. A .bazelversion would bind other wrappers too.
USE_BAZEL_VERSION=7.7.1
`

const rootBuild = `# What stands here counts for all folders below; ` + "`weft gen`" + ` keeps the rules, and leaves a line with "# keep" alone.
#   # gazelle:exclude GLOB            files that are no tests and no sources
#   # gazelle:weft_data GLOB          files that the tests read
#   # gazelle:weft_types TYPE,…       the test types of files that name none by markers
#   # gazelle:weft_environments E,…   the environments that the tests run in
#   # gazelle:weft off                leave the folder alone
`

const weftTOML = `# Each key has a flag and a variable of its own: ` + "`weft test --help`" + `.

[gen]
# Say so when BUILD files are not what ` + "`weft gen`" + ` would write.
check = true

# [unit]
# min_coverage = 80.0
# [security]
# fail_on = "high"
# [performance]
# regression = 0.10
`

// workflow names its actions by their major version: a commit is safer and
// cannot be known here.
const workflow = `# The tests in every environment, as ` + "`weft test all`" + ` runs them on a developer's machine.
name: weft

on:
  push:
  pull_request:

permissions:
  contents: read

jobs:
  test:
    runs-on: ubuntu-24.04
    env:
      # The command that wrote this file; any shell that has weft on its PATH can run what stands below.
      WEFT: nix run github:weft-build/weft --
    steps:
      # Actions are named by major version; pin each to a commit if your rules ask for it.
      - uses: actions/checkout@v4
      - uses: cachix/install-nix-action@v31
      # bazelisk, as bazel.
      - uses: bazel-contrib/setup-bazel@0.15.0
        with:
          bazelisk-cache: true
      # What passed and has not changed is not run again.
      - uses: actions/cache@v4
        with:
          path: ~/.cache/weft/disk-cache
          key: weft-${{ github.run_id }}
          restore-keys: weft-
      # Bazel's sandbox needs user namespaces, which this image restricts.
      - run: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0
      - run: $WEFT gen --check
      - run: $WEFT test all --locked --report junit=junit.xml
      - if: always()
        uses: actions/upload-artifact@v4
        with:
          name: weft
          path: |
            junit.xml
            .weft/runs/latest/
          include-hidden-files: true
`

var moduleVersion = regexp.MustCompile(`(?m)^\s*version = "([^"]+)"`)

// moduleLines is what MODULE.bazel needs; the version is that of the rules.
func moduleLines(vendored fs.FS) string {
	version := "0.0.0"
	if data, err := fs.ReadFile(vendored, "rules/MODULE.bazel"); err == nil {
		if m := moduleVersion.FindSubmatch(data); m != nil {
			version = string(m[1])
		}
	}
	return `# Weft's rules lie in ` + RulesDir + `, so that no registry is needed.
bazel_dep(name = "` + RulesDir + `", version = "` + version + `")
local_path_override(
    module_name = "` + RulesDir + `",
    path = "` + RulesDir + `",
)

weft = use_extension("@` + RulesDir + `//:extensions.bzl", "weft")
weft.environments(lock = "//:environments.lock.json")
use_repo(weft, "environments")
`
}
