package bazel

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/weft-build/weft/internal/swap"
)

// The files of Client.State. Each begins with a line that names the state of the
// world which the answer below it is for, and the answer's own digest.
const (
	keptTargets = "targets"
	keptVersion = "bazel-version"
)

// targetsKey names everything that the query's answer depends on.
func (c *Client) targetsKey() *key {
	k := newKey()
	if c.State == "" || !ascii(c.realPath()) {
		k.giveUp("nothing is kept for this workspace")
		return k
	}
	k.add(c.queryArgs()[1:]...)
	c.identify(k)
	for _, lock := range []string{c.Lock, os.Getenv("WEFT_ENVIRONMENTS_LOCK")} {
		if lock != "" {
			k.content(lock)
		}
	}
	c.rcFiles(k)
	k.tree(c.Workspace)
	k.module(c.Workspace)
	for _, name := range []string{"WORKSPACE", "WORKSPACE.bazel", "WORKSPACE.bzlmod"} {
		if !empty(k.content(filepath.Join(c.Workspace, name))) {
			k.giveUp("%s may read any file", name)
		}
	}
	return k
}

// empty says that a Starlark file holds comments at most.
func empty(text string) bool {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			return false
		}
	}
	return true
}

func (c *Client) versionKey() *key {
	k := newKey()
	if c.State == "" {
		k.giveUp("nothing is kept for this workspace")
		return k
	}
	c.identify(k)
	return k
}

// remembered gives Bazel's answer of the last time while nothing that decides
// it has changed, and asks otherwise. An answer is kept when the world stood
// still meanwhile and shortly before.
func (c *Client) remembered(ctx context.Context, name string, state func() *key, ask func(context.Context) ([]byte, error)) ([]byte, error) {
	began := time.Now()
	before := state()
	if data, ok := c.kept(name, before); ok {
		return data, nil
	}
	if before.untracked != "" && c.OnStderr != nil {
		c.OnStderr("weft keeps no answer of Bazel's: " + before.untracked)
	}
	data, err := ask(ctx)
	if err != nil || before.String() == "" || before.restless(began, c.settled()) || state().String() != before.String() {
		return data, err
	}
	// A state that cannot be written costs the next run a question.
	_ = swap.Write(filepath.Join(c.State, name), append([]byte(head(before, data)), data...), 0o644)
	return data, nil
}

func (c *Client) kept(name string, k *key) ([]byte, bool) {
	if k.String() == "" {
		return nil, false
	}
	file, err := os.ReadFile(filepath.Join(c.State, name))
	if err != nil {
		return nil, false
	}
	_, data, _ := bytes.Cut(file, []byte("\n"))
	return data, bytes.HasPrefix(file, []byte(head(k, data)))
}

func head(k *key, data []byte) string {
	sum := sha256.Sum256(data)
	return fmt.Sprintf("%s %s\n", k, hex.EncodeToString(sum[:]))
}

func (c *Client) settled() time.Duration {
	if c.Settled > 0 {
		return c.Settled
	}
	return settled
}
