package scaffold

import (
	"slices"
	"strings"
)

// renamed are requirements that nixpkgs has under another name than their own,
// by normalized name. An empty one is no package: Python has the module itself.
var renamed = map[string]string{
	"antlr4-python3-runtime":         "antlr4-python3-runtime",
	"argparse":                       "",
	"asyncio":                        "",
	"bs4":                            "beautifulsoup4",
	"contextvars":                    "",
	"dataclasses":                    "",
	"discord-py":                     "discordpy",
	"enum34":                         "",
	"faiss-cpu":                      "faiss",
	"faiss-gpu":                      "faiss",
	"futures":                        "",
	"msgpack-python":                 "msgpack",
	"mysql-connector-python":         "mysql-connector",
	"opencv-contrib-python":          "opencv4",
	"opencv-contrib-python-headless": "opencv4",
	"opencv-python":                  "opencv4",
	"opencv-python-headless":         "opencv4",
	"pathlib":                        "",
	"psycopg-binary":                 "psycopg",
	"psycopg2-binary":                "psycopg2",
	"python-levenshtein":             "levenshtein",
	"pytorch":                        "torch",
	"sklearn":                        "scikit-learn",
	"tensorflow-cpu":                 "tensorflow",
	"tensorflow-gpu":                 "tensorflow",
	"typing":                         "",
	"unittest2":                      "",
	"uvicorn-worker":                 "uvicorn-worker",
	"zope-component":                 "zope-component",
}

// candidates are the attributes that a normalized name may have in nixpkgs'
// python sets; older sets write some with underscores. None: it is no package.
func candidates(name string) []string {
	if attr, ok := renamed[name]; ok {
		if attr == "" {
			return nil
		}
		return []string{attr}
	}
	out := []string{name}
	if strings.Contains(name, "-") {
		out = append(out, strings.ReplaceAll(name, "-", "_"))
	}
	return out
}

// tools are programs of a developer that tests do not need unless they import
// them: they stand in the same lists of requirements.
var tools = []string{
	"autoflake", "autopep8", "bandit", "black", "blacken-docs", "build", "bump2version", "bumpversion", "check-manifest",
	"codespell", "commitizen", "cruft", "doc8", "docformatter", "flake8", "flit", "furo", "hatch", "interrogate", "invoke",
	"ipdb", "ipython", "isort", "jupyter", "mkdocs", "mypy", "myst-parser", "nox", "pdbpp", "pip", "pip-tools", "pipdeptree",
	"poetry", "pre-commit", "pydocstyle", "pyflakes", "pylint", "pyright", "pyupgrade", "readme-renderer", "ruff", "safety",
	"sphinx", "towncrier", "tox", "twine", "uv", "validate-pyproject", "versioneer", "virtualenv", "wheel", "yamllint",
}

// isTool says so of a normalized name, and of the plugins of such programs.
func isTool(name string) bool {
	if slices.Contains(tools, name) {
		return true
	}
	for _, prefix := range []string{"flake8-", "mkdocs-", "sphinx-", "sphinxcontrib-", "types-", "pylint-", "tox-", "hatch-", "pytest-flake8", "pytest-mypy", "pytest-black", "pytest-isort", "pytest-ruff", "pytest-pylint"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// modules are the top-level modules of requirements whose names differ.
var modules = map[string][]string{
	"attrs":              {"attr", "attrs"},
	"beautifulsoup4":     {"bs4"},
	"gitpython":          {"git"},
	"grpcio":             {"grpc"},
	"importlib-metadata": {"importlib_metadata"},
	"msgpack-python":     {"msgpack"},
	"opencv-python":      {"cv2"},
	"pillow":             {"PIL"},
	"protobuf":           {"google"},
	"psycopg2-binary":    {"psycopg2"},
	"pycryptodome":       {"Crypto"},
	"pyjwt":              {"jwt"},
	"pyopenssl":          {"OpenSSL"},
	"pyserial":           {"serial"},
	"python-dateutil":    {"dateutil"},
	"pyyaml":             {"yaml"},
	"pyzmq":              {"zmq"},
	"ruamel-yaml":        {"ruamel"},
	"scikit-image":       {"skimage"},
	"scikit-learn":       {"sklearn"},
	"setuptools":         {"setuptools", "pkg_resources"},
	"typing-extensions":  {"typing_extensions"},
	"websocket-client":   {"websocket"},
	"zope-interface":     {"zope"},
}

// imports says that one of the modules of a requirement is among those imported.
func imports(imported map[string]bool, name string) bool {
	for _, module := range modules[name] {
		if imported[module] {
			return true
		}
	}
	plain := strings.ReplaceAll(name, "-", "_")
	first, _, _ := strings.Cut(name, "-")
	return imported[plain] || imported[first] && slices.Contains(namespaces, first) || imported[strings.TrimPrefix(plain, "python_")]
}

// namespaces are packages that many distributions put their modules into.
var namespaces = []string{"azure", "backports", "google", "jaraco", "repoze", "ruamel", "sphinxcontrib", "zope"}
