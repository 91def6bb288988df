package pyproject

import "testing"

func TestNormalizedVersion(t *testing.T) {
	for text, want := range map[string]string{
		"8.5.0.dev": "8.5.0.dev0", "v1.2": "1.2", "1.0-alpha.2": "1.0a2", "1.0rc": "1.0rc0", "1.0c1": "1.0rc1",
		"1.0-1": "1.0.post1", "1.0.post": "1.0.post0", "2!1.0": "2!1.0", "1.0+Ubuntu-1": "1.0+ubuntu.1",
		"2024.01.05": "2024.1.5", "1.0b2.post3.dev4": "1.0b2.post3.dev4", "1.0.0": "1.0.0",
	} {
		v, ok := parseVersion(text)
		if got := v.String(); !ok || got != want {
			t.Errorf("%s: got %s, %v, want %s", text, got, ok, want)
		}
	}
}
