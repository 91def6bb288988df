package request_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/weft-build/weft/internal/request"
)

func TestParseScope(t *testing.T) {
	cases := map[string]request.ScopeKind{
		"all": request.ScopeAll, "unit": request.ScopeType, "compatibility": request.ScopeType,
		"//tests/...": request.ScopePattern, ":x": request.ScopePattern, "@@//a:b": request.ScopePattern,
		"tests/test_a.py": request.ScopePath, ".": request.ScopePath, "ünit": request.ScopePath,
	}
	for text, want := range cases {
		if s, err := (&request.Request{}).ParseScope(text); err != nil || s.Kind != want || s.Text != text {
			t.Errorf("%q: %+v, %v; want kind %d", text, s, err, want)
		}
	}
	for _, text := range []string{"", "a\x00b"} {
		if _, err := (&request.Request{}).ParseScope(text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}

func TestParseSelection(t *testing.T) {
	environments, types, err := (&request.Request{}).ParseSelection([]string{"python3.9,unit", "python3.1*", "security, octave", "all"})
	if err != nil || !slices.Equal(environments, []string{"python3.9", "python3.1*", "octave"}) || !slices.Equal(types, []string{"unit", "security"}) {
		t.Errorf("%q %q %v", environments, types, err)
	}
	for _, bad := range []string{"a,,b", "", "[", "py[3"} {
		var usage *request.UsageError
		if _, _, err := (&request.Request{}).ParseSelection([]string{bad}); !errors.As(err, &usage) {
			t.Errorf("%q: %v is no usage error", bad, err)
		}
	}
}

func TestNearest(t *testing.T) {
	known := []string{"python3.9", "python3.10", "octave", "unit", "integration"}
	cases := map[string]string{"pyton3.9": "python3.9", "untit": "unit", "uint": "unit", "Octave": "octave", "intergation": "integration", "rust": "", "xyz": ""}
	for word, want := range cases {
		if got := request.Nearest(word, known); got != want {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
}

func TestValidate(t *testing.T) {
	good := request.Request{Jobs: 1, Isolation: "batch", Gates: request.Gates{SecurityFailOn: "high"}, Reports: []request.ReportFile{{Format: "junit", Path: "x"}}}
	if err := good.Validate(); err != nil {
		t.Error(err)
	}
	bad := []request.Request{
		{}, {Jobs: -1},
		{Jobs: 1, Gates: request.Gates{SecurityFailOn: "huge"}},
		{Jobs: 1, Reports: []request.ReportFile{{Format: "html", Path: "x"}}},
		{Jobs: 1, Reports: []request.ReportFile{{Format: "json"}}},
		{Jobs: 1, Workers: "on"}, {Jobs: 1, Isolation: "suite"},
		{Jobs: 1, Overrides: []request.Override{{Name: "x"}}},
	}
	for _, r := range bad {
		var usage *request.UsageError
		if err := r.Validate(); !errors.As(err, &usage) || usage.Hint() == "" {
			t.Errorf("%+v: %v is no usage error with a hint", r, err)
		}
	}
}

func TestValidateRemoteCache(t *testing.T) {
	for _, good := range []string{"", "grpc://localhost:9092", "https://me:geheim@cache.example/x", "http://[::1]:80"} {
		if err := (&request.Request{Jobs: 1, RemoteCache: good}).Validate(); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	for bad, shown := range map[string]string{
		"cache.example": `"cache.example"`, "localhost:9092": `"localhost:9092"`, "ftp://me:geheim@x": `"ftp://x"`, "grpc://": `"grpc://"`,
		"me:geheim@x": `"x"`, "http://me:ge heim@x:y": `"http://x:y"`, "grpc://\x00": `"grpc://\x00"`,
	} {
		err := (&request.Request{Jobs: 1, RemoteCache: bad}).Validate()
		var usage *request.UsageError
		if !errors.As(err, &usage) || usage.Hint() == "" || !strings.Contains(err.Error(), shown+" is not the URL") || strings.Contains(err.Error(), "heim") {
			t.Errorf("%q: got %v", bad, err)
		}
	}
}

func TestNaturalOrder(t *testing.T) {
	got := []string{"python3.10", "octave", "python3.9", "python3.11", "python3", "python03.9"}
	slices.SortFunc(got, request.NaturalOrder)
	if want := []string{"octave", "python3", "python03.9", "python3.9", "python3.10", "python3.11"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
