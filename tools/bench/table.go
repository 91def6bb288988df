package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// printTable writes a workload's medians, each with its ratio to the first peer's in
// parentheses, and with the number of repetitions where there are fewer than most.
func printTable(out io.Writer, w workload, n numbers) error {
	peers, steps, most := measured(w, n)
	if len(steps) == 0 {
		return nil
	}
	fmt.Fprintf(out, "\n%s: %s; %d files × %d environments\n", w.name, w.what, w.files, len(w.environments))
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(table, "median of %d\t", most)
	for _, p := range peers {
		fmt.Fprintf(table, "%s\t\t", peerTitles[p])
	}
	fmt.Fprintln(table)
	for _, s := range steps {
		fmt.Fprintf(table, "%s\t", s)
		for _, p := range peers {
			fmt.Fprintf(table, "%s\t", strings.Join(cellText(n, key{w.name, s, p}, w.order().against, most), "\t"))
		}
		fmt.Fprintln(table)
	}
	return table.Flush()
}

// cellText is a median and its ratio; dashes where a step is nothing of its own.
func cellText(n numbers, k key, against string, most int) []string {
	median, ok := n.median(k)
	if !ok {
		return []string{"–", ""}
	}
	text := fmt.Sprintf("%.2f s", median)
	if count := len(n[k]); count < most {
		text += fmt.Sprintf(" [%d]", count)
	}
	ratio, ok := n.ratio(k, against)
	if !ok || k.peer == against {
		return []string{text, ""}
	}
	if ratio < 0.1 {
		return []string{text, fmt.Sprintf("(%.3f)", ratio)}
	}
	return []string{text, fmt.Sprintf("(%.2f)", ratio)}
}

// measured are the peers and steps that have numbers, in their order, and the
// largest number of repetitions.
func measured(w workload, n numbers) (peers, steps []string, most int) {
	of := w.order()
	for _, s := range of.steps {
		for _, p := range of.peers {
			count := len(n[key{w.name, s, p}])
			if count == 0 {
				continue
			}
			if !slices.Contains(steps, s) {
				steps = append(steps, s)
			}
			if !slices.Contains(peers, p) {
				peers = append(peers, p)
			}
			most = max(most, count)
		}
	}
	slices.SortFunc(peers, func(a, b string) int { return slices.Index(of.peers, a) - slices.Index(of.peers, b) })
	return peers, steps, most
}

// printEnd writes what became of the targets, and what was not measured.
func printEnd(out io.Writer, r *runner, chosen []workload) {
	fmt.Fprintln(out, "\ntargets")
	for _, j := range judge(r.numbers) {
		fmt.Fprintln(out, " ", j)
	}
	for _, f := range r.failed {
		fmt.Fprintf(out, "\nFAILED: %s, %s, %s:\n%s\n", f.Workload, f.Peer, f.Step, f.Error)
	}
	for _, text := range r.absent(chosen) {
		fmt.Fprintln(out, text)
	}
}

// absent names the peers that are not to be had, and those that were left out.
func (r *runner) absent(chosen []workload) []string {
	var all []string
	for _, p := range allPeers {
		if why := r.programs.missing[p]; why != "" {
			all = append(all, fmt.Sprintf("missing: %s: %s", peerTitles[p], why))
		}
	}
	for _, w := range chosen {
		names := w.peers
		if len(r.peers) > 0 {
			names = r.peers
		}
		var out []string
		for _, p := range w.order().peers {
			if p != peerBefore && !slices.Contains(names, p) {
				out = append(out, peerTitles[p])
			}
		}
		if len(out) > 0 {
			all = append(all, fmt.Sprintf("left out of %s: %s (see -peers)", w.name, strings.Join(out, ", ")))
		}
	}
	return all
}
