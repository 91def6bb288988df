package request

import "errors"

// HintOf is what an error says to type next; empty when it does not.
func HintOf(err error) string {
	var hinted interface{ Hint() string }
	if errors.As(err, &hinted) {
		return hinted.Hint()
	}
	return ""
}
