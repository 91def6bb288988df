// Package bep holds the generated bindings of the trimmed Build Event
// Protocol. Only internal/event reads it.
package bep
