package bazel

import (
	"fmt"
	"regexp"
	"strings"
)

// The settings of rules_weft that put cells into persistent workers, and let
// those of a worker share a process.
const (
	workersSetting = "@rules_weft//:workers"
	batchSetting   = "@rules_weft//:batch"
)

// Workers reports whether the workspace's rules_weft can put cells into
// persistent workers.
func (t *Targets) Workers() bool { return t.knows(workersSetting) }

// Batch reports whether the workspace's rules_weft can let cells share a process.
func (t *Targets) Batch() bool { return t.knows(batchSetting) }

// knows reports whether the workspace's rules_weft has a setting: an older one
// may not, and Bazel refuses a setting that is not there.
func (t *Targets) knows(setting string) bool {
	repository, name, _ := strings.Cut(strings.TrimPrefix(setting, "@"), "//")
	for _, f := range t.Files {
		for _, in := range t.Rules[f.Label].Inputs {
			if strings.HasSuffix(in, "//"+name) && strings.Contains(in, repository) {
				return true
			}
		}
	}
	return false
}

// WorkerFlags are the flags of a run whose cells have persistent workers, or of
// one without. Each worker is in linux-sandbox, as each cell's action is without:
// without hardening it would see the machine's network and files.
func WorkerFlags(on bool) []string {
	if !on {
		return []string{"--" + workersSetting + "=false"}
	}
	return []string{
		"--" + workersSetting + "=true",
		"--worker_sandboxing",
		"--experimental_worker_sandbox_hardening",
		"--experimental_worker_cancellation",
		"--sandbox_default_allow_network=false",
	}
}

// BatchFlag says whether cells may share a process. It is part of their actions'
// keys, so it is the same with workers and without: results are shared.
func BatchFlag(on bool) string { return fmt.Sprintf("--%s=%t", batchSetting, on) }

// WorkerInstances is how many workers may be started for each environment, for
// an rc file only: Bazel begins all workers anew when its list of these differs
// from the last command's, and what stands on the command line too is in the
// list twice.
func WorkerInstances(n int) string { return fmt.Sprintf("--worker_max_instances=WeftCell=%d", n) }

// notHardened is how a worker without hardening refuses its first request.
var notHardened = regexp.MustCompile(`weft: worker not hardened: (.+)`)

// NotHardened returns why a worker refused to run cells, empty when none did.
func NotHardened(stderr string) string {
	if m := notHardened.FindStringSubmatch(stderr); m != nil {
		return strings.TrimSpace(m[1])
	}
	return ""
}
