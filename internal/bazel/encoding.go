package bazel

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	"github.com/weft-build/weft/internal/proc"
)

// byteLocale is the one in which Bazel before 8 takes file names as bytes. In
// any other its server loses every character outside ASCII, and then says that
// the working directory "is not inside workspace" (bazel issue 23859).
const byteLocale = "en_US.ISO-8859-1"

// settleLocale lets an older Bazel work in a folder whose path is not ASCII.
func (c *Client) settleLocale(ctx context.Context) {
	if c.Env != nil || ascii(c.realPath()) {
		return
	}
	if version := numbers(c.Version(ctx)); version[0] > 0 && version[0] < 8 {
		c.Env = append(os.Environ(), "LC_ALL="+byteLocale)
	}
}

func (c *Client) realPath() string {
	if real, err := filepath.EvalSymlinks(c.Workspace); err == nil {
		return real
	}
	return c.Workspace
}

func ascii(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return r > unicode.MaxASCII }) < 0
}

// pathLost says that Bazel's server does not find the workspace whose path is
// not ASCII. A server that was started in another locale stays so.
func (c *Client) pathLost(err error) bool {
	var exit *proc.ExitError
	return errors.As(err, &exit) && strings.Contains(exit.Stderr, "is not inside workspace") && !ascii(c.realPath())
}

// endServer ends a server that even refuses `bazel shutdown`: a startup option
// that it does not have replaces it by one that ends by itself.
func (c *Client) endServer(ctx context.Context) {
	args := []string{c.Binary, "--host_jvm_args=-Dweft.purpose=replace", "--max_idle_secs=1", "info", "release"}
	_, _ = proc.Run(ctx, proc.Command{Purpose: "ending Bazel's server", Argv: args, Dir: c.Workspace, Env: c.Env, Stop: grace})
	select {
	case <-ctx.Done():
	case <-time.After(3 * time.Second):
	}
}

func (c *Client) pathError(ctx context.Context, err error) error {
	return &Error{Cause: err,
		Msg:    fmt.Sprintf("Bazel %s cannot work in %q: the path has characters outside ASCII, and there is no locale %s", c.Version(ctx), c.Workspace, byteLocale),
		Hinted: "make that locale, as root: localedef -i en_US -f ISO-8859-1 " + byteLocale + "; or move the workspace, or use Bazel 8 or newer"}
}
