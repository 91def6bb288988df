// How things stand: the verdict, the pass, the title and the icon of the tab.
import { plural, say, seconds, set } from './text.js';

const get = (id) => document.getElementById(id);
const [verdict, pass, progress, icon] = ['verdict', 'pass', 'progress', 'icon'].map(get);
const [error, errorText, errorHint] = ['error', 'error-text', 'error-hint'].map(get);
const stop = document.querySelector('[data-command=stop]');

// update takes the pass and how many squares there are of each state.
export function update(p, counts, scope) {
  const [state, text] = judge(p, counts);
  set(verdict, 'data-verdict', state);
  say(verdict, text);
  say(pass, sentence(p));
  progress.max = Math.max(p.cells, 1);
  progress.value = p.active ? p.done : 0;
  progress.classList.toggle('idle', !p.active);
  stop.disabled = !p.active;
  error.hidden = !p.error;
  say(errorText, p.error);
  say(errorHint, p.hint);
  const marks = { passed: '✓', failed: '✗', running: '…', unknown: '–' };
  const title = `${marks[state]} ${text} – ${scope}`;
  if (document.title !== title) document.title = title;
  set(icon, 'href', `${state}.svg`);
}

// judge is what is known now: what waits or runs counts as what it was before.
function judge(p, counts) {
  const failed = counts.failed ?? 0;
  const missing = counts['not run'] ?? 0;
  const under = p.active ? `${p.done}/${p.cells}` : '';
  if (p.error) return ['failed', 'could not run'];
  if (failed) return ['failed', p.active ? `${plural(failed, 'cell')} failed, running ${under}` : `${plural(failed, 'cell')} failed`];
  if (p.active) return ['running', p.cells ? `running ${under}` : 'running'];
  if (missing) return ['failed', `${plural(missing, 'cell')} not run`];
  if (p.number && !p.stopped && p.exitCode) return ['failed', `not passed, exit code ${p.exitCode}`];
  if (counts.unknown) return ['unknown', `${plural(counts.unknown, 'cell')} not run yet`];
  if (counts.passed) return ['passed', `${plural(counts.passed, 'cell')} passed`];
  return ['unknown', 'nothing run yet'];
}

function sentence(p) {
  if (!p.number) return '';
  const out = [`Pass ${p.number}: ${p.why}`];
  if (p.active && p.stage) out.push(p.stage);
  if (p.stopped) out.push('stopped');
  if (p.first) out.push(`first verdict after ${seconds(p.first / 1e9)}`);
  if (p.last) out.push(`${p.active ? 'latest' : 'last'} after ${seconds(p.last / 1e9)}`);
  if (!p.active && p.cells) out.push(plural(p.done, 'cell'));
  return out.join(' · ');
}
