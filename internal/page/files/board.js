// The board: a row per test file and type, grouped by folder, a column per environment.
import { clean, element, plural, seconds, set } from './text.js';

const root = document.getElementById('board');
const nothing = document.getElementById('nothing');

// A folder's rows are in groups of at most so many: the browser lays out those in view only.
const groupRows = 40;
const atOnce = 8; // groups that are placed in one go
let placing; // the timer that places more

let shape = ''; // what the rows and columns are, to tell whether they changed
let rows = [];
let columns = [];
let lines = []; // of squares, as shown: by line and column, undefined where there is no such cell
let picked = null; // the square that the Tab key leads to
const squares = new Map(); // by the cell's id: {element, square, line}

// reshape shows other rows and columns. The same ones again leave all as it is.
export function reshape(newRows, newColumns, all) {
  rows = newRows ?? [];
  columns = newColumns ?? [];
  const next = JSON.stringify([rows, columns, all.map((s) => s.id)]);
  if (next === shape) return update(all);
  shape = next;
  const focused = root.contains(document.activeElement) ? picked?.id : undefined;
  build(all);
  nothing.hidden = all.length > 0;
  pick(squares.get(focused) ?? squares.values().next().value, focused !== undefined);
}

function build(all) {
  const made = [heading()];
  squares.clear();
  lines = [];
  root.style.setProperty('--columns', columns.length);
  const byRow = rows.map(() => []);
  for (const s of all) byRow[s.row][s.column] = s;
  for (const [folder, indexes] of folders()) {
    for (let at = 0; at < indexes.length; at += groupRows) {
      const part = indexes.slice(at, at + groupRows);
      const group = element('div', 'group');
      group.setAttribute('role', 'rowgroup');
      group.style.setProperty('--rows', part.length + (at === 0 ? 1 : 0));
      if (at === 0) {
        const title = element('div', 'folder', folder);
        title.setAttribute('role', 'presentation');
        group.append(title);
      }
      for (const i of part) group.append(line(i, byRow[i]));
      made.push(group);
    }
  }
  place(made);
}

// place shows the first groups at once and the others soon after: laying out thousands of squares in one go would be
// felt. A board that was scrolled is placed whole, so that it stays where it is.
function place(groups) {
  clearTimeout(placing);
  const some = root.scrollTop > 0 ? groups.length : atOnce;
  root.replaceChildren(...groups.slice(0, some));
  const more = (at) => {
    root.append(...groups.slice(at, at + atOnce));
    if (at + atOnce < groups.length) placing = setTimeout(more, 16, at + atOnce);
  };
  if (some < groups.length) placing = setTimeout(more, 16, some);
}

// folders are the rows' indexes by folder, in the order of the rows.
function folders() {
  const out = new Map();
  rows.forEach((row, i) => {
    const folder = row.file.slice(0, row.file.lastIndexOf('/') + 1) || './';
    if (!out.has(folder)) out.set(folder, []);
    out.get(folder).push(i);
  });
  return out;
}

function heading() {
  const head = element('div', 'row head');
  head.setAttribute('role', 'row');
  const corner = element('span', 'name', 'File');
  corner.setAttribute('role', 'columnheader');
  head.append(corner);
  for (const name of columns) {
    const cell = element('span', 'environment');
    cell.setAttribute('role', 'columnheader');
    cell.title = clean(name);
    cell.append(element('bdi', '', name));
    head.append(cell);
  }
  return head;
}

