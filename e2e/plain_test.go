package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// plain runs the repository's tests without weft, in a copy of its own, with the
// environment's interpreter.
func (x project) plain(t *testing.T, kind, storePath string) plainRun {
	t.Helper()
	// No link may lead to another folder: test ids are compared.
	base, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(base, "copy")
	x.copy(t, dir)
	if kind == "octave" {
		return plainRun{verdicts: x.plainOctave(t, storePath, dir)}
	}
	plugin, err := filepath.Abs("plain")
	if err != nil {
		t.Fatal(err)
	}
	var folders []string
	for _, root := range x.Imports {
		folders = append(folders, filepath.Join(dir, root))
	}
	if x.installed != "" {
		folders = append(folders, x.installed)
	}
	verdictsFile := filepath.Join(base, "verdicts")
	cmd := exec.Command(storePath+"/bin/python3", "-B", "-m", "pytest", "-p", "no:cacheprovider", "-p", "plain_verdicts", "--continue-on-collection-errors")
	cmd.Dir = filepath.Join(dir, x.Rootdir)
	cmd.Env = []string{"HOME=" + base, "USER=someone", "LANG=C.UTF-8", "PATH=" + storePath + "/bin:" + os.Getenv("PATH"), "PLAIN_VERDICTS=" + verdictsFile, "PYTHONPATH=" + strings.Join(append(folders, plugin), ":")}
	out, runErr := cmd.CombinedOutput()
	file, err := os.Open(verdictsFile)
	if err != nil {
		t.Fatalf("plain pytest: %v\n%s", runErr, out)
	}
	defer file.Close()
	found, err := readPlain(file, dir)
	if err != nil {
		t.Fatalf("plain pytest: %v\n%s", err, out)
	}
	// 0 to 2 say how the tests went; more, that none ran.
	if code := cmd.ProcessState.ExitCode(); code > 2 && len(found.verdicts) == 0 {
		t.Logf("plain pytest: exit code %d\n%s", code, out)
		return plainRun{verdicts: verdicts{everything: "error"}}
	}
	return found
}

// plainOctave asks Octave's own test function, or runs the file as its user would.
func (x project) plainOctave(t *testing.T, storePath, dir string) verdicts {
	t.Helper()
	found := verdicts{}
	for name, code := range x.Octave {
		cmd := exec.Command(storePath+"/bin/octave-cli", "--no-gui", "--norc", "--quiet", "--eval", code)
		cmd.Dir = dir
		cmd.Env = []string{"HOME=" + dir, "LANG=C.UTF-8", "OCTAVE_HISTFILE=/dev/null", "PATH=" + os.Getenv("PATH")}
		out, err := cmd.CombinedOutput()
		lines := strings.Split(strings.TrimSpace(string(out)), "\n")
		var passed, total, xfailed, bugs, skipped, skippedNow, regressions int
		n, _ := fmt.Sscanf(lines[len(lines)-1], "counts %d %d %d %d %d %d %d", &passed, &total, &xfailed, &bugs, &skipped, &skippedNow, &regressions)
		switch {
		case n == 7:
			found[name] = octaveCounts(passed, total-passed-xfailed-bugs, skipped+skippedNow, xfailed+bugs)
		case err != nil:
			found[name] = octaveCounts(0, 1, 0, 0)
		default:
			found[name] = octaveCounts(1, 0, 0, 0)
		}
	}
	return found
}

func octaveCounts(passed, failed, skipped, xfailed int) string {
	v := verdicts{}
	for outcome, n := range map[string]int{"passed": passed, "failed": failed, "skipped": skipped, "xfailed": xfailed} {
		for i := range n {
			v[fmt.Sprint(outcome, i)] = outcome
		}
	}
	return v.String()
}
