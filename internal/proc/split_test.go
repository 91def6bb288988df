package proc

import (
	"reflect"
	"testing"
)

func TestSplit(t *testing.T) {
	for text, want := range map[string][]string{
		"":                       nil,
		"  -ra\n-q\t ":           {"-ra", "-q"},
		`-m "not slow" -k 'a b'`: {"-m", "not slow", "-k", "a b"},
		`a\ b "c\"d\e" 'f\g'`:    {"a b", `c"d\e`, `f\g`},
		`"" x''y`:                {"", "xy"},
		`# no comment`:           {"#", "no", "comment"},
	} {
		if got, err := Split(text); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q: got %q, %v, want %q", text, got, err, want)
		}
	}
	if got, err := Split(`a "b`); err == nil || !reflect.DeepEqual(got, []string{"a"}) {
		t.Errorf("an open quotation: got %q, %v", got, err)
	}
}
