// The cards that list things: reactions, trends, events, copypasta, questions.

import { bar, sparkline } from './chart.js';
import { byId, el, foreign, setText, syncList } from './dom.js';
import * as say from './format.js';
import { icon, kindOf } from './icons.js';

const REACTIONS = ['hype', 'laughter', 'love', 'shock', 'anger', 'sadness', 'boredom', 'question'];
const BIN_S = 10;
const BINS = 30;
const NO_BASELINE = 'no baseline yet';

export function reactionsView() {
  const draws = new Map();
  return ({ frame: { sixty }, seconds }) => {
    const counts = sixty?.reactions ?? {};
    const most = Math.max(1, ...REACTIONS.map((name) => counts[name] ?? 0));
    syncList(byId('reactions'), REACTIONS, {
      key: (name) => name,
      create: (name) => {
        const row = el('li', { class: `reaction ${name}` },
          el('span', { class: 'name', text: name }), el('span', { class: 'fill' }),
          el('span', { class: 'trace' }), el('b', { id: `reaction-${name}` }), el('span', { class: 'share' }));
        draws.set(name, { bar: bar(row.children[1]), trace: sparkline(row.children[2], { top: 3 }) });
        return row;
      },
      update: (row, name) => {
        const n = counts[name] ?? 0;
        draws.get(name).bar(n / most);
        draws.get(name).trace(bins(seconds, name));
        setText(row.children[3], say.count(n));
        setText(row.children[4], sixty?.messages ? say.percent(n / sixty.messages) : '');
        row.classList.toggle('none', n === 0);
      },
    });
  };
}

// A channel that is new here: nothing is known about what is usual.
const isNew = (trend) => trend.lift === null;

export function trendsView() {
  const show = (id, trends) => {
    const most = Math.max(1, ...trends.map((trend) => trend.count));
    syncList(byId(id), trends, {
      key: (trend) => trend.term,
      create: (trend) => {
        const row = el('li', {}, foreign(trend.term, 'term'), el('span', { class: 'fill' }), el('b'), el('span', { class: 'lift' }));
        row.draw = bar(row.children[1]);
        return row;
      },
      update: (row, trend) => {
        row.draw(trend.count / most);
        setText(row.children[2], say.count(trend.count));
        setText(row.children[3], isNew(trend) ? '' : `${trend.lift < 10 ? trend.lift.toFixed(1) : say.count(trend.lift)}×`);
        row.classList.toggle('rising', !isNew(trend) && trend.lift >= 1.5);
        const usual = isNew(trend) ? NO_BASELINE : `${trend.expected.toFixed(1)} expected`;
        row.title = `${say.count(trend.count)} messages in 60 s, ${usual}`;
      },
    });
  };
  return ({ frame }) => {
    show('emotes', frame.emotes);
    show('words', frame.words);
    const young = [...frame.emotes, ...frame.words].some(isNew);
    setText(byId('trends-span'), young ? `60 s, ${NO_BASELINE}` : '60 s against what is usual here');
    for (const unit of document.querySelectorAll('.trends h3 small')) setText(unit, young ? 'messages' : 'messages, × usual');
  };
}

export function eventsView() {
  return ({ frame, feed }) => syncList(byId('events'), [...feed].reverse(), {
    key: (item) => item.id,
    create: (item) => {
      const { word, path, tone } = kindOf(item.kind);
      return el('li', { class: `event ${tone}`, title: word }, icon(path),
        el('span', { class: 'what' }, el('span', { class: 'visually-hidden', text: `${word}: ` }), foreign(item.text || `${word} ${item.user_name}`, 'said')),
        el('time'));
    },
    update: (row, item) => setText(row.lastChild, say.ago((frame.at_us - item.ts_us) / 1e6)),
  });
}

export function wavesView() {
  return ({ frame }) => syncList(byId('waves'), frame.waves, {
    key: (wave) => wave.key,
    create: (wave) => el('li', {}, foreign(wave.text, 'said'), el('p', { class: 'note' })),
    update: (row, wave) => {
      const pace = wave.per_s > 0 ? `${say.rate(wave.per_s)} per second` : `over since ${say.ago((frame.at_us - wave.last_us) / 1e6)}`;
      setText(row.lastChild, `${say.count(wave.count)} × by ${say.count(wave.users)} people · ${pace}`);
      row.classList.toggle('over', wave.per_s <= 0);
    },
  });
}

export function questionsView() {
  return ({ frame }) => syncList(byId('questions'), frame.questions, {
    key: (line) => line.id,
    create: (line) => el('li', {}, foreign(line.user_name, 'user'), ' ', foreign(line.text, 'said'), el('time')),
    update: (row, line) => setText(row.lastChild, say.ago((frame.at_us - line.ts_us) / 1e6)),
  });
}

// Sums of 10 s, oldest first.
function bins(seconds, name) {
  const sums = new Array(BINS).fill(0);
  const end = seconds.length ? seconds[seconds.length - 1].start_s : 0;
  for (const second of seconds) {
    const place = BINS - 1 - Math.floor((end - second.start_s) / BIN_S);
    if (place >= 0) sums[place] += second.reactions[name] ?? 0;
  }
  return sums;
}
