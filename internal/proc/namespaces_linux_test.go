package proc

import "testing"

// TestNamespaces holds the answer against what unshare can do on this machine.
func TestNamespaces(t *testing.T) {
	_, err := Run(t.Context(), Command{Purpose: "unsharing", Argv: []string{"unshare", "--user", "--mount", "--net", "--pid", "--ipc", "--fork", "true"}})
	if got := Namespaces(); (got == nil) != (err == nil) {
		t.Errorf("Namespaces says %v, unshare says %v", got, err)
	}
}
