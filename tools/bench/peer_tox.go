package main

import (
	"fmt"
	"strings"
)

// start runs a Python program whose packages lie in a folder of their own. They
// are put on sys.path and not into PYTHONPATH, which the tests would inherit.
const start = "import sys; sys.path.insert(0, sys.argv.pop(1)); sys.argv[0] = %q; from %s import %s as main; sys.exit(main())"

func pythonProgram(python, folder, name, module, function string, args ...string) []string {
	return append([]string{python, "-c", fmt.Sprintf(start, name, module, function), folder}, args...)
}

// newTox runs tox -p in virtual environments over the interpreters, with the
// packages of the environments.
func newTox(at *site, tools string) (*plainPeer, error) {
	// Each environment's output is shown at its end: pytest's counts are in it.
	ini := "[tox]\nno_package = true\nenv_list ="
	var sections strings.Builder
	for i, e := range at.environments {
		packages, err := e.packages()
		if err != nil {
			return nil, err
		}
		ini += fmt.Sprintf(" e%d,", i)
		fmt.Fprintf(&sections, "\n[testenv:e%d]\nbase_python = %s\nset_env = PYTHONPATH=%s\nparallel_show_output = true\ncommands = python -m pytest -q tests\n", i, e.python(), packages)
	}
	python := at.environments[len(at.environments)-1].python()
	tox := func(args ...string) []string { return pythonProgram(python, tools, "tox", "tox.run", "run", args...) }
	return &plainPeer{
		at:    at,
		files: map[string]string{"tox.ini": strings.TrimSuffix(ini, ",") + "\n" + sections.String()},
		// The packages are the environment's: nothing is to be installed, so no installer.
		environ:  []string{"VIRTUALENV_NO_PIP=1", "VIRTUALENV_NO_SETUPTOOLS=1"},
		prepare:  tox("run", "--notest"),
		commands: [][]string{tox("-p")},
	}, nil
}
