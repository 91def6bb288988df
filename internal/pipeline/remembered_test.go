package pipeline

import (
	"reflect"
	"testing"
	"time"

	"github.com/weft-build/weft/internal/result"
)

// TestRememberedIsWhatWas: each field of a case, those that come later too.
func TestRememberedIsWhatWas(t *testing.T) {
	plain := result.Case{ID: "a.py::test_a", Name: "test_a", Class: "a", Outcome: result.CasePassed, Duration: time.Second, Line: 3}
	cells := []result.Cell{{ID: "none", Verdict: result.NotRun, Reason: "why"}, {ID: "plain", Cases: []result.Case{plain, plain}}}
	for i := range reflect.TypeFor[result.Case]().NumField() {
		k := plain
		switch f := reflect.ValueOf(&k).Elem().Field(i); f.Kind() {
		case reflect.String:
			f.SetString("other")
		case reflect.Bool:
			f.SetBool(true)
		case reflect.Int, reflect.Int64:
			f.SetInt(7)
		case reflect.Slice:
			f.Set(reflect.MakeSlice(f.Type(), 1, 1))
		default:
			t.Fatalf("a field of kind %s", f.Kind())
		}
		cells = append(cells, result.Cell{ID: "one", File: "a.py", Cases: []result.Case{plain, k}})
	}
	for _, c := range cells {
		if got := (texts{}).pack(c).unpack(); !reflect.DeepEqual(got, c) {
			t.Errorf("got %+v, was %+v", got, c)
		}
	}
}
