package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
)

// batchPeer is weft with cells that may share a process.
type batchPeer struct{ *weftPeer }

const batchSettings = `
[test]
isolation = "batch"
`

// setUp adds the setting to those that weft init has written.
func (p batchPeer) setUp(ctx context.Context) error {
	if err := p.weftPeer.setUp(ctx); err != nil {
		return err
	}
	file, err := os.OpenFile(filepath.Join(p.at.dir, "weft.toml"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = file.WriteString(batchSettings)
	return errors.Join(err, file.Close())
}
