package pipeline

import (
	"reflect"
	"testing"
	"time"

	"github.com/weft-build/weft/internal/result"
)

// plainCell is a cell with two tests that passed.
func plainCell() result.Cell {
	start := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	one := result.Case{ID: "a.py::test_a", Name: "test_a", Class: "a", Outcome: result.CasePassed, Duration: time.Second, Line: 3}
	two := result.Case{ID: "a.py::test_b[\n]", Name: "test_b[\n]", Outcome: result.CasePassed}
	return result.Cell{
		ID: "a.py unit py", File: "a.py", Type: "unit", Environment: "py", Suite: "//:tests.unit@py", LogPath: "/log", Verdict: result.Passed,
		Start: start, Duration: time.Minute, Cases: []result.Case{one, two},
		JSON: result.CellJSON{Version: 1, File: "a.py", Label: "//:a", Start: start, DurationSeconds: 60, CPUSeconds: new(0.5), ExitCode: new(0)},
	}
}

// TestRememberedIsWhatWas: each field of a cell, of its JSON and of a case, those
// that come later too, of a cell that is alone and of one of many that are alike.
func TestRememberedIsWhatWas(t *testing.T) {
	cells := []result.Cell{{ID: "none", Verdict: result.NotRun, Reason: "why"}, plainCell()}
	for _, part := range []func(*result.Cell) reflect.Value{
		func(c *result.Cell) reflect.Value { return reflect.ValueOf(c) },
		func(c *result.Cell) reflect.Value { return reflect.ValueOf(&c.JSON) },
		func(c *result.Cell) reflect.Value { return reflect.ValueOf(&c.JSON.Environment) },
		func(c *result.Cell) reflect.Value { return reflect.ValueOf(&c.Cases[1]) },
	} {
		for i := range part(new(plainCell())).Elem().NumField() {
			c := plainCell()
			change(t, part(&c).Elem().Field(i))
			cells = append(cells, c)
		}
	}
	for _, with := range []string{"a\x00b", ""} {
		c := plainCell()
		c.Cases[0].Name = with
		cells = append(cells, c)
	}
	var shared common
	var kept []remembered
	for _, c := range cells {
		kept = append(kept, shared.pack(c))
	}
	for i, c := range cells {
		if got := kept[i].unpack(c.ID); !reflect.DeepEqual(got, c) {
			t.Errorf("got %+v, was %+v", got, c)
		}
		c.Cases = kept[i].cell(c.ID).Cases
		if got := kept[i].cell(c.ID); !reflect.DeepEqual(got, c) {
			t.Errorf("without cases: got %+v, was %+v", got, c)
		}
	}
	if !kept[1].plain || kept[0].plain {
		t.Error("a cell that passed is plain, and no other")
	}
}

// change gives a field another value.
func change(t *testing.T, f reflect.Value) {
	switch f.Kind() {
	case reflect.String:
		f.SetString("other")
	case reflect.Bool:
		f.SetBool(true)
	case reflect.Int, reflect.Int64:
		f.SetInt(7)
	case reflect.Float64:
		f.SetFloat(7)
	case reflect.Slice:
		f.Set(reflect.MakeSlice(f.Type(), 1, 1))
	case reflect.Pointer:
		f.Set(reflect.New(f.Type().Elem()))
	case reflect.Struct:
		if _, ok := f.Interface().(time.Time); ok {
			f.Set(reflect.ValueOf(time.Unix(7, 0)))
			return
		}
		change(t, f.Field(0))
	default:
		t.Fatalf("a field of kind %s", f.Kind())
	}
}