function line(index, cells) {
  const row = rows[index];
  const e = element('div', 'row');
  e.setAttribute('role', 'row');
  const name = element('span', 'name');
  name.setAttribute('role', 'rowheader');
  name.title = clean(`${row.file} (${row.type})`);
  name.append(element('bdi', 'file', row.file.slice(row.file.lastIndexOf('/') + 1)));
  if (row.type !== 'unit') name.append(' ', element('span', 'type', row.type));
  e.append(name);
  const shown = [];
  for (let column = 0; column < columns.length; column++) {
    const cell = element('span', 'cell');
    cell.setAttribute('role', 'gridcell');
    e.append(cell);
    const s = cells[column];
    if (!s) {
      cell.className = 'cell none';
      cell.setAttribute('aria-label', clean(`${row.file}, ${columns[column]}: no such cell`));
      continue;
    }
    cell.tabIndex = -1;
    shown[column] = { id: s.id, element: cell, square: s, line: lines.length, column };
    squares.set(s.id, shown[column]);
    cell.dataset.id = s.id;
    draw(shown[column]);
  }
  lines.push(shown);
  return e;
}

// update draws the squares that changed, and touches no other.
export function update(changed) {
  for (const s of changed) {
    const shown = squares.get(s.id);
    if (!shown) continue;
    shown.square = s;
    draw(shown);
  }
}

function draw({ element: e, square: s }) {
  set(e, 'data-state', s.state);
  set(e, 'data-before', s.before);
  e.classList.toggle('cached', s.cached);
  e.classList.toggle('flaky', s.flaky);
  set(e, 'aria-label', clean(label(s)));
}

function label(s) {
  const row = rows[s.row];
  const type = row.type === 'unit' ? '' : ` ${row.type}`;
  return `${row.file}${type}, ${columns[s.column]}: ${word(s)}`;
}

const words = { unknown: 'not run yet', waiting: 'waiting', running: 'running' };

function word(s) {
  let out = words[s.state] ?? s.state;
  if (s.state === 'failed' && s.verdict && s.verdict !== 'failed') out += ` (${s.verdict})`;
  if ((s.state === 'waiting' || s.state === 'running') && s.before !== 'unknown') out += `, ${s.before} before`;
  if (s.flaky) out += ', flaky';
  return out;
}

// describe is all that is known of a square, in a sentence.
function describe(s) {
  const out = [label(s)];
  const tests = s.failedTests ? `${s.failedTests} of ${plural(s.tests, 'test')} failed` : plural(s.tests, 'test');
  if (s.tests) out.push(tests);
  if (s.seconds) out.push(seconds(s.seconds));
  if (s.cached) out.push('from the cache');
  if (s.partial) out.push('only the tests of the name filter');
  if (s.reason) out.push(s.reason);
  return out.join(' · ');
}

// pick makes a square the one that the Tab key leads to.
function pick(shown, focus) {
  if (picked) picked.element.tabIndex = -1;
  picked = shown ?? null;
  if (!picked) return;
  picked.element.tabIndex = 0;
  if (focus) picked.element.focus();
}

const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

// neighbour is the next square in a direction; where there is none, the one after.
function neighbour(from, [down, right]) {
  let line = from.line + down;
  let column = from.column + right;
  while (line >= 0 && line < lines.length && column >= 0 && column < columns.length) {
    if (lines[line][column]) return lines[line][column];
    line += down;
    column += right;
  }
  return null;
}

function ends(from, key, whole) {
  const list = whole ? lines.flat().filter(Boolean) : lines[from.line].filter(Boolean);
  return key === 'Home' ? list[0] : list[list.length - 1];
}

// listen calls back with a square, its row, its environment and its description when a person chooses it.
export function listen(chosen) {
  const choose = (shown) => {
    pick(shown, true);
    chosen(shown.square, rows[shown.square.row], columns[shown.square.column], describe(shown.square));
  };
  root.addEventListener('click', (event) => {
    const shown = squares.get(event.target.closest('.cell')?.dataset.id);
    if (shown) choose(shown);
  });
  root.addEventListener('keydown', (event) => {
    if (!picked || !event.target.closest('.cell') || event.altKey || event.metaKey) return;
    let next = null;
    if (steps[event.key]) next = neighbour(picked, steps[event.key]);
    else if (event.key === 'Home' || event.key === 'End') next = ends(picked, event.key, event.ctrlKey);
    else if (event.key === 'Enter' || event.key === ' ') choose(picked);
    else return;
    event.preventDefault();
    if (next) pick(next, true);
  });
}
