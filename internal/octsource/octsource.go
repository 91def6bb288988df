// Package octsource reads Octave and MATLAB sources without running them and
// without an Octave: what a file defines, which functions it may call, which
// tests it holds and of which types, which strings in it could name files.
//
// It follows Octave 7 where the two languages differ, and Weft's launcher where
// it says what is a test. What it cannot read it says in File.Problem, and
// everything else still stands.
package octsource

import (
	"fmt"
	"maps"
	"slices"
)

// File is what one source says.
type File struct {
	// Function: the first thing in it is a function, so Octave calls the file by
	// its name; else it is a script, a class or Blank.
	Function bool
	// Class: it is a classdef file.
	Class bool
	// Blank: nothing but comments, tests in them included.
	Blank bool
	// Name is that of the class or of the first function, "" in a script without.
	Name string
	// Functions are all that it defines, methods and nested functions included,
	// in order of appearance; those of `%!function` are not among them.
	Functions []string
	// Calls are the names that may be calls of functions: identifiers that are no
	// variable where they stand, names behind @, names given literally to feval,
	// cellfun, run and the like, superclasses. Of `a.b.c` there are "a" and
	// "a.b.c". The code of tests counts. Functions of the file itself are left
	// out, except in a class. Distinct, sorted.
	Calls []string
	// Dynamic: a function that runs what its argument names (feval, eval, run,
	// str2func, source and the like) is given something that is not literal.
	Dynamic bool
	// Paths are the folders of addpath and genpath, joined of what is literal in
	// them and cleaned. They are relative to the folder of the file or to the one
	// that Octave runs in: the code may mean either. "src/**" is src with all
	// folders below it. Distinct, in order of appearance.
	Paths []string
	// Packages are those of `pkg load`, sorted.
	Packages []string
	// Strings are the values of string literals of 1 to 260 bytes and the words of
	// commands (load data.mat), distinct, in order of appearance. The literal
	// parts of fullfile ("a", "b") and ["a" "/b"] come as "a/b" besides.
	Strings []String
	// TestBlocks counts the `%!` blocks that are tests for the launcher.
	TestBlocks int
	// TestFunctions are the functions that are tests for the launcher: none when
	// there are `%!` blocks.
	TestFunctions []string
	// Types are the test types that comments give to its tests, sorted; nil when
	// none does.
	Types []string
	// MRST: the launcher starts MRST for it.
	MRST bool
	// Problem is the first thing that could not be read; nil when all was.
	Problem *Problem

	rowsOfBlocks bool
}

// String is a string literal.
type String struct {
	Line  int // 1-based
	Value string
	// Joined: made of several, or only a part.
	Joined bool
}

// Problem says what could not be read, and where.
type Problem struct {
	Line int
	Text string // in lower case: "unterminated string"
}

// Tests says whether the launcher finds a test in the file when its name
// without .m is STEM: a block, a function, or the whole of a file test_….
func (f *File) Tests(stem string) bool {
	if f.rowsOfBlocks {
		return f.TestBlocks > 0
	}
	return len(f.TestFunctions) > 0 || !f.Blank && isTest(stem)
}

// largest is the size of a file, in bytes, above which its code is not read.
const largest = 4 << 20

// Read reads a source. It never fails: see File.Problem.
func Read(data []byte) *File {
	f := &File{}
	text := decode(data)
	rows := splitRows(text)
	blocks := f.readTests(rows)
	f.MRST = mentionsMRST(text)

	r := &reader{file: f, calls: map[string]bool{}, packages: map[string]bool{}, seen: map[String]bool{}, folders: map[string]bool{}}
	if len(data) > largest {
		f.problem(1, fmt.Sprintf("larger than %d MiB: only its tests are looked for, not what it calls", largest>>20))
		return f
	}
	r.code(rows)
	own := slices.Clone(f.Functions)
	r.blocks(blocks)
	f.finish(r, own)
	return f
}

func (f *File) finish(r *reader, own []string) {
	if !f.Class {
		for _, name := range own {
			delete(r.calls, name)
		}
	}
	f.Calls = slices.Sorted(maps.Keys(r.calls))
	f.Packages = slices.Sorted(maps.Keys(r.packages))
}

func (f *File) problem(line int, text string) {
	if f.Problem == nil {
		f.Problem = &Problem{Line: line, Text: text}
	}
}
