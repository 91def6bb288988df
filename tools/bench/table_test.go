package main

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

// sample are numbers of a run in which raw Bazel's cold step was not repeated.
func sample() numbers {
	return numbers{
		{"small", stepCold, peerTox}: {8, 10, 9}, {"small", stepCold, peerWeft}: {9, 12, 9.9}, {"small", stepCold, peerBazel}: {50},
		{"small", stepNone, peerTox}: {8, 8, 8}, {"small", stepNone, peerWeft}: {0.5, 0.4, 0.6}, {"small", stepNone, peerBazel}: {0.4, 0.4, 0.3},
		{"small", stepServer, peerWeft}: {4, 4, 4},
	}
}

func TestJudge(t *testing.T) {
	n := sample()
	n[key{workloadWatch, stepTestLast, peerLabels}] = []float64{1}
	n[key{workloadWatch, stepTestLast, peerWeft}] = []float64{1.09} // within a tenth of a second more
	n[key{workloadWatch, stepTestLast, peerIbazel}] = []float64{2}
	got := map[string]string{}
	for _, j := range judge(n) {
		if j.Verdict != "not measured" {
			got[j.Step+", "+j.Against] = j.Verdict
		}
	}
	want := map[string]string{
		stepCold + ", tox": "reached", stepNone + ", tox": "missed", stepNone + ", bazel": "missed",
		stepTestLast + ", labels": "reached", stepTestLast + ", ibazel": "missed",
	}
	if !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestRatio(t *testing.T) {
	// tox has no server: a cold one is held against what it always does.
	if ratio, ok := sample().ratio(key{"small", stepServer, peerWeft}, peerTox); !ok || ratio != 0.5 {
		t.Errorf("cold server: %v, %v, want 0.5", ratio, ok)
	}
	if _, ok := sample().ratio(key{"small", stepSecond, peerWeft}, peerTox); ok {
		t.Error("a ratio of what was not measured")
	}
}

func TestMedian(t *testing.T) {
	n := numbers{{"a", "", ""}: {5, 1, 3}, {"b", "", ""}: {4, 1}}
	for workload, want := range map[string]float64{"a": 3, "b": 2.5} {
		if got, ok := n.median(key{workload, "", ""}); !ok || got != want {
			t.Errorf("%s: %v, want %v", workload, got, want)
		}
	}
	if _, ok := n.median(key{"c", "", ""}); ok {
		t.Error("a median of nothing")
	}
	if n[key{"a", "", ""}][0] != 5 {
		t.Error("the order of the repetitions is lost")
	}
}

func TestPrintTable(t *testing.T) {
	var b strings.Builder
	if err := printTable(&b, workloads[0], sample()); err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/table.txt")
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}

func TestTooSlow(t *testing.T) {
	r := &runner{numbers: numbers{{"w", stepCold, peerWeft}: {60}, {"w", stepCold, peerBazel}: {60}, {"w", stepNone, peerBazel}: {3}}}
	for k, want := range map[key]bool{
		{"w", stepCold, peerWeft}: false, {"w", stepCold, peerBazel}: true, {"w", stepNone, peerBazel}: false, {"w", stepTest, peerBazel}: false,
	} {
		if got := r.tooSlow(k); got != want {
			t.Errorf("%v: %v, want %v", k, got, want)
		}
	}
}

func TestAbsent(t *testing.T) {
	r := &runner{programs: programs{missing: map[string]string{peerNox: "no mirror"}}}
	large := workloads[slices.IndexFunc(workloads, func(w workload) bool { return w.name == "large" })]
	got := strings.Join(r.absent([]workload{workloads[0], large}), "\n")
	if want := "missing: nox: no mirror\nleft out of large: weft batch, nox, raw bazel, ibazel (see -peers)"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestMeasurements(t *testing.T) {
	all := measurements(sample())
	if len(all) != 7 {
		t.Fatalf("%d measurements, want 7", len(all))
	}
	m := all[1]
	if m.Peer != peerWeft || m.Step != stepCold || m.Median != 9.9 || m.Ratio == nil || *m.Ratio != 1.1 {
		t.Errorf("got %+v", m)
	}
}
