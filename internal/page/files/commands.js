// What a person asks of weft.
import { plural, say, set } from './text.js';

const said = document.getElementById('said');
const paths = document.getElementById('paths');
const only = document.querySelector('[data-command=onlyFailed]');
let filter = ''; // the path filter that holds

async function send(command) {
  try {
    const answer = await fetch('command', {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(command),
    });
    say(said, answer.ok ? '' : await answer.text());
  } catch {
    say(said, 'The command did not reach weft.');
  }
}

export function listen() {
  for (const button of document.querySelectorAll('[data-command]')) {
    button.addEventListener('click', () => {
      const command = { command: button.dataset.command };
      if (button === only) command.on = only.getAttribute('aria-pressed') !== 'true';
      send(command);
    });
  }
  document.getElementById('filter').addEventListener('submit', (event) => {
    event.preventDefault();
    send({ command: 'paths', text: paths.value.trim() });
  });
}

// narrowed shows how passes are narrowed, by whomever.
export function narrowed(n) {
  set(only, 'aria-pressed', String(n.onlyFailed));
  if (paths.value === filter) paths.value = n.paths; // else a person is at it
  filter = n.paths;
  const parts = [];
  if (n.paths) parts.push(`paths with “${n.paths}”`);
  if (n.tests) parts.push(`tests with “${n.tests}”`);
  if (n.environments?.length) parts.push(`${plural(n.environments.length, 'environment')}: ${n.environments.join(', ')}`);
  if (n.onlyFailed) parts.push('what fails');
  return parts.length ? `only ${parts.join(', ')}` : '';
}
