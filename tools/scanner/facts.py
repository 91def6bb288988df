"""Says what CPython's own parser finds in Python sources, for comparing with internal/pysource.

usage: facts.py [FOLDER...]; without folders: the standard library and site-packages of the interpreter that runs it.
Prints a line of JSON for each file: {"file", "refused"} when CPython refuses it, or else what `Facts` has.
Standard library only, Python 3.9 and later.
"""

import ast
import json
import os
import re
import sys
import sysconfig
import warnings
from typing import Any, Iterator, Optional

IMPORT_ERRORS = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}
DYNAMIC = {"import_module", "__import__", "importorskip", "run_module", "iter_modules", "walk_packages"}
COLLECTIONS = {"list", "tuple", "set", "sorted", "frozenset"}
STRINGS = (ast.JoinedStr, getattr(ast, "TemplateStr", ast.JoinedStr))
TRIES = (ast.Try, getattr(ast, "TryStar", ast.Try))
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
PROMPT = re.compile(r"^[ \t\f]*>>>", re.MULTILINE)


def chain(node: ast.AST) -> Optional[str]:
    """The dotted name that an expression is."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    return ".".join([node.id] + parts[::-1])


def chains(node: ast.AST) -> Iterator[str]:
    """The longest dotted names in an expression."""
    todo = [node]
    while todo:
        node = todo.pop()
        name = chain(node)
        if name is None:
            todo.extend(ast.iter_child_nodes(node))
        else:
            yield name


def last(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


class Alias:
    def __init__(self) -> None:
        self.kind = ""
        self.markers: set = set()
        self.cases: set = set()


class Aliases(dict):
    """What names stand for among pytest, pytest.mark, pytest.param and markers."""

    def resolve(self, name: str) -> Alias:
        root, _, rest = name.partition(".")
        alias = self.get(root)
        found = Alias()
        if alias is None:
            return found
        found.markers |= alias.markers
        found.cases |= alias.cases
        parts = rest.split(".") if rest else []
        path = {"pytest": [], "mark": ["mark"], "param": ["param"]}.get(alias.kind)
        if path is None:
            return found
        path = path + parts
        if path == []:
            found.kind = "pytest"
        elif path in (["mark"], ["param"]):
            found.kind = path[0]
        elif path[0] == "mark":
            found.markers.add(path[1])
        return found

    def give(self, name: str, kind: str = "", markers: Any = (), cases: Any = ()) -> None:
        if not kind and not markers and not cases:
            return
        alias = self.setdefault(name, Alias())
        alias.kind = kind or alias.kind
        alias.markers |= set(markers)
        alias.cases |= set(cases)

    def markers(self, node: ast.AST) -> set:
        """The markers that an expression has the value of: not those among arguments or in subscripts."""
        name = chain(node)
        if name is not None:
            return self.resolve(name).markers
        if isinstance(node, STRINGS):
            return set()
        if isinstance(node, ast.Call):
            return self.markers(node.func)
        if isinstance(node, ast.Subscript):
            return self.markers(node.value)
        found = set()
        for child in ast.iter_child_nodes(node):
            found |= self.markers(child)
        return found

    def cases(self, node: ast.AST) -> set:
        """The markers of the pytest.param calls in an expression, and of names that hold such."""
        found = set()
        for name in chains(node):
            found |= self.resolve(name).cases
        for call in ast.walk(node):
            if isinstance(call, ast.Call) and self.resolve(chain(call.func) or "").kind == "param":
                for keyword in call.keywords:
                    if keyword.arg == "marks":
                        found |= self.markers(keyword.value)
        return found


class Facts:
    def __init__(self, tree: ast.Module) -> None:
        self.aliases = Aliases()
        self.imports: list = []
        self.bindings: list = []
        self.module = {"markers": set(), "members": []}
        self.all: list = []
        self.dynamic: list = []
        self.doctests = False
        self.docstrings: set = set()
        self.document(tree, False)
        self.statements(tree.body, self.module, "module", (False, False))
        self.calls(tree)

    def result(self, tree: ast.Module) -> dict:
        strings, parts = self.strings(tree)
        return {
            "imports": self.imports,
            "definitions": self.module["members"],
            "markers": sorted(self.module["markers"]),
            "all": sorted(self.all),
            "dynamic": sorted(self.dynamic),
            "doctests": self.doctests,
            "uses": self.uses(tree),
            "strings": sorted(strings),
            "parts": sorted(parts),
            "identifiers": sorted(identifiers(tree)),
        }

    # --- statements, in the order of the file ---

    def statements(self, body: list, owner: dict, scope: str, within: tuple) -> None:
        for node in body:
            self.statement(node, owner, scope, within)

    def statement(self, node: ast.stmt, owner: dict, scope: str, within: tuple) -> None:
        optional, typing = within
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            self.imported(node, owner, scope, within)
        elif isinstance(node, FUNCTIONS):
            self.decorated(node, owner, scope)
            self.document(node, scope == "function")
            self.statements(node.body, owner, "function", within)
        elif isinstance(node, ast.ClassDef):
            inner = self.decorated(node, owner, scope)
            self.document(node, scope == "function")
            self.statements(node.body, inner or owner, "class" if scope != "function" else scope, within)
            if inner:
                inner["markers"] = sorted(inner["markers"])
        elif isinstance(node, TRIES):
            self.tried(node, owner, scope, within)
        elif isinstance(node, ast.If):
            when, unless = type_checking(node.test)
            self.statements(node.body, owner, scope, (optional, typing or when))
            self.statements(node.orelse, owner, scope, (optional, typing or unless))
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            self.statements(node.body, owner, scope, (optional or any(suppresses(i) for i in node.items), typing))
        elif isinstance(node, (ast.For, ast.AsyncFor, ast.While)):
            self.statements(node.body, owner, scope, within)
            self.statements(node.orelse, owner, scope, within)
        elif type(node).__name__ == "Match":
            for case in node.cases:  # type: ignore[attr-defined]
                self.statements(case.body, owner, scope, within)
        elif scope != "function":
            self.assigned(node, owner, scope)

    def imported(self, node: Any, owner: dict, scope: str, within: tuple) -> None:
        optional, typing = within
        flags = {"optional": optional, "typing": typing, "local": scope == "function", "line": node.lineno}
        if isinstance(node, ast.Import):
            for alias in node.names:
                self.imports.append({"level": 0, "module": alias.name, "names": None, **flags})
                first = alias.name.partition(".")[0]
                self.bind(alias.asname or first, 0, alias.name if alias.asname else first, node, owner, scope, typing)
            return
        module = node.module or ""
        self.imports.append({"level": node.level, "module": module, "names": [a.name for a in node.names], **flags})
        for alias in node.names:
            if alias.name != "*":
                path = f"{module}.{alias.name}" if module else alias.name
                self.bind(alias.asname or alias.name, node.level, path, node, owner, scope, typing)

    def bind(self, name: str, level: int, path: str, node: Any, owner: dict, scope: str, typing: bool) -> None:
        self.bindings.append((name, level, path))
        kind = {"pytest": "pytest", "pytest.mark": "mark", "pytest.param": "param"}.get(path)
        if level == 0 and kind:
            self.aliases.give(name, kind)
        if scope == "module" and not typing and name.startswith(("test", "Test")):
            owner["members"].append(definition("name", name, node.lineno))

    def decorated(self, node: Any, owner: dict, scope: str) -> Optional[dict]:
        if scope == "function":
            return None
        markers: set = set()
        cases: set = set()
        for decorator in node.decorator_list:
            markers |= self.aliases.markers(decorator)
            cases |= self.aliases.cases(decorator)
        made = definition("function", node.name, node.lineno, sorted(markers), sorted(cases))
        if isinstance(node, ast.ClassDef):
            made.update(kind="class", markers=markers, bases=bases(node))
        owner["members"].append(made)
        return made

    def document(self, node: Any, nested: bool) -> None:
        text = ast.get_docstring(node, clean=False)
        if text is None:
            return
        self.docstrings.add(id(node.body[0].value))
        if not nested and PROMPT.search(text):
            self.doctests = True

    def tried(self, node: Any, owner: dict, scope: str, within: tuple) -> None:
        optional, typing = within
        catching = [
            h.type is None or any(name.rpartition(".")[2] in IMPORT_ERRORS for name in chains(h.type)) for h in node.handlers
        ]
        self.statements(node.body, owner, scope, (optional or any(catching), typing))
        for handler, catches in zip(node.handlers, catching):
            self.statements(handler.body, owner, scope, (optional or catches, typing))
        self.statements(node.orelse, owner, scope, within)
        self.statements(node.finalbody, owner, scope, within)

    def assigned(self, node: ast.stmt, owner: dict, scope: str) -> None:
        value: Any = getattr(node, "value", None)
        if value is None:
            return
        single, tests = [], []
        if isinstance(node, ast.Assign):
            for target in node.targets:
                names = flat(target)
                if names is None:
                    break
                tests += [n for n in names if n.startswith(("test", "Test"))]
                if isinstance(target, ast.Name):
                    single.append(target.id)
            if not single and not tests:
                return
        elif isinstance(node, (ast.AnnAssign, ast.AugAssign)) and isinstance(node.target, ast.Name):
            single = [node.target.id]
            if isinstance(node, ast.AnnAssign) and single[0].startswith(("test", "Test")):
                tests = single
        elif isinstance(node, ast.Expr) and isinstance(value, ast.Call):
            name = chain(value.func) or ""
            if name not in ("pytestmark.append", "pytestmark.extend", "__all__.append", "__all__.extend"):
                return
            single = [name.partition(".")[0]]
            value = ast.Tuple(elts=value.args + [k.value for k in value.keywords], ctx=ast.Load())
        else:
            return
        markers, cases = self.aliases.markers(value), self.aliases.cases(value)
        for name in single:
            if name == "pytestmark":
                owner["markers"] |= markers
                continue
            if name != "__all__" or not isinstance(node, ast.Expr):
                kind = self.aliases.resolve(chain(value) or "").kind
                self.aliases.give(name, kind, markers, cases)
        if scope == "module":
            if "__all__" in single:
                self.all += [c.value for c in listed(value)]
            if "pytest_plugins" in single:
                self.dynamic += [["pytest_plugins", c.value, ""] for c in listed(value)]
        for name in tests:
            owner["members"].append(definition("name", name, node.lineno, sorted(markers)))

    # --- expressions ---

    def calls(self, tree: ast.AST) -> None:
        renamed = {}
        for name, level, path in self.bindings:
            if level == 0 and path.rpartition(".")[2] in DYNAMIC:
                renamed[name] = path.rpartition(".")[2]
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = last(node.func)
                name = renamed.get(name, name)
                if name in DYNAMIC:
                    self.dynamic.append(dynamic(name, node))

    def uses(self, tree: ast.AST) -> list:
        given: dict = {}
        for name, level, path in self.bindings:
            given.setdefault(name, []).append((level, path))
        found = set()
        for name in chains(tree):
            root, dot, rest = name.partition(".")
            if dot and root != "self":
                found |= {(level, f"{path}.{rest}") for level, path in given.get(root, ())}
        return sorted(found)

    def strings(self, tree: ast.AST) -> tuple:
        """The strings that are no docstrings, and those of them that are the text between fields."""
        strings: set = set()
        parts: set = set()
        todo: list = [(tree, strings)]
        while todo:
            node, to = todo.pop()
            if isinstance(node, ast.Constant):
                value = node.value.decode("latin-1") if isinstance(node.value, bytes) else node.value
                if isinstance(value, str) and id(node) not in self.docstrings and fits(value):
                    to.add(value)
            elif isinstance(node, ast.FormattedValue) or type(node).__name__ == "Interpolation":
                todo.append((node.value, strings))
                if node.format_spec:
                    todo.extend((f, strings) for f in node.format_spec.values if not isinstance(f, ast.Constant))
            elif isinstance(node, STRINGS):
                todo.extend((v, parts) for v in node.values)
            else:
                todo.extend((child, strings) for child in ast.iter_child_nodes(node))
        return strings, parts


def fits(value: str) -> bool:
    if "\n" in value or re.search("[\ud800-\udfff]", value):
        return False
    return 1 <= len(value.encode()) <= 260


def definition(kind: str, name: str, line: int, markers: Any = (), cases: Any = ()) -> dict:
    return {"kind": kind, "name": name, "line": line, "markers": list(markers), "cases": list(cases), "bases": [], "members": []}


def bases(node: ast.ClassDef) -> Optional[list]:
    """The bases' names; None when one does not begin with a name."""
    found = []
    for base in node.bases:
        while chain(base) is None:
            if isinstance(base, ast.Call):
                base = base.func
            elif isinstance(base, (ast.Subscript, ast.Attribute)):
                base = base.value
            else:
                return None
        found.append(chain(base))
    return found


