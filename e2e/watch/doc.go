// Package watch holds the end-to-end tests of weft watch: edits by the hundred,
// and faults, with the real Bazel and Nix. `make test-e2e` provides them.
package watch
