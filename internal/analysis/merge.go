package analysis

import "strings"

// merge makes one of the recommendations that ask for the same, and keeps the
// first one's place and command. Each finding is named by it.
func merge(all []Recommendation) []Recommendation {
	type key struct{ text, change string }
	at := map[key]int{}
	also := map[int][]string{}
	var out []Recommendation
	for _, r := range all {
		k := key{r.Text, r.Change}
		i, known := at[k]
		if !known {
			at[k] = len(out)
			out = append(out, r)
			continue
		}
		if r.Finding != "" && r.Finding != out[i].Finding {
			also[i] = append(also[i], r.Finding)
		}
	}
	for i, ids := range also {
		out[i].Text += " (as do " + list(ids) + ")"
		if len(ids) == 1 {
			out[i].Text = strings.Replace(out[i].Text, " (as do ", " (as does ", 1)
		}
	}
	return out
}
