package proc

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestExec runs itself again, because Exec does not return.
func TestExec(t *testing.T) {
	if dir := os.Getenv("PROC_TEST_EXEC"); dir != "" {
		t.Fatal(Exec(Command{Purpose: "testing", Argv: []string{"only-here", "a b"}, Dir: dir,
			Env: []string{"PATH=relative:" + dir + ":/bin:/usr/bin"}}))
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "only-here"), []byte("#!/bin/sh\ncat; pwd; echo \"$1\"; exit 7\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	self := exec.Command(os.Args[0], "-test.run=^TestExec$")
	self.Env = append(os.Environ(), "PROC_TEST_EXEC="+dir)
	self.Stdin = strings.NewReader("from stdin\n")
	out, _ := self.CombinedOutput()
	if !strings.HasPrefix(string(out), "from stdin\n") || !strings.HasSuffix(string(out), "\na b\n") || self.ProcessState.ExitCode() != 7 {
		t.Errorf("exit code %d, output %q", self.ProcessState.ExitCode(), out)
	}
}

func TestExecTellsWhatIsMissing(t *testing.T) {
	for want, c := range map[string]Command{
		`testing: "no-such-thing" is not on PATH`:                          {Argv: []string{"no-such-thing"}},
		`testing: "/no/such" does not exist`:                               {Argv: []string{"/no/such"}},
		`testing: starting "sh": stat /no/such: no such file or directory`: {Argv: []string{"sh"}, Dir: "/no/such"},
		`testing: starting "": the command is empty`:                       {},
	} {
		c.Purpose = "testing"
		if err := Exec(c); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
