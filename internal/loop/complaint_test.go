package loop

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/weft-build/weft/internal/repository"
	"github.com/weft-build/weft/internal/request"
	"github.com/weft-build/weft/internal/result"
)

// TestComplaints: what is said of a thing is taken back once it is in order.
func TestComplaints(t *testing.T) {
	l, s := newLoop(scope("a.py"))
	one, two := result.Problem{Message: "one"}, result.Problem{Message: "two"}
	for _, step := range []struct {
		topic    string
		problems []result.Problem
		told     []Update
	}{
		{"settings", []result.Problem{one}, []Update{Noted{one}}},
		{"settings", []result.Problem{one}, nil},
		{"gen", nil, nil},
		{"settings", []result.Problem{two}, []Update{Mended{[]result.Problem{one}}, Noted{two}}},
		{"settings", nil, []Update{Mended{[]result.Problem{two}}}},
		{"settings", []result.Problem{one}, []Update{Noted{one}}},
	} {
		s.told = nil
		if l.complain(step.topic, step.problems...); !reflect.DeepEqual(s.told, step.told) {
			t.Errorf("%v: told %v, not %v", step, s.told, step.told)
		}
	}
}

// TestSettingsMended: a weft.toml that can be read again takes back what was said of it.
func TestSettingsMended(t *testing.T) {
	l, s := newLoop(scope("a.py"))
	fault := errors.New("weft.toml: line 3 is no setting")
	for _, err := range []error{fault, nil} {
		l.o.Reload = func() (request.Request, bool, error) { return request.Request{}, false, err }
		l.reload()
	}
	note := result.Problem{Kind: "settings", Message: fault.Error()}
	if !reflect.DeepEqual(s.told, []Update{Noted{note}, Mended{[]result.Problem{note}}}) {
		t.Errorf("told %v", s.told)
	}
}

// TestUngenerated: what keeps a BUILD file from being written goes when its folder is in order.
func TestUngenerated(t *testing.T) {
	l, s := newLoop(scope("a.py"))
	of := func(file string) result.Problem {
		return result.Problem{Kind: "gen", Message: file + ": no such module"}
	}
	bad := func(files ...string) (w written) {
		for _, f := range files {
			w.problems = append(w.problems, repository.Problem{File: f, Text: "no such module"})
		}
		return w
	}
	broken := result.Problem{Kind: "gen", Message: "writing BUILD files: pyproject.toml does not parse"}
	for _, step := range []struct {
		folders []string
		done    written
		told    []Update
	}{
		{[]string{"x", "y"}, bad("x/BUILD.bazel", "y/BUILD.bazel"), []Update{Noted{of("x/BUILD.bazel")}, Noted{of("y/BUILD.bazel")}}},
		{[]string{"."}, written{err: errors.New("pyproject.toml does not parse")}, []Update{Noted{broken}}},
		{[]string{"x"}, written{}, []Update{Mended{[]result.Problem{broken}}, Mended{[]result.Problem{of("x/BUILD.bazel")}}}},
		{[]string{"y"}, bad("y/BUILD.bazel"), nil},
	} {
		s.told = nil
		l.ungenerated(t.Context(), step.folders, step.done)
		slices.SortStableFunc(s.told, func(a, b Update) int { return strings.Compare(fmt.Sprintf("%T %[1]v", a), fmt.Sprintf("%T %[1]v", b)) })
		slices.SortStableFunc(step.told, func(a, b Update) int { return strings.Compare(fmt.Sprintf("%T %[1]v", a), fmt.Sprintf("%T %[1]v", b)) })
		if !reflect.DeepEqual(s.told, step.told) {
			t.Errorf("%v: told %v, not %v", step.folders, s.told, step.told)
		}
	}
}
