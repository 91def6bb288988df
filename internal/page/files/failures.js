// The failures under the board.
import { element, plural, say } from './text.js';

const list = document.getElementById('failures');
const none = document.getElementById('failures-none');
const more = document.getElementById('failures-more');
const heading = document.getElementById('failures-heading');
const shown = new Map(); // by key: {failure, element}; the element is made when it is placed
const atOnce = 40; // failures that are placed in one go
let placing; // the timer that places more

// update takes the keys of all failures in order, and those that are new or other than they were.
export function update(told) {
  for (const [key, failure] of Object.entries(told.changed)) {
    const old = shown.get(key)?.element;
    const made = old && draw(failure);
    if (made) {
      made.querySelector('details').open = old.querySelector('details').open;
      old.replaceWith(made);
    }
    shown.set(key, { failure, element: made });
  }
  arrange(told.keys);
  none.hidden = told.keys.length > 0;
  const all = told.keys.length + told.more;
  say(heading, all ? `Failures (${all})` : 'Failures');
  more.hidden = told.more === 0;
  say(more, `${plural(told.more, 'more failure is', 'more failures are')} not shown here.`);
}

// arrange leaves in place what is in place, so that a selection and the focus stay.
function arrange(keys) {
  clearTimeout(placing);
  const wanted = new Set(keys);
  for (const [key, { element: e }] of shown) {
    if (wanted.has(key)) continue;
    e?.remove();
    shown.delete(key);
  }
  let at = list.firstElementChild;
  let left = atOnce;
  for (const key of keys) {
    const one = shown.get(key);
    if (!one) continue;
    if (!one.element && left-- === 0) {
      placing = setTimeout(arrange, 16, keys);
      return;
    }
    one.element ??= draw(one.failure);
    if (one.element === at) at = at.nextElementSibling;
    else list.insertBefore(one.element, at);
  }
}

function draw(f) {
  const e = element('li', 'failure');
  e.append(element('h3', 'test', f.id), element('p', 'message', f.message));
  const where = element('p', 'where');
  where.append(element('code', 'place', f.line ? `${f.file}:${f.line}` : f.file), ' ', element('span', 'type', f.type));
  for (const name of f.environments) where.append(' ', element('span', 'tag', name));
  e.append(where);
  const details = element('details');
  const text = element('pre', '', f.text);
  text.tabIndex = 0; // it scrolls
  details.append(element('summary', '', 'Details'), text);
  e.append(details);
  return e;
}

// show brings the first failure of a cell into view, and says whether there is one.
export function show(row, environment) {
  for (const { element: e, failure: f } of shown.values()) {
    if (!e || f.type !== row.type || !f.environments.includes(environment)) continue;
    if (f.id !== row.file && !f.id.startsWith(`${row.file}::`)) continue;
    e.querySelector('details').open = true;
    e.scrollIntoView({ block: 'nearest' });
    for (const old of list.querySelectorAll('.shown')) old.classList.remove('shown');
    e.classList.add('shown');
    return true;
  }
  return false;
}
