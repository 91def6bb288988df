package main

import (
	"encoding/json"
	"os"
	"runtime"
	"strings"
	"time"
)

// record is what -json writes. All times are seconds, all keys are always there
// unless they say otherwise:
//
//	schemaVersion  1; rises when a key changes its meaning or goes
//	start          of the whole run, RFC 3339 in UTC
//	weft           what `weft --version` says
//	machine        system, processors, load (the three averages of /proc/loadavg
//	               at the start; absent elsewhere)
//	measurements   one per workload, step and peer: the seconds of each repetition
//	               in order, their median, and its ratio to the median of tox, in
//	               the workload watch of labels, in the same step (absent without one)
//	targets        see judged
//	missing        peer → why it is not to be had
//	failed         see failure: a run that did not pass is no measurement
//	gen            `weft gen` on 10,000 files: medians (absent when not measured)
//	graph          what weft watch keeps of 100,000 cells: medians, each with its unit
//	               and what it is at most (absent when not measured)
type record struct {
	SchemaVersion int               `json:"schemaVersion"`
	Start         time.Time         `json:"start"`
	Weft          string            `json:"weft"`
	Machine       recordMachine     `json:"machine"`
	Measurements  []measurement     `json:"measurements"`
	Targets       []judged          `json:"targets"`
	Missing       map[string]string `json:"missing"`
	Failed        []failure         `json:"failed"`
	Gen           []recordGen       `json:"gen,omitempty"`
	Graph         []recordGraph     `json:"graph,omitempty"`
}

type recordMachine struct {
	System     string `json:"system"`
	Processors int    `json:"processors"`
	Load       string `json:"load,omitempty"`
}

type measurement struct {
	Workload string    `json:"workload"`
	Step     string    `json:"step"`
	Peer     string    `json:"peer"`
	Seconds  []float64 `json:"seconds"`
	Median   float64   `json:"median"`
	Ratio    *float64  `json:"ratio,omitempty"`
}

type recordGen struct {
	Name      string  `json:"name"`
	Seconds   float64 `json:"seconds"`
	Target    float64 `json:"target"`
	Megabytes float64 `json:"megabytes"` // the most memory it held
}

type recordGraph struct {
	Name   string  `json:"name"`
	Value  float64 `json:"value"`
	Unit   string  `json:"unit"`             // s or MB
	AtMost float64 `json:"atMost,omitempty"` // absent where nothing was promised
}

func machineNow() recordMachine {
	m := recordMachine{System: runtime.GOOS + "/" + runtime.GOARCH, Processors: runtime.NumCPU()}
	if text, err := os.ReadFile("/proc/loadavg"); err == nil {
		m.Load = strings.Join(strings.Fields(string(text))[:3], " ")
	}
	return m
}

// measurements are the numbers in the order of the table.
func measurements(n numbers) []measurement {
	all := []measurement{}
	for _, w := range workloads {
		peers, steps, _ := measured(w, n)
		for _, s := range steps {
			for _, p := range peers {
				k := key{w.name, s, p}
				median, ok := n.median(k)
				if !ok {
					continue
				}
				m := measurement{w.name, s, p, n[k], median, nil}
				if ratio, ok := n.ratio(k, w.order().against); ok {
					m.Ratio = &ratio
				}
				all = append(all, m)
			}
		}
	}
	return all
}

func writeRecord(path string, r record) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o644)
}
