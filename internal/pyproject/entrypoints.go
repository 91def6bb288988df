package pyproject

import "strings"

// entryPointsText reads entry points as an ini file: [group], name = target.
// The case of names is kept.
func (p *project) entryPointsText(file, text string) {
	group := ""
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#' || line[0] == ';':
		case line[0] == '[' && strings.HasSuffix(line, "]"):
			group = strings.TrimSpace(line[1 : len(line)-1])
		default:
			if group == "" {
				p.r.report(file, i+1, "entry point %q stands before the first group", clip(line))
				continue
			}
			p.entryPoint(file, i+1, group, line)
		}
	}
}

// entryPoint reads one "name = module:attribute".
func (p *project) entryPoint(file string, line int, group, text string) {
	name, target, found := strings.Cut(text, "=")
	name, target = strings.TrimSpace(name), strings.TrimSpace(target)
	if !found || name == "" || target == "" {
		p.r.report(file, line, "entry point %q of %s is not of the form name = module:attribute", clip(text), group)
		return
	}
	p.addEntryPoints(group, name+" = "+target)
}
