// What comes from tests and file names is text, never markup.

// Characters that would reorder or hide what stands around them are shown by their number.
const hidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

export function clean(text) {
  return String(text ?? '').replace(hidden, (c) => `⟨U+${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}⟩`);
}

// element makes an element with a class and text.
export function element(name, className, text) {
  const e = document.createElement(name);
  if (className) e.className = className;
  if (text !== undefined) e.textContent = clean(text);
  return e;
}

// set changes an attribute, or a text, only where it differs.
export function set(e, name, value) {
  if (e.getAttribute(name) !== value) e.setAttribute(name, value);
}

export function say(e, text) {
  const cleaned = clean(text);
  if (e.textContent !== cleaned) e.textContent = cleaned;
}

export function plural(n, one, many = one + 's') {
  return `${n} ${n === 1 ? one : many}`;
}

export function seconds(s) {
  if (s < 10) return `${s.toFixed(2)}\u00a0s`;
  if (s < 100) return `${s.toFixed(1)}\u00a0s`;
  return `${Math.round(s)}\u00a0s`;
}
