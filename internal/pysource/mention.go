package pysource

import "sort"

// Interesting are the identifiers that File.Mentions tells of: what a test uses
// that may need files, folders, metadata or modules which no import names.
var Interesting = []string{
	// where files are
	"__file__", "__path__", "__spec__", "__loader__", "__test__", "cwd", "getcwd", "getcwdb", "chdir", "fchdir", "rootpath", "rootdir",
	"invocation_params", "invocation_dir", "inifile", "inipath", "fspath", "confcutdir", "startpath", "getfile", "getsourcefile",
	"getsource", "getsourcelines", "_pytestfixturefunction", "HOME", "home", "expanduser", "tmpdir", "tmp_path", "datadir", "shared_datadir",
	"resourcepath", "argv", "environ", "getenv",
	// what is in folders
	"glob", "iglob", "rglob", "iterdir", "listdir", "walk", "scandir", "open", "read_text", "read_bytes",
	"copytree", "copyfile", "copy", "fromfile", "loadtxt", "genfromtxt", "read_csv",
	// package data and metadata
	"pkgutil", "resources", "get_data", "files", "joinpath", "metadata", "version", "distribution", "entry_points", "pkg_resources",
	"importlib_metadata", "importlib_resources", "load_entry_point", "iter_entry_points", "resource_filename", "resource_string",
	"open_text", "open_binary", "read_binary",
	// modules by name
	"import_module", "__import__", "importorskip", "spec_from_file_location", "run_path", "run_module", "iter_modules", "walk_packages",
	"modules", "syspath_prepend", "pytest_plugins",
	// what makes tests, names or markers while running
	"add_marker", "globals", "locals", "vars", "setattr", "exec", "eval", "execfile", "type", "load_tests", "TestCase", "doctest", "testmod", "testfile",
	"pytester", "testdir", "pytest_generate_tests", "pytest_collect_file", "pytest_collect_directory", "pytest_addoption",
	"pytest_collection_modifyitems", "pytest_itemcollected", "pytest_pycollect_makeitem", "pytest_ignore_collect", "pytest_configure",
	"collect_ignore", "collect_ignore_glob", "pytest_runtest_setup", "applymarker",
	// processes and the network
	"subprocess", "Popen", "executable", "system", "socket", "urlopen", "requests", "multiprocessing", "fork", "spawn",
}

// mentions are those of Interesting that were seen.
type mentions struct {
	bits [4]uint64
}

func hash(word []byte) uint8 {
	n := len(word)
	return uint8(n)*31 + word[0]*7 + word[n-1]*3 + word[n/2]*13
}

// interesting has the indexes of Interesting by hash; the lengths come first,
// for almost all words end there.
var interesting, longest = func() (table [256][]uint8, longest int) {
	for i, word := range Interesting {
		h := hash([]byte(word))
		table[h] = append(table[h], uint8(i))
		longest = max(longest, len(word))
	}
	return table, longest
}()

func (m *mentions) add(word []byte) {
	if len(word) > longest {
		return
	}
	for _, i := range interesting[hash(word)] {
		if Interesting[i] == string(word) {
			m.bits[i/64] |= 1 << (i % 64)
		}
	}
}

func (m *mentions) list() []string {
	var list []string
	for i, word := range Interesting {
		if m.bits[i/64]&(1<<(i%64)) != 0 {
			list = append(list, word)
		}
	}
	sort.Strings(list)
	return list
}
