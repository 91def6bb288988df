package pysource

import "bytes"

// callee is a function whose arguments matter.
type callee uint8

const (
	calleeOther callee = iota
	calleeImportModule
	calleeImport
	calleeImportOrSkip
	calleeRunModule
	calleeIterModules
	calleeWalkPackages
	calleeJoin // os.path.join, joinpath and pathlib's classes
	calleeParam
	calleeSuppress
	calleeCollection // what __all__ may be wrapped in
)

func calleeOf(name []byte) callee {
	switch string(name) {
	case "import_module":
		return calleeImportModule
	case "__import__":
		return calleeImport
	case "importorskip":
		return calleeImportOrSkip
	case "run_module":
		return calleeRunModule
	case "iter_modules":
		return calleeIterModules
	case "walk_packages":
		return calleeWalkPackages
	case "join", "joinpath", "Path", "PurePath", "PosixPath", "PurePosixPath":
		return calleeJoin
	case "suppress":
		return calleeSuppress
	case "list", "tuple", "set", "sorted", "frozenset":
		return calleeCollection
	}
	return calleeOther
}

func (c callee) imports() bool { return c >= calleeImportModule && c <= calleeWalkPackages }

// lists says whether it takes a path, and a prefix for the modules it finds there.
func (c callee) lists() bool { return c == calleeIterModules || c == calleeWalkPackages }

// keywordName is the keyword of an argument, as far as it matters.
type keywordName uint8

const (
	keywordNone keywordName = iota
	keywordOther
	keywordMarks
	keywordModule
	keywordPackage
	keywordPrefix
)

func keywordOf(name []byte) keywordName {
	switch string(name) {
	case "marks":
		return keywordMarks
	case "name", "modname", "mod_name":
		return keywordModule
	case "package":
		return keywordPackage
	case "prefix":
		return keywordPrefix
	}
	return keywordOther
}

// call begins a call of the name that was just passed.
func (r *reader) call(f *frame) {
	last := r.data[r.before.start:r.before.end]
	f.callee = calleeOf(last)
	name := string(last)
	for _, of := range r.renamed {
		if of.name == name {
			name = of.to.Name
			f.callee = calleeOf([]byte(name))
		}
	}
	switch {
	case f.callee.imports():
		r.file.Dynamic = append(r.file.Dynamic, Dynamic{Line: r.line, Call: name})
		f.dynamic = int32(len(r.file.Dynamic))
	case f.callee == calleeJoin:
		f.join.start = int32(len(r.joined))
	case r.purpose != plain && r.aliases != nil && len(r.name) > 0 && r.aliases.resolve(r.name).kind == aliasParam:
		f.callee = calleeParam
	}
}

// dynamicArgument takes a string as, or at the beginning of, an argument of a
// call that imports.
func (r *reader) dynamicArgument(f *frame, value []byte) {
	d := &r.file.Dynamic[f.dynamic-1]
	whole := r.kind == operator && (r.op == ',' || r.op == ')') && !r.literal.fields
	role := f.keyword
	if role == keywordNone {
		switch {
		case f.arg == 0 && !f.callee.lists():
			role = keywordModule
		case f.arg == 1 && f.callee == calleeImportModule:
			role = keywordPackage
		case f.arg == 1 && f.callee.lists():
			role = keywordPrefix
		}
	}
	switch {
	case role == keywordModule && whole:
		d.Module = string(value)
	case role == keywordModule && r.kind == operator && r.op == '+' && !r.literal.fields:
		d.Prefix = string(value)
	case role == keywordModule && r.kind == operator && r.op == '%':
		d.Prefix = beforeFirst(value, '%')
	case role == keywordModule && r.kind == operator && r.op == '.':
		d.Prefix = beforeFirst(value, '{')
	case role == keywordPrefix && whole && f.callee.lists():
		d.Prefix = string(value)
	case role == keywordPackage && whole && f.callee == calleeImportModule:
		d.Module = absolute(d.Module, string(value))
	}
}

func beforeFirst(value []byte, c byte) string {
	before, _, _ := bytes.Cut(value, []byte{c})
	return string(before)
}

// absolute is a module, relative to a package if it begins with dots.
func absolute(module, pkg string) string {
	if module == "" || module[0] != '.' {
		return module
	}
	relative := module[1:]
	for len(relative) > 0 && relative[0] == '.' {
		at := bytes.LastIndexByte([]byte(pkg), '.')
		if at < 0 {
			return module
		}
		pkg, relative = pkg[:at], relative[1:]
	}
	if relative == "" {
		return pkg
	}
	return pkg + "." + relative
}
