// Package querypb holds the generated bindings of the trimmed output of
// `bazel query --output=streamed_proto`. Only internal/bazel reads it.
package querypb
