package cli

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/weft-build/weft/internal/request"
)

// configName is the workspace's settings file.
const configName = "weft.toml"

// configFile mirrors the keys of the table, so that a wrong key is found with
// its line; a test holds the two together.
type configFile struct {
	Jobs        *int    `toml:"jobs"`
	RemoteCache *string `toml:"remote_cache"`
	DiskCache   *string `toml:"disk_cache"`
	Workers     *string `toml:"workers"`
	Coverage    *bool   `toml:"coverage"`
	Test        struct {
		Isolation *string `toml:"isolation"`
	} `toml:"test"`
	Unit struct {
		MinCoverage *float64 `toml:"min_coverage"`
	} `toml:"unit"`
	Security struct {
		FailOn *string `toml:"fail_on"`
	} `toml:"security"`
	Performance struct {
		Regression *float64 `toml:"regression"`
	} `toml:"performance"`
	Gen struct {
		Check *bool `toml:"check"`
	} `toml:"gen"`
	Watch struct {
		Generate *bool   `toml:"generate"`
		Bell     *string `toml:"bell"`
	} `toml:"watch"`
	Runs struct {
		Keep       *int `toml:"keep"`
		MaxAgeDays *int `toml:"max_age_days"`
	} `toml:"runs"`
}

// configError is a weft.toml that cannot be used.
type configError struct {
	path   string
	line   int
	msg    string
	hinted string
}

func (e *configError) Error() string {
	if e.line > 0 {
		return fmt.Sprintf("%s:%d: %s", e.path, e.line, e.msg)
	}
	return fmt.Sprintf("%s: %s", e.path, e.msg)
}

func (e *configError) Hint() string { return e.hinted }

// readConfig returns the values of weft.toml by key; a file that is not there
// has none.
func readConfig(workspace string) (map[string]string, error) {
	path := filepath.Join(workspace, configName)
	data, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, &configError{path: configName, msg: err.Error()}
	}
	decoder := toml.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&configFile{}); err != nil {
		return nil, explainTOML(err)
	}
	tree := map[string]any{}
	if err := toml.Unmarshal(data, &tree); err != nil {
		return nil, explainTOML(err)
	}
	values := map[string]string{}
	flatten("", tree, values)
	return values, nil
}

func flatten(prefix string, tree map[string]any, into map[string]string) {
	for key, value := range tree {
		if sub, ok := value.(map[string]any); ok {
			flatten(prefix+key+".", sub, into)
			continue
		}
		into[prefix+key] = fmt.Sprint(value)
	}
}

func explainTOML(err error) error {
	var strict *toml.StrictMissingError
	if errors.As(err, &strict) && len(strict.Errors) > 0 {
		first := strict.Errors[0]
		row, _ := first.Position()
		key := strings.Join(first.Key(), ".")
		return &configError{path: configName, line: row, msg: fmt.Sprintf("unknown key %q", key), hinted: keyHint(key)}
	}
	var bad *toml.DecodeError
	if errors.As(err, &bad) {
		row, _ := bad.Position()
		return &configError{path: configName, line: row, msg: strings.TrimPrefix(bad.Error(), "toml: ")}
	}
	return &configError{path: configName, msg: err.Error()}
}

func keyHint(key string) string {
	var known []string
	for _, s := range settings {
		if s.Key != "" {
			known = append(known, s.Key)
		}
	}
	if near := request.Nearest(key, known); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return "the keys are " + strings.Join(known, ", ")
}

// addFlags gives a command the table's flags.
func addFlags(flags *pflag.FlagSet, only ...string) {
	for _, s := range settings {
		if len(only) > 0 && !slices.Contains(only, s.Flag) || len(only) == 0 && s.Command != "" {
			continue
		}
		help := s.Help
		if s.Arg != "" {
			help = strings.TrimSpace(help)
		}
		switch s.Kind {
		case truth:
			flags.BoolP(s.Flag, s.Short, false, help)
		case list:
			flags.VarP(&words{arg: s.Arg}, s.Flag, s.Short, help)
		default:
			flags.VarP(&word{value: s.Default, arg: s.Arg}, s.Flag, s.Short, help)
		}
	}
}

// completeFlags completes the values of the flags of all commands.
func completeFlags(cmd *cobra.Command) {
	for _, set := range settings {
		if len(set.Values) > 0 && cmd.Flags().Lookup(set.Flag) != nil {
			// It fails for a flag that is not there, or is completed already.
			_ = cmd.RegisterFlagCompletionFunc(set.Flag, cobra.FixedCompletions(set.Values, cobra.ShellCompDirectiveNoFileComp))
		}
	}
	for _, c := range cmd.Commands() {
		completeFlags(c)
	}
}

// word and words are flag values that stay text until the table applies them,
// so that a bad value has the same error wherever it comes from.
type word struct{ value, arg string }

func (w *word) String() string     { return w.value }
func (w *word) Set(v string) error { w.value = v; return nil }
func (w *word) Type() string       { return w.arg }

type words struct {
	values []string
	arg    string
}

func (w *words) String() string     { return strings.Join(w.values, " ") }
func (w *words) Set(v string) error { w.values = append(w.values, v); return nil }
func (w *words) Type() string       { return w.arg }

// settle fills a request from flags, then variables, then weft.toml, then the
// defaults.
func settle(r *request.Request, s *session, flags *pflag.FlagSet, config map[string]string) error {
	for _, set := range settings {
		values, source := pick(set, s, flags, config)
		if len(values) == 0 {
			continue
		}
		if err := set.apply(r, s, values); err != nil {
			return &request.UsageError{
				Msg:    fmt.Sprintf("%s: %s", source, badValue(set, values, err)),
				Hinted: fmt.Sprintf("--%s %s: %s", set.Flag, set.Arg, set.Help),
			}
		}
	}
	return r.Validate()
}

func pick(set setting, s *session, flags *pflag.FlagSet, config map[string]string) (values []string, source string) {
	if f := flags.Lookup(set.Flag); f != nil && f.Changed {
		if many, ok := f.Value.(*words); ok {
			return many.values, "--" + set.Flag
		}
		return []string{f.Value.String()}, "--" + set.Flag
	}
	if v, ok := s.env(variable(set.Flag)); ok && v != "" {
		if set.Kind == list {
			return strings.Fields(v), variable(set.Flag)
		}
		return []string{v}, variable(set.Flag)
	}
	if v, ok := config[set.Key]; ok && set.Key != "" {
		return []string{v}, configName + ", " + set.Key
	}
	if set.Default == "" {
		return nil, ""
	}
	return []string{set.Default}, "the default"
}

func badValue(set setting, values []string, err error) string {
	what := map[kind]string{number: "a whole number", ratio: "a number", truth: "true or false"}[set.Kind]
	var hinted interface{ Hint() string }
	if errors.As(err, &hinted) || set.Kind == text || set.Kind == list {
		return err.Error()
	}
	if strings.HasPrefix(err.Error(), "must ") {
		return fmt.Sprintf("%q %s", strings.Join(values, " "), err)
	}
	return fmt.Sprintf("%q is not %s", strings.Join(values, " "), what)
}
