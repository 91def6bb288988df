package pyproject

import (
	"slices"
	"strings"
)

// options are what weft takes from pytest's command line.
type options struct {
	importMode     string
	doctestModules bool
	pyargs         bool
	doctestGlobs   []string
	plugins        []string
	ignore         []string
	ignoreGlobs    []string
	overrides      []string // "key=value" of -o
	arguments      []string // paths
}

// shortWithValue are pytest's and its common plugins' short options that take a value.
const shortWithValue = "ckmnoprW"

// withValue are long options that take a value; of an option that is in neither
// list it is guessed that the word after it is its value.
var withValue = words(`--maxfail --pythonwarnings --max-warnings --ignore --ignore-glob --deselect --confcutdir
	--import-mode --config-file --rootdir --basetemp --verbosity --tb --show-capture --color --code-highlight
	--report-chars --pastebin --assert --junitxml --junit-xml --junitprefix --junit-prefix --runpytest --durations --durations-min
	--doctest-report --doctest-glob --capture --pdbcls --override-ini --lfnf --last-failed-no-failures --debug
	--cache-show --cov --cov-report --cov-config --cov-fail-under --cov-context --numprocesses --maxprocesses
	--dist --tx --timeout --timeout-method --reruns --reruns-delay --only-rerun --html --css --ds --dc
	--hypothesis-profile --hypothesis-seed --asyncio-mode --randomly-seed --count --alluredir`)

// withoutValue are long options that stand alone.
var withoutValue = words(`--exitfirst --strict --strict-config --strict-markers --collect-only --collectonly --co --pyargs
	--noconftest --keep-duplicates --keepduplicates --collect-in-virtualenv --continue-on-collection-errors
	--verbose --quiet --no-header --no-summary --no-fold-skipped --force-short-summary --disable-warnings
	--disable-pytest-warnings --showlocals --no-showlocals --xfail-tb --fulltrace --full-trace --markers --lsof --setupplan --setup-plan
	--setuponly --setup-only --setupshow --setup-show --fixtures --funcargs --fixtures-per-test --doctest-modules
	--doctest-ignore-import-errors --doctest-continue-on-failure --pdb --trace --version --help --disable-plugin-autoload --traceconfig
	--trace-config --runxfail --lf --last-failed --ff --failed-first --nf --new-first --cache-clear --sw --stepwise
	--sw-skip --stepwise-skip --sw-reset --stepwise-reset --cov-append --cov-branch --no-cov --no-cov-on-fail --cov-reset
	--benchmark-skip --benchmark-only --benchmark-disable --benchmark-enable --benchmark-autosave --mypy --flake8
	--black --isort --ruff --ruff-format --pylint --nbval --nbval-lax --doctest-plus --doctest-rst --doctest-cython --mpl
	--create-db --reuse-db --nomigrations --no-migrations --migrations --random-order --instafail --forked --boxed
	--looponfail --disable-socket --allow-unix-socket --slow --runslow --run-slow --self-contained-html`)

func words(text string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(text) {
		set[word] = true
	}
	return set
}

// parseOptions reads addopts, which is in the configuration file's given line.
func (c *pytestConfig) parseOptions(args []string, line int) options {
	o := options{importMode: "prepend"}
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		switch {
		case arg == "--":
			o.arguments = append(o.arguments, args...)
			args = nil
		case strings.HasPrefix(arg, "--"):
			args = c.long(&o, arg, args, line)
		case len(arg) > 1 && arg[0] == '-':
			args = c.short(&o, arg[1:], args, line)
		case strings.HasPrefix(arg, "@"):
			c.r.report(c.file, line, "addopts takes options from a file, %q, which weft does not read", arg)
		default:
			o.arguments = append(o.arguments, arg)
		}
	}
	if len(o.doctestGlobs) == 0 {
		o.doctestGlobs = []string{"test*.txt"}
	}
	return o
}

// long reads one long option, and the words left after it and its value.
func (c *pytestConfig) long(o *options, arg string, rest []string, line int) []string {
	name, value, joined := strings.Cut(arg, "=")
	if !joined && !withoutValue[name] && len(rest) > 0 && !strings.HasPrefix(rest[0], "-") {
		value, rest = rest[0], rest[1:]
		if p, ok := within(c.root, value); !withValue[name] && ok && c.r.exists(p) {
			c.r.report(c.file, line, "whether %s in addopts takes a value is not known; %q is taken for it", name, value)
		}
	}
	c.take(o, name, value, line)
	return rest
}

// short reads a cluster of short options: -x, -vx, -ra, -n4, -p NAME.
func (c *pytestConfig) short(o *options, cluster string, rest []string, line int) []string {
	at := strings.IndexAny(cluster, shortWithValue)
	if at < 0 {
		return rest
	}
	name, value := "-"+cluster[at:at+1], strings.TrimPrefix(cluster[at+1:], "=")
	if value == "" && len(rest) > 0 {
		value, rest = rest[0], rest[1:]
	}
	c.take(o, name, value, line)
	return rest
}

func (c *pytestConfig) take(o *options, name, value string, line int) {
	switch name {
	case "--doctest-modules":
		o.doctestModules = true
	case "--pyargs":
		o.pyargs = true
	case "--doctest-glob":
		o.doctestGlobs = append(o.doctestGlobs, value)
	case "--ignore":
		o.ignore = append(o.ignore, value)
	case "--ignore-glob":
		o.ignoreGlobs = append(o.ignoreGlobs, value)
	case "-p":
		if value = strings.TrimSpace(value); value != "" && !strings.HasPrefix(value, "no:") {
			o.plugins = append(o.plugins, value)
		}
	case "-o", "--override-ini":
		o.overrides = append(o.overrides, value)
	case "--import-mode":
		if !slices.Contains([]string{"prepend", "append", "importlib"}, value) {
			c.r.report(c.file, line, "pytest knows no import mode %q; there are prepend, append and importlib", value)
			return
		}
		o.importMode = value
	case "-c", "--config-file", "--rootdir":
		c.r.report(c.file, line, "%s in addopts has no effect: pytest reads addopts from the file it has found by then", name)
	}
}
