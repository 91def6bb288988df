package main

import "fmt"

// target is what was promised: weft's median of a step is at most limit times
// that of the peer, in the same run, and so many seconds more.
type target struct {
	workload, step, against string
	limit, plus             float64
}

// targets are those of the issue that asked for speed; they are not to be moved.
var targets = []target{
	{"small", stepCold, peerTox, 1.2, 0},
	{"heavy", stepCold, peerTox, 0.7, 0},
	{"small", stepNone, peerTox, 0.05, 0},
	{"small", stepNone, peerBazel, 1.2, 0},
	{"small", stepTest, peerTox, 0.15, 0},
	{"small", stepSource, peerTox, 0.35, 0},
	{"small", stepSecond, peerTox, 1.0, 0},
	{workloadWatch, stepTestLast, peerLabels, 1, 0.1},
	{workloadWatch, stepTestLast, peerIbazel, 0.5, 0},
	{workloadWatch, stepSourceLast, peerLabels, 1, 0.1},
	{workloadWatch, stepSourceLast, peerIbazel, 0.5, 0},
	{workloadWatch, stepFlakeLast, peerLabels, 1, 0.1},
}

// judged is a target and what became of it.
type judged struct {
	Workload string  `json:"workload"`
	Step     string  `json:"step"`
	Against  string  `json:"against"`
	Limit    float64 `json:"limit"`
	Plus     float64 `json:"plus"` // seconds
	// Ratio is absent when one of the two was not measured.
	Ratio   *float64 `json:"ratio,omitempty"`
	Verdict string   `json:"verdict"` // reached, missed, not measured
}

func judge(n numbers) []judged {
	var all []judged
	for _, t := range targets {
		j := judged{t.workload, t.step, t.against, t.limit, t.plus, nil, "not measured"}
		if ratio, ok := n.ratio(key{t.workload, t.step, peerWeft}, t.against); ok {
			j.Ratio, j.Verdict = &ratio, "missed"
			mine, _ := n.median(key{t.workload, t.step, peerWeft})
			other, _ := n.median(key{t.workload, t.step, t.against})
			if mine <= t.limit*other+t.plus {
				j.Verdict = "reached"
			}
		}
		all = append(all, j)
	}
	return all
}

// ratio divides a median by the one of another peer in the same step. What tox
// does with a cold server is what it always does: it has none.
func (n numbers) ratio(k key, against string) (float64, bool) {
	mine, ok := n.median(k)
	step := k.step
	if against == peerTox && step == stepServer {
		step = stepNone
	}
	other, found := n.median(key{k.workload, step, against})
	return mine / other, ok && found
}

func (j judged) String() string {
	text := fmt.Sprintf("%s, %s: at most %.2f × %s", j.Workload, j.Step, j.Limit, peerTitles[j.Against])
	if j.Plus > 0 {
		text += fmt.Sprintf(" + %.1f s", j.Plus)
	}
	if j.Ratio != nil {
		return fmt.Sprintf("%-11s %s, is %.3f", j.Verdict, text, *j.Ratio)
	}
	return fmt.Sprintf("%-11s %s", j.Verdict, text)
}
