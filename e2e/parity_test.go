package e2e

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"text/template"
)

var (
	repository = flag.String("repository", "", "compare these folders, comma-separated, and none of repositories/")
	imports    = flag.String("imports", "", "with -repository: the source roots, comma-separated; src if there is one, else the folder itself")
	installed  = flag.String("installed", "", "with -repository: for each, a folder with its dist-info, as an installer would write it")
)

// project is a repository to compare: its files in repository/, its dist-info in
// installed/ (as pip writes it, by hand), and plain.json.
type project struct {
	name, files, installed string

	// Imports are the source roots, as an editable install would add them.
	Imports []string
	// Rootdir is the folder that pytest is started in.
	Rootdir string
	// Environments are some that weft init must propose.
	Environments []string
	// Outcomes are what plain pytest may give; in each environment one of them.
	// Empty: anything but nothing.
	Outcomes []string
	// Generate are files that are too many to be checked in.
	Generate []struct {
		Path, Text string
		Count      int
	}
	// Octave are the test files of Octave, and what its own test function says.
	Octave map[string]string
}

// TestParity compares the verdict of each test under weft, after `weft init`, with
// plain pytest's in the same environment.
func TestParity(t *testing.T) {
	t.Parallel()
	repo, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	p := &parity{weft: binary(t, repo), repo: repo, workspace: filepath.Join(t.TempDir(), "workspace"), cache: t.TempDir()}
	t.Cleanup(func() { shutdown(filepath.Dir(p.workspace)) })
	for _, x := range projects(t) {
		t.Run(x.name, func(t *testing.T) { p.compare(t, x) })
	}
	p.writeCounts(t)
}

func projects(t *testing.T) []project {
	if *repository != "" {
		return byHand()
	}
	files, err := filepath.Glob("repositories/*/plain.json")
	if err != nil || len(files) < 8 {
		t.Fatalf("%d repositories to compare: %v", len(files), err)
	}
	var all []project
	for _, f := range files {
		x := project{name: filepath.Base(filepath.Dir(f)), files: filepath.Join(filepath.Dir(f), "repository")}
		x.installed, _ = filepath.Abs(filepath.Join(filepath.Dir(f), "installed"))
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		d := json.NewDecoder(bytes.NewReader(data))
		d.DisallowUnknownFields()
		if err := d.Decode(&x); err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		all = append(all, x)
	}
	return all
}

// byHand are the folders of -repository.
func byHand() (all []project) {
	metadata := strings.Split(*installed, ",")
	for i, folder := range strings.Split(*repository, ",") {
		x := project{name: filepath.Base(folder), files: folder, Imports: strings.Split(*imports, ",")}
		if info, err := os.Stat(filepath.Join(folder, "src")); *imports == "" && err == nil && info.IsDir() {
			x.Imports = []string{"src"}
		}
		if i < len(metadata) {
			x.installed = metadata[i]
		}
		all = append(all, x)
	}
	return all
}

// parity is what the repositories share. They are tried one after the other in one
// workspace folder, so that they share a Bazel server and what it knows of rules_weft.
type parity struct {
	weft, repo, workspace, cache string
	lines                        []string
}

func (p *parity) compare(t *testing.T, x project) {
	x.copy(t, p.workspace)
	p.commit(t)
	p.run(t, 0, "init", "--yes")
	p.run(t, 0, "gen", "--check")
	code := p.run(t, -1, "test", "all")
	var report weftReport
	data, err := os.ReadFile(filepath.Join(p.workspace, ".weft/runs/latest/report.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &report); err != nil {
		t.Fatal(err)
	}
	types := p.types(t)
	var names []string
	failures := false
	for _, e := range report.Environments {
		names = append(names, e.Name)
		if e.NotBuilt != "" {
			t.Errorf("%s is not built: %s", e.Name, e.NotBuilt)
			continue
		}
		all := x.plain(t, e.Kind, e.StorePath)
		if e.Kind == "python" && all.verdicts[everything] == "" && len(x.Outcomes) > 0 && !slices.Contains(x.Outcomes, all.String()) {
			t.Errorf("%s: plain pytest gives %s, want one of %q", e.Name, all, x.Outcomes)
		}
		plain := all.of(types[e.Name], report)
		failures = failures || plain.anyFailed()
		p.judge(t, x.name, e.Name, e.Kind, plain, report)
	}
	if want := map[bool]int{true: 1}[failures]; code != want {
		t.Errorf("weft test all ends with %d, want %d", code, want)
	}
	for _, want := range x.Environments {
		if !slices.Contains(names, want) {
			t.Errorf("weft init proposes %s, and not %s", strings.Join(names, ", "), want)
		}
	}
}

// types are the test types of the environments that are not for all of them.
func (p *parity) types(t *testing.T) map[string][]string {
	t.Helper()
	var lock struct {
		Environments map[string]struct{ Types []string }
	}
	// Where inputs are overridden, the lock is not the one that is checked in.
	file := filepath.Join(p.workspace, ".weft", "environments.lock.json")
	if _, err := os.Stat(file); err != nil {
		file = filepath.Join(p.workspace, "environments.lock.json")
	}
	data, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(data, &lock)
	}
	if err != nil {
		t.Fatal(err)
	}
	types := map[string][]string{}
	for name, e := range lock.Environments {
		types[name] = e.Types
	}
	return types
}

