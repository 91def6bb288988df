package main

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
)

// bazelState is the Bazel server of one site, in folders that nothing else uses.
type bazelState struct {
	workspace  string
	outputBase string
	// diskCache is shared with the second checkout.
	diskCache string
}

func newBazelState(workspace, name, diskCache string) bazelState {
	return bazelState{workspace: workspace, outputBase: filepath.Join(filepath.Dir(workspace), name), diskCache: diskCache}
}

// settings are the lines for the workspace's .bazelrc. A server that was
// forgotten ends by itself.
func (b bazelState) settings() string {
	return "startup --output_base=" + b.outputBase + "\nstartup --max_idle_secs=1800\n"
}

// stop ends the server.
func (b bazelState) stop(ctx context.Context) error {
	if _, err := os.Stat(b.outputBase); err != nil {
		return nil // never started
	}
	_, err := command(ctx, b.workspace, nil, "bazel", "shutdown")
	return err
}

// discard ends the server and removes its output base.
func (b bazelState) discard(ctx context.Context) error {
	if err := b.stop(ctx); err != nil {
		return err
	}
	return removeReadOnly(b.outputBase)
}

// removeReadOnly removes a tree with folders that forbid it, as Bazel's outputs do.
func removeReadOnly(dir string) error {
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			return os.Chmod(path, 0o755)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return os.RemoveAll(dir)
}
