package ui

import (
	"slices"
	"strings"
	"testing"
)

func TestEditor(t *testing.T) {
	for _, c := range []struct {
		visual, editor string
		line           int
		want           string // words joined by |; "!" is an error
	}{
		{"", "", 7, "!no editor is set"},
		{"", "  ", 7, "!no editor is set"},
		{"", "vi", 7, "vi|+7|/ws/a b.py"},
		{"nvim", "nano", 7, "nvim|+7|/ws/a b.py"},
		{"", "/usr/bin/emacs -nw", 7, "/usr/bin/emacs|-nw|+7|/ws/a b.py"},
		{"", "code --wait", 7, "code|--wait|-g|/ws/a b.py:7"},
		{"", "hx", 7, "hx|/ws/a b.py:7"},
		{"", "pycharm", 7, "pycharm|--line|7|/ws/a b.py"},
		{"", "ed", 7, "ed|/ws/a b.py"},
		{"", "vim", 0, "vim|/ws/a b.py"},
		{"", `'/opt/my editor/subl' -w "" x\ y`, 7, "/opt/my editor/subl|-w||x y|/ws/a b.py:7"},
		{"", `vim "`, 7, "!a quotation or an escape is not finished"},
		{"", `vim \`, 7, "!a quotation or an escape is not finished"},
		{"", "vim; rm -rf $HOME", 7, "vim;|rm|-rf|$HOME|/ws/a b.py"},
	} {
		env := map[string]string{"VISUAL": c.visual, "EDITOR": c.editor}
		got, err := editor(func(name string) (string, bool) { v, ok := env[name]; return v, ok }, "/ws/a b.py", c.line)
		if message, ok := strings.CutPrefix(c.want, "!"); ok {
			if err == nil || !strings.Contains(err.Error(), message) {
				t.Errorf("%+v: %q, %v", c, got, err)
			}
		} else if err != nil || !slices.Equal(got, strings.Split(c.want, "|")) {
			t.Errorf("%+v: %q, %v", c, got, err)
		}
	}
}
