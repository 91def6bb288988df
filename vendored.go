// Package weft holds the files of this repository that `weft init` copies into
// a project: rules_weft and the Nix library. It lies at the root because an
// embedded file must lie below its package.
package weft

import "embed"

// Vendored are rules/ without its tests, and nix/lib/.
//
//go:embed rules/*.bazel rules/*.bzl
//go:embed rules/private/*.bazel rules/private/*.bzl
//go:embed rules/launcher/*.bazel rules/launcher/*.md rules/launcher/weft_launcher/*.py rules/launcher/octave/*.m
//go:embed nix/lib/*.nix
var Vendored embed.FS
