package event_test

import (
	"testing"

	"github.com/weft-build/weft/internal/event"
)

func TestText(t *testing.T) {
	for got, want := range map[string]string{
		"//tests:test_a": "//tests:test_a",
		"//tests:test_\u00e6\u0097\u00a5\u00e6\u009c\u00ac": "//tests:test_日本",
		"test_e\u00cc\u0081":                    "test_e\u0301",
		"test_\u00c3\u00a9":                     "test_é",
		"test_é":                                "test_é", // of a newer Bazel
		"test_日本":                               "test_日本",
		"\u00e6\u0097 and no more":              "\u00e6\u0097 and no more",
		"\u00f0\u009f\u009b\u00a2 \u00c3\u0096": "🛢 Ö",
	} {
		if text := event.Text(got); text != want {
			t.Errorf("%q is taken for %q, not %q", got, text, want)
		}
	}
}
