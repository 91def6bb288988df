package analysis

import (
	"fmt"
	"strings"
)

// Remedies of what a test asks of the machine around it.

// envChange is the attribute that sets a variable for a target's tests.
func envChange(label, name, value string) string {
	return fmt.Sprintf("env = {%q: %q},  # of %s", name, value, label)
}

func adviseRepository(f Finding, label string) Recommendation {
	if f.subject == "setuptools_scm" {
		return Recommendation{Text: "a cell's tree has the declared files and no .git: say the version in the test's variables, or read it from installed metadata", Change: envChange(label, "SETUPTOOLS_SCM_PRETEND_VERSION", "1.0")}
	}
	return Recommendation{Text: fmt.Sprintf("a cell's tree has the declared files and no .git: let %s make a repository of its own below tmp_path, or give it what it asks git for by env or a declared file", where(f))}
}

func adviseNetwork(f Finding) Recommendation {
	switch f.subject {
	case "hostname":
		return Recommendation{Text: fmt.Sprintf("use localhost or 127.0.0.1 in %s: nobody in a cell can look the machine's own name up", where(f))}
	case "address":
		return Recommendation{Text: fmt.Sprintf("bind %s to 127.0.0.1, or to ::1", where(f))}
	}
	return Recommendation{Text: fmt.Sprintf("cells have no network but loopback: serve what %s asks for from the test itself, on 127.0.0.1 and a free port, or record the answer in a declared file", where(f))}
}

func adviseService(f Finding) Recommendation {
	if strings.HasPrefix(f.subject, "/") {
		return Recommendation{Text: fmt.Sprintf("a cell reaches no service of the machine: let a fixture of the test start one that has its socket below tmp_path, with its program from tools in flake.nix, instead of %s", f.subject)}
	}
	return Recommendation{Text: fmt.Sprintf("a cell has a loopback interface of its own on which nothing listens yet: let a fixture of the test start what answers at %s, with its program from tools in flake.nix, best on a free port", f.subject)}
}

func adviseHome(f Finding, label string) Recommendation {
	switch {
	case strings.HasPrefix(f.subject, "git's "):
		return Recommendation{Text: "say in the test's variables who commits; GIT_COMMITTER_NAME and _EMAIL likewise", Change: fmt.Sprintf("env = {\"GIT_AUTHOR_NAME\": \"t\", \"GIT_AUTHOR_EMAIL\": \"t@t\", \"GIT_COMMITTER_NAME\": \"t\", \"GIT_COMMITTER_EMAIL\": \"t@t\"},  # of %s", label)}
	case strings.HasPrefix(f.subject, "XDG_"):
		return Recommendation{Text: fmt.Sprintf("let %s take the standard's default below HOME, or a folder below tmp_path by monkeypatch.setenv(%q, …)", where(f), f.subject)}
	}
	return Recommendation{Text: fmt.Sprintf("a cell's HOME is private and empty, and the test may write into it: let %s make the file, or give it the path of a declared one instead", where(f))}
}

func adviseLocale(f Finding) Recommendation {
	if f.subject == "locale" {
		return Recommendation{Text: fmt.Sprintf("tests run with LANG=C.UTF-8, and the environment has no other locale: let %s do with C.UTF-8, or skip where setlocale fails", where(f))}
	}
	return Recommendation{Text: fmt.Sprintf("add tzdata to the packages of %s in flake.nix: a cell's time zone is UTC, and the machine's zones may not be there", list(f.Environments)), Change: "ps.tzdata"}
}

func adviseReadOnly(f Finding) Recommendation {
	switch {
	case f.subject == "environment":
		return Recommendation{Text: fmt.Sprintf("let %s write elsewhere than beside the interpreter and its packages, such as below tmp_path; a package that a test installs belongs into flake.nix", where(f))}
	case strings.HasPrefix(f.subject, "/"):
		return Recommendation{Text: fmt.Sprintf("let %s write below pytest's tmp_path, TMPDIR, or the folder that it runs in, which is its own: %s belongs to the machine", where(f), f.subject)}
	}
	return Recommendation{Text: fmt.Sprintf("let %s write below pytest's tmp_path, or TMPDIR", where(f))}
}
