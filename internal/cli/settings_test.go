package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// TestConfigFileHasTheTablesKeys holds the struct that finds unknown keys
// against the table.
func TestConfigFileHasTheTablesKeys(t *testing.T) {
	var want, got []string
	for _, s := range settings {
		if s.Key != "" {
			want = append(want, s.Key)
		}
	}
	var walk func(prefix string, typ reflect.Type)
	walk = func(prefix string, typ reflect.Type) {
		for i := range typ.NumField() {
			f := typ.Field(i)
			name := prefix + f.Tag.Get("toml")
			if f.Type.Kind() == reflect.Struct {
				walk(name+".", f.Type)
				continue
			}
			got = append(got, name)
		}
	}
	walk("", reflect.TypeFor[configFile]())
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(want, got) {
		t.Errorf("configFile has %q, the table %q", got, want)
	}
}

// TestSettingsPage writes docs/settings.md from the table with WEFT_UPDATE=1
// and holds it against the table without.
func TestSettingsPage(t *testing.T) {
	path := filepath.Join("..", "..", "docs", "settings.md")
	want := settingsPage()
	if os.Getenv("WEFT_UPDATE") != "" {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil || string(got) != want {
		t.Errorf("docs/settings.md is not what the table says (%v): WEFT_UPDATE=1 go test ./internal/cli -run SettingsPage", err)
	}
}

func settingsPage() string {
	var b strings.Builder
	b.WriteString("# Settings\n\nA flag wins over its environment variable, that over weft.toml, that over the default. Made from the table in\ninternal/cli/settings.go.\n\n")
	b.WriteString("| flag | variable | weft.toml | default | what |\n|---|---|---|---|---|\n")
	for _, s := range settings {
		flag := "--" + s.Flag
		if s.Arg != "" {
			flag += " " + s.Arg
		}
		fmt.Fprintf(&b, "| `%s` | `%s` | %s | %s | %s |\n", flag, variable(s.Flag), code(s.Key), code(s.Default), s.Help)
	}
	b.WriteString("\nA repeatable flag's variable holds several values, separated by spaces. `NO_COLOR`, `FORCE_COLOR`, `CI`, `TERM=dumb`,\n`GITHUB_ACTIONS` (annotations) and `GITHUB_STEP_SUMMARY` (the report) are honoured.\n")
	return b.String()
}

func code(text string) string {
	if text == "" {
		return "–"
	}
	return "`" + text + "`"
}
