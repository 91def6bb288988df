// Weft runs one test suite through every environment it must work in.
package main

import (
	"os"

	"github.com/weft-build/weft/internal/cli"
)

func main() {
	os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
