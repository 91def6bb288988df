package main

import "fmt"

// newNox runs nox, whose sessions call the environments' interpreters one after
// the other.
func newNox(at *site, tools string) (*plainPeer, error) {
	file := "import nox\n"
	for i, e := range at.environments {
		file += fmt.Sprintf("\n\n@nox.session(venv_backend=\"none\")\ndef tests_%d(session):\n    session.run(%q, \"-m\", \"pytest\", \"-q\", \"tests\", external=True)\n", i, e.python())
	}
	python := at.environments[len(at.environments)-1].python()
	return &plainPeer{
		at: at, files: map[string]string{"noxfile.py": file},
		commands: [][]string{pythonProgram(python, tools, "nox", "nox.__main__", "main")},
	}, nil
}
