// The live page: what weft tells is shown as it comes.
import * as board from './board.js';
import * as commands from './commands.js';
import * as failures from './failures.js';
import * as log from './log.js';
import * as status from './status.js';
import { say } from './text.js';

const gone = document.getElementById('gone');
const scope = document.getElementById('scope');
const square = document.getElementById('square');
const known = { title: '', pass: null, counts: {}, narrowing: '', owed: 0 };

function take(message, whole) {
  if (whole) {
    known.title = message.title || 'weft watch';
    board.reshape(message.rows, message.columns, message.squares ?? []);
  } else if (message.squares) {
    board.update(message.squares);
  }
  if (message.failures) failures.update(message.failures);
  if (message.saves) log.showSaves(message.saves);
  if (message.notes) log.showNotes(message.notes);
  if (message.narrowing) known.narrowing = commands.narrowed(message.narrowing);
  if (message.owed !== undefined) known.owed = message.owed;
  if (message.pass) known.pass = message.pass;
  if (message.counts) known.counts = message.counts;
  say(scope, [known.title, known.narrowing, known.owed ? `${known.owed} more to run` : ''].filter(Boolean).join(', '));
  status.update(known.pass, known.counts, known.title);
}

function lost(text) {
  gone.hidden = !text;
  say(gone, text);
  document.body.classList.toggle('lost', Boolean(text));
}

// connect opens the stream. The browser connects again by itself after a break, and the whole board comes again.
function connect() {
  const source = new EventSource('events');
  source.addEventListener('board', (event) => { lost(''); take(JSON.parse(event.data), true); });
  source.addEventListener('delta', (event) => take(JSON.parse(event.data), false));
  source.addEventListener('end', () => { source.close(); lost('weft has ended. What is below is what it knew.'); });
  source.addEventListener('error', () => {
    lost('weft has ended, or the connection is gone. What is below may be old; trying again.');
    // After an answer that is no stream (too many pages are open) the browser gives up.
    if (source.readyState === EventSource.CLOSED) setTimeout(connect, 5000);
  });
}

board.listen((s, row, environment, text) => {
  say(square, text);
  failures.show(row, environment);
});
commands.listen();
connect();
