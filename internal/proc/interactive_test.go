package proc

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// TestInteractive: the program has the terminal's files themselves, not pipes,
// and stays in this process group.
func TestInteractive(t *testing.T) {
	file, err := os.Create(filepath.Join(t.TempDir(), "terminal"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	cmd, err := Interactive(Command{Purpose: "editing", Argv: []string{"sh", "-c", `echo "$EDITED"; echo more >&2`}, Env: append(os.Environ(), "EDITED=yes")}, file, file)
	if err != nil {
		t.Fatal(err)
	}
	if cmd.Stdin != file || cmd.SysProcAttr != nil {
		t.Errorf("stdin %v, attributes %+v", cmd.Stdin, cmd.SysProcAttr)
	}
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	if text, _ := os.ReadFile(file.Name()); string(text) != "yes\nmore\n" {
		t.Errorf("it wrote %q", text)
	}
}

func TestInteractiveThatIsNotThere(t *testing.T) {
	for _, argv := range [][]string{nil, {""}} {
		_, err := Interactive(Command{Purpose: "editing", Argv: argv}, nil, nil)
		if start := (*StartError)(nil); !errors.As(err, &start) {
			t.Errorf("%q: %v", argv, err)
		}
	}
	_, err := Interactive(Command{Purpose: "editing", Argv: []string{"no-such-editor"}}, nil, nil)
	if missing := (*NotFoundError)(nil); !errors.As(err, &missing) {
		t.Errorf("no-such-editor: %v", err)
	}
}
