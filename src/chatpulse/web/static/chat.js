// The chat: one row per message with a sign and a tint, and the reason for both on hover and focus.
//
// Rows stand still while somebody reads: with the pointer or the focus inside, or scrolled up, new ones wait.

import { bar } from './chart.js';
import { byId, el, foreign, setText, syncList } from './dom.js';
import * as say from './format.js';
import { withdrawn } from './store.js';

const NEAR_END_PX = 24;
const MANY = 50; // A frame holds no more messages: from here on there may be some that the page was not told.

export function chatView() {
  const list = byId('messages');
  const more = byId('more');
  const lines = new WeakMap();
  let picture = { messages: [] };
  let following = true; // scrolled to the end
  let reading = false; // pointer or focus inside

  const isPaused = () => reading || !following;

  function show(next) {
    const isOther = next.frame.channel !== picture.frame?.channel;
    picture = next;
    if (isOther) [following, reading] = [true, false];
    render();
  }

  function render() {
    const shown = new Map([...list.children].map((row) => [lines.get(row).id, row]));
    const waiting = isPaused() ? picture.messages.filter((line) => !shown.has(line.id)).length : 0;
    // While paused the rows stay as they are, but for what a moderator removed.
    const wanted = isPaused() ? held(list, lines, picture) : picture.messages;
    syncList(list, wanted, { key: (line) => line.id, create: (line) => rowOf(line, lines), update: (row, line) => mark(row, line, lines) });
    more.hidden = !waiting;
    if (waiting) setText(more, `${waiting < MANY ? waiting : `${MANY}+`} new ${waiting === 1 ? 'message' : 'messages'} ↓`);
    if (!isPaused()) list.scrollTop = list.scrollHeight;
  }

  function resume() {
    [following, reading] = [true, false];
    render();
  }

  list.addEventListener('scroll', () => {
    following = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END_PX;
    if (!isPaused() && !more.hidden) render();
  });
  list.addEventListener('pointerenter', (event) => { reading = event.pointerType === 'mouse'; });
  list.addEventListener('pointerleave', () => { reading = list.contains(document.activeElement); });
  list.addEventListener('focusin', () => { [reading, list.tabIndex] = [true, -1]; });
  list.addEventListener('focusout', () => { [reading, list.tabIndex] = [list.matches(':hover'), 0]; });
  more.addEventListener('click', resume);
  list.addEventListener('keydown', (event) => steer(event, list, resume));
  explain(list, lines);
  // One stop for the Tab key: the list while the focus is elsewhere, its rows while it is inside.
  list.tabIndex = 0;
  list.addEventListener('focus', () => list.lastElementChild?.focus());
  return show;
}

function held(list, lines, { deleted }) {
  return [...list.children].map((row) => withdrawn(lines.get(row), deleted));
}

function rowOf(line, lines) {
  const row = el('li', { class: `message ${line.label}`, tabindex: -1 },
    el('span', { class: `sign ${line.label}`, text: say.SIGNS[line.label] }),
    el('span', { class: 'visually-hidden', text: `${line.label}:` }),
    el('span', { class: line.action ? 'body action' : 'body' },
      foreign(line.user_name, 'user'), ' ',
      line.first ? el('span', { class: 'chip', text: 'first message' }) : null,
      line.bits ? el('span', { class: 'chip bits', text: `${say.count(line.bits)} bits` }) : null,
      foreign(line.text, 'said')));
  row.classList.toggle('strong', Math.abs(line.valence) * line.confidence > 0.3);
  lines.set(row, line);
  return row;
}

function mark(row, line, lines) {
  if (line.deleted && !row.classList.contains('deleted')) {
    row.classList.add('deleted');
    const said = row.querySelector('.said');
    const struck = el('del', { class: 'said' });
    struck.append(...said.childNodes);
    said.replaceWith(struck);
    row.querySelector('.body').append(' ', el('span', { class: 'chip gone', text: 'deleted' }));
  }
  lines.set(row, line);
}

function steer(event, list, resume) {
  const row = document.activeElement.closest('.message');
  const target = {
    ArrowUp: row?.previousElementSibling, ArrowDown: row?.nextElementSibling,
    Home: list.firstElementChild, End: list.lastElementChild,
  }[event.key];
  if (event.key === 'Escape') {
    document.activeElement.blur();
    resume();
  }
  if (!target) return;
  event.preventDefault();
  target.focus();
}

// The reason for a row's sign, in a small window beside it.
function explain(list, lines) {
  const box = byId('reason');
  let shownRow = null;

  function open(row) {
    if (row === shownRow) return;
    shownRow?.removeAttribute('aria-describedby');
    shownRow = row;
    box.hidden = !row;
    if (!row) return;
    row.setAttribute('aria-describedby', 'reason');
    box.replaceChildren(...reasonOf(lines.get(row)));
    const [place, size] = [row.getBoundingClientRect(), box.getBoundingClientRect()];
    const beside = place.left - size.width - 10;
    const left = beside > 8 ? beside : Math.max(8, Math.min(place.left + 24, innerWidth - size.width - 8));
    const below = place.bottom + 6 + size.height < innerHeight ? place.bottom + 6 : place.top - size.height - 6;
    const top = beside > 8 ? Math.min(place.top, innerHeight - size.height - 8) : below;
    box.style.left = `${Math.round(left)}px`;
    box.style.top = `${Math.round(Math.max(8, top))}px`;
  }

  list.addEventListener('pointerover', (event) => open(event.target.closest('.message')));
  list.addEventListener('pointerleave', () => open(document.activeElement.closest?.('.message') ?? null));
  list.addEventListener('focusin', (event) => open(event.target.closest('.message')));
  list.addEventListener('focusout', () => open(null));
  list.addEventListener('scroll', () => open(null));
  document.addEventListener('keydown', (event) => event.key === 'Escape' && open(null));
}

function reasonOf(line) {
  const head = el('p', { class: 'verdict' }, el('span', { class: `sign ${line.label}`, text: say.SIGNS[line.label] }),
    el('strong', { text: line.label }), el('span', { text: `${say.signed(line.valence)} · ${say.percent(line.confidence)} confident` }));
  const heaviest = Math.max(0.01, ...line.tokens.map(([, weight]) => Math.abs(weight)));
  const tokens = line.tokens.map(([token, weight]) => {
    const row = el('li', { class: weight < 0 ? 'negative' : 'positive' }, foreign(token, 'term'), el('span', { class: 'fill' }), el('b', { text: say.signed(weight) }));
    bar(row.children[1])(Math.abs(weight) / heaviest);
    return row;
  });
  return [
    head,
    tokens.length ? el('ul', { class: 'tokens' }, ...tokens) : el('p', { class: 'note', text: 'No word or emote decided.' }),
    line.reactions.length ? el('p', { class: 'note', text: `Reactions: ${line.reactions.join(', ')}` }) : null,
    line.flags.length ? el('p', { class: 'note', text: `Flags: ${line.flags.join(', ').replaceAll('_', ' ')}` }) : null,
  ].filter(Boolean);
}