def flat(target: ast.AST) -> Optional[list]:
    """The names of a target that consists of nothing else."""
    if isinstance(target, ast.Name):
        return [target.id]
    if isinstance(target, ast.Starred):
        return flat(target.value)
    if not isinstance(target, (ast.Tuple, ast.List)):
        return None
    names: list = []
    for element in target.elts:
        inner = flat(element)
        if inner is None:
            return None
        names += inner
    return names


def listed(node: ast.AST) -> Iterator[ast.Constant]:
    """The strings of a list: not those among arguments, unless of list() and the like."""
    if isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes)):
        yield node
    elif isinstance(node, STRINGS):
        return
    elif isinstance(node, ast.Call):
        yield from listed(node.func)
        if last(node.func) in COLLECTIONS:
            for child in node.args + [k.value for k in node.keywords]:
                yield from listed(child)
    elif isinstance(node, ast.Subscript):
        yield from listed(node.value)
    else:
        for child in ast.iter_child_nodes(node):
            yield from listed(child)


def type_checking(test: ast.AST) -> tuple:
    """Whether the body is for type checkers, and whether the else is."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return False, type_checking(test.operand)[0] and not isinstance(test.operand, ast.BoolOp)
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        return type_checking(test.values[0])[0], False
    return (chain(test) or "").rpartition(".")[2] == "TYPE_CHECKING", False


def suppresses(item: ast.withitem) -> bool:
    return any(
        isinstance(call, ast.Call)
        and last(call.func) == "suppress"
        and any((chain(a) or "").rpartition(".")[2] in IMPORT_ERRORS for a in call.args)
        for call in ast.walk(item.context_expr)
    )


def dynamic(name: str, call: ast.Call) -> list:
    """[call, module, prefix], as Dynamic has them."""
    lists = name in ("iter_modules", "walk_packages")
    args: dict = dict(enumerate(call.args))
    for keyword in call.keywords:
        role = {"name": "module", "modname": "module", "mod_name": "module"}.get(keyword.arg or "", keyword.arg)
        args[role] = keyword.value
    module = args.get("module", None if lists else args.get(0))
    package = args.get("package", args.get(1)) if name == "import_module" else None
    prefix = args.get("prefix", args.get(1)) if lists else None
    literal = constant(module)
    if literal is not None:
        base = constant(package)
        if base is not None and literal.startswith("."):
            dots = len(literal) - len(literal.lstrip("."))
            if dots - 1 <= base.count("."):
                literal = ".".join(base.split(".")[: base.count(".") + 2 - dots] + [part for part in [literal[dots:]] if part])
        return [name, literal, ""]
    return [name, "", constant(prefix) or beginning(module)]


def constant(node: Optional[ast.AST]) -> Optional[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes)):
        return node.value if isinstance(node.value, str) else node.value.decode("latin-1")
    return None


def beginning(node: Optional[ast.AST]) -> str:
    """The literal beginning of an expression."""
    if isinstance(node, STRINGS) and node.values:
        return constant(node.values[0]) or ""
    if isinstance(node, ast.BinOp):
        left: ast.AST = node
        while isinstance(left, ast.BinOp):
            node, left = left, left.left
        if isinstance(node.op, ast.Add):
            return constant(left) or ""
        if isinstance(node.op, ast.Mod):
            return (constant(left) or "").partition("%")[0]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return (constant(node.func.value) or "").partition("{")[0]
    return ""


def identifiers(tree: ast.AST) -> set:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.alias):
            found |= set(node.name.split("."))
            continue
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= set(node.module.split("."))
        for field in ("id", "attr", "arg", "name", "rest"):
            value = getattr(node, field, None)
            if isinstance(value, str):
                found.add(value)
        for field in ("names", "kwd_attrs"):
            found |= {n for n in getattr(node, field, ()) if isinstance(n, str)}
    return found


def files(folders: list) -> Iterator[str]:
    """The sources in the folders, each once, through symbolic links too."""
    seen = set()
    for folder in folders:
        for root, dirs, names in os.walk(os.path.realpath(folder), followlinks=True):
            real = os.path.realpath(root)
            if real in seen:
                dirs.clear()
                continue
            seen.add(real)
            dirs.sort()
            for name in sorted(names):
                path = os.path.realpath(os.path.join(root, name))
                if name.endswith((".py", ".pyi")) and path not in seen and os.path.isfile(path):
                    seen.add(path)
                    yield path


def facts(path: str) -> dict:
    with open(path, "rb") as file:
        source = file.read()
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError, LookupError) as error:
        return {"refused": str(error)}
    try:
        return Facts(tree).result(tree)
    except RecursionError as error:
        return {"refused": f"{error}: deeper than this program can follow"}


def main() -> None:
    warnings.simplefilter("ignore")
    sys.setrecursionlimit(5000)
    paths = sysconfig.get_paths()
    folders = sys.argv[1:] or [paths[k] for k in ("stdlib", "platstdlib", "purelib", "platlib")] + sys.path
    for path in files([f for f in folders if os.path.isdir(f)]):
        json.dump({"file": path, **facts(path)}, sys.stdout)
        sys.stdout.write("\n")


if __name__ == "__main__":
    main()
