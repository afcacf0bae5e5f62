// The row of numbers: what is true now.

import { balance, bar } from './chart.js';
import { byId, el, setText, syncList } from './dom.js';
import * as say from './format.js';

const COUNTS = [
  ['subs', 'subs'], ['gifts', 'gifts'], ['bits', 'bits'], ['raids', 'raids'], ['timeouts', 'timeouts'],
  ['bans', 'bans'], ['deletions', 'deleted'], ['questions', 'questions'],
];

export function numbersView() {
  const hypeMeter = bar(byId('hype-meter'));
  const moodMeter = balance(byId('mood-meter'));
  const unsureMeter = bar(byId('unsure-meter'));

  return ({ frame, seconds }) => {
    const { ten, sixty } = frame;
    setText(byId('rate'), ten ? say.rate(ten.messages / ten.size_s) : '–');
    setText(byId('rate-note'), seconds.length ? `peak ${say.count(Math.max(...seconds.map((s) => s.messages)))}/s` : 'last 10 s');
    setText(byId('chatters'), sixty ? say.count(sixty.chatters) : '–');
    setText(byId('chatters-note'), sixty ? `${say.count(sixty.first_chatters)} new here` : '');
    setText(byId('hype'), ten ? String(Math.round(ten.hype)) : '–');
    setText(byId('hype-word'), ten ? say.hypeWord(ten.hype) : '');
    hypeMeter((ten?.hype ?? 0) / 100);
    showMood(sixty, moodMeter);
    setText(byId('unsure'), sixty ? say.percent(sixty.unsure) : '–');
    setText(byId('unsure-note'), sixty?.unsupported ? `${say.percent(sixty.unsupported)} not scored` : '');
    unsureMeter(sixty?.unsure ?? 0);
    showCounts(sixty);
  };
}

function showMood(sixty, meter) {
  const value = sixty?.valence ?? null;
  const [low, high] = [sixty?.valence_low ?? null, sixty?.valence_high ?? null];
  setText(byId('mood'), value === null ? '–' : say.signed(value));
  setText(byId('mood-interval'), low === null || high === null ? '' : `${say.signed(low)} to ${say.signed(high)}`);
  setText(byId('mood-word'), value === null ? 'nothing scored' : say.moodWord(value));
  byId('mood-tile').className = `tile tone-${value === null ? 'neutral' : say.moodTone(value)}`;
  meter({ value, low, high });
}

function showCounts(sixty) {
  syncList(byId('counts'), COUNTS, {
    key: ([field]) => field,
    create: ([field, word]) => el('div', {}, el('dt', { text: word }), el('dd', { id: `count-${field}` })),
    update: (row, [field]) => {
      const n = sixty?.[field] ?? 0;
      setText(row.lastChild, say.count(n));
      row.classList.toggle('none', n === 0);
    },
  });
}
