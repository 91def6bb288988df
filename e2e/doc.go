// Package e2e runs weft as a user would, on real Bazel and real Nix. Each file
// of cases/ is a script (testscript) over a workspace of its own; the helpers
// of the harness, in e2e_test.go, are the commands that the scripts add.
package e2e
