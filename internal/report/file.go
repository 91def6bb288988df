package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Write renders report.json.
func Write(w io.Writer, r Report) error {
	if err := write(w, withoutNil(r)); err != nil {
		return fmt.Errorf("writing report.json: %w", err)
	}
	return nil
}

// noCells is how a report without cells ends.
const noCells = "[]\n}\n"

// write encodes the cells one by one, as those of a large run have hundreds of
// megabytes. They are the last of a report.
func write(w io.Writer, r Report) error {
	var part bytes.Buffer
	cells := r.AllCells()
	r.Cells = []Cell{}
	if err := encode(&part, r, ""); err != nil {
		return err
	}
	head, before := bytes.TrimSuffix(part.Bytes(), []byte(noCells)), "[\n    "
	if _, err := w.Write(head); err != nil {
		return err
	}
	for c := range cells {
		part.Reset()
		if err := encode(&part, c, "    "); err != nil {
			return err
		}
		if _, err := io.WriteString(w, before); err != nil {
			return err
		}
		if _, err := w.Write(bytes.TrimSuffix(part.Bytes(), []byte("\n"))); err != nil {
			return err
		}
		before = ",\n    "
	}
	end := "\n  ]\n}\n"
	if before[0] == '[' {
		end = noCells
	}
	_, err := io.WriteString(w, end)
	return err
}

// encode writes a part of report.json whose lines but the first begin with a prefix.
func encode(to io.Writer, part any, prefix string) error {
	enc := json.NewEncoder(to)
	enc.SetEscapeHTML(false)
	enc.SetIndent(prefix, "  ")
	return enc.Encode(part)
}

// withoutNil makes the lists that are always there [] instead of null.
func withoutNil(r Report) Report {
	empty(&r.Summary.EnvironmentsTested)
	empty(&r.Environments)
	empty(&r.Types.Integration.External)
	empty(&r.Findings)
	empty(&r.Gates)
	empty(&r.Recommendations)
	empty(&r.Problems)
	empty(&r.Notes)
	empty(&r.Cells)
	return r
}

func empty[T any](list *[]T) {
	if *list == nil {
		*list = []T{}
	}
}

// Read reads a report.json back, refusing a newer schema.
func Read(in io.Reader) (Report, error) {
	data, err := io.ReadAll(in)
	if err != nil {
		return Report{}, fmt.Errorf("reading report.json: %w", err)
	}
	var head struct {
		SchemaVersion int `json:"schemaVersion"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return Report{}, fmt.Errorf("reading report.json: %w", err)
	}
	switch {
	case head.SchemaVersion > SchemaVersion:
		return Report{}, fmt.Errorf("reading report.json: its schema version %d is newer than the %d that this weft reads", head.SchemaVersion, SchemaVersion)
	case head.SchemaVersion < 1:
		return Report{}, errors.New("reading report.json: it has no schemaVersion")
	}
	var r Report
	if err := json.Unmarshal(data, &r); err != nil {
		return Report{}, fmt.Errorf("reading report.json: %w", err)
	}
	return r, nil
}

// WriteFile writes a file whole or not at all, so that a full disk leaves the
// former content and a clear error. What is no regular file (a pipe, a device)
// is written to as it is.
func WriteFile(path string, render func(io.Writer) error) error {
	if err := writeFile(path, render); err != nil {
		var pathErr *os.PathError
		if errors.As(err, &pathErr) {
			err = pathErr.Err // the path below is the one the user knows
		}
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}

func writeFile(path string, render func(io.Writer) error) error {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		file, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		return errors.Join(buffered(file, render), file.Close())
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name()) // gone already when all went well
	err = buffered(tmp, render)
	if err == nil {
		err = tmp.Chmod(0o644)
	}
	if closeErr := tmp.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}

func buffered(w io.Writer, render func(io.Writer) error) error {
	out := bufio.NewWriter(w)
	if err := render(out); err != nil {
		return err
	}
	return out.Flush()
}
