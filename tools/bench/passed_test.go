package main

import "testing"

func TestPassedIn(t *testing.T) {
	for output, want := range map[string]int{
		"....  [100%]\n720 passed in 2.71s\nx\n725 passed in 65.10s (0:01:05)\n":         1445,
		"=== 3 passed, 1 warning in 0.10s ===\n":                                         3,
		"1 failed, 719 passed in 2.71s\n":                                                0,
		"  e1: OK (0.75=setup[0.07]+cmd[0.68] seconds)\n  congratulations :) (1.02 s)\n": 0,
	} {
		if got := passedIn(output); got != want {
			t.Errorf("%q: %d, want %d", output, got, want)
		}
	}
}

func TestPassedTests(t *testing.T) {
	got, err := passedTests([]byte(`<testsuites><testsuite errors="0" failures="0" skipped="0" tests="18"/><testsuite tests="2"/></testsuites>`))
	if err != nil || got != 20 {
		t.Errorf("got %d, %v", got, err)
	}
	for _, text := range []string{`<testsuites><testsuite failures="1" tests="18"/></testsuites>`, `<testsuites><testsuite skipped="1" tests="18"/></testsuites>`, `<testsuites>`} {
		if _, err := passedTests([]byte(text)); err == nil {
			t.Errorf("%s is no error", text)
		}
	}
}

func TestBazelEnd(t *testing.T) {
	p := newBazel(&site{dir: t.TempDir(), workload: workloads[0]})
	xml := `<testsuites><testsuite tests="18"/></testsuites>`
	if err := writeFiles(p.at.dir, map[string]string{"bazel-testlogs/a/test.xml": xml, "bazel-testlogs/b/test.xml": xml}); err != nil {
		t.Fatal(err)
	}
	if got, err := p.passed("Executed 3 out of 120 tests: 120 tests pass."); err != nil || got != 36 {
		t.Errorf("%d tests, %v; want 36", got, err)
	}
	for _, line := range []string{"", "Executed 0 out of 119 tests: 119 tests pass.", "Executed 3 out of 120 tests: 118 tests pass and 2 fail locally.", "Executed 3 out of 121 tests: 120 tests pass and 1 was skipped."} {
		if _, err := p.passed(line); err == nil {
			t.Errorf("%q is no error", line)
		}
	}
}