func (p *parity) judge(t *testing.T, name, environment, kind string, plain verdicts, report weftReport) {
	weft, err := report.of(environment)
	if err != nil {
		t.Errorf("%s: %v", environment, err)
		return
	}
	if kind == "octave" {
		weft = counted(weft)
	} else if plain[everything] != "" {
		weft = weft.together()
	}
	if len(plain) == 0 {
		t.Errorf("%s: nothing to compare", environment)
	}
	found := differences(plain, weft)
	for _, d := range found {
		t.Errorf("%s: %s", environment, d)
	}
	p.lines = append(p.lines, fmt.Sprintf("%-22s %-12s %4d tests compared, %d differences: %s", name, environment, len(plain), len(found), plain))
	t.Log(p.lines[len(p.lines)-1])
}

// writeCounts leaves the counts where `make test-e2e` prints them from.
func (p *parity) writeCounts(t *testing.T) {
	if dir := os.Getenv("WEFT_COUNTS"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, "parity.txt"), []byte(strings.Join(p.lines, "\n")+"\n"), 0o644); err != nil {
			t.Error(err)
		}
	}
}

// run runs weft in the workspace; a code of -1 stands for 0 or 1.
func (p *parity) run(t *testing.T, want int, args ...string) int {
	t.Helper()
	cmd := exec.Command(p.weft, args...)
	cmd.Dir = p.workspace
	cmd.Env = append(os.Environ(), "CI=1", "NO_COLOR=1", "WEFT_DISK_CACHE="+p.cache)
	out, err := cmd.CombinedOutput()
	code := cmd.ProcessState.ExitCode()
	t.Logf("weft %s: exit code %d\n%s", strings.Join(args, " "), code, out)
	if code != want && (want != -1 || code > 1 || code < 0) {
		t.Fatalf("weft %s: %v", strings.Join(args, " "), err)
	}
	return code
}

// commit makes the workspace a git repository, as a user's is.
func (p *parity) commit(t *testing.T) {
	t.Helper()
	for _, args := range [][]string{{"init", "-q"}, {"add", "-A"}, {"-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "all"}} {
		cmd := exec.Command("git", args...)
		cmd.Dir = p.workspace
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %s: %v\n%s", args[0], err, out)
		}
	}
}

// copy puts the repository's files into a folder, which it empties first.
func (x project) copy(t *testing.T, dir string) {
	t.Helper()
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("cp", "-R", x.files, dir).CombinedOutput(); err != nil {
		t.Fatalf("copying %s: %v\n%s", x.files, err, out)
	}
	_ = os.RemoveAll(filepath.Join(dir, ".git"))
	for _, g := range x.Generate {
		for n := range g.Count {
			file := filepath.Join(dir, expand(t, g.Path, n))
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(expand(t, g.Text, n)), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func expand(t *testing.T, text string, n int) string {
	t.Helper()
	var out strings.Builder
	parsed, err := template.New("").Parse(text)
	if err == nil {
		err = parsed.Execute(&out, n)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// counted are verdicts by file: Octave's own test function names no tests.
func counted(v verdicts) verdicts {
	files := map[string]verdicts{}
	for id, outcome := range v {
		file, _, _ := strings.Cut(id, "::")
		if files[file] == nil {
			files[file] = verdicts{}
		}
		files[file][id] = outcome
	}
	found := verdicts{}
	for _, file := range slices.Sorted(maps.Keys(files)) {
		found[file] = files[file].String()
	}
	return found
}
