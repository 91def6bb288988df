// What was saved and what it affects, and the facts that the user should know.
import { clean, element } from './text.js';

const saves = document.getElementById('saves');
const savesNone = document.getElementById('saves-none');
const notes = document.getElementById('notes');
const notesSection = document.getElementById('notes-section');

export function showSaves(list) {
  savesNone.hidden = list.length > 0;
  saves.replaceChildren(...list.toReversed().map(save));
}

function save(s) {
  const e = element('li', 'save');
  const time = element('time', '', new Date(s.at).toLocaleTimeString());
  time.dateTime = s.at;
  const paths = s.paths.map((path) => element('code', 'path', path));
  e.append(time, ' ');
  paths.slice(0, 3).forEach((path) => e.append(path, ' '));
  const more = paths.length - Math.min(paths.length, 3) + s.more;
  if (more) {
    const rest = element('span', 'more', `and ${more} more`);
    rest.title = clean(s.paths.slice(3).join('\n') + (s.more ? '\n…' : ''));
    e.append(rest, ' ');
  }
  e.append(element('span', 'effect', `→ ${s.effect}`));
  for (const why of s.why.slice(0, 3)) e.append(element('p', 'why', why));
  return e;
}

export function showNotes(list) {
  notesSection.hidden = list.length === 0;
  notes.replaceChildren(...list.toReversed().map((n) => {
    const e = element('li', 'note', n.message);
    if (n.hint) e.append(element('p', 'hint', n.hint));
    return e;
  }));
}
