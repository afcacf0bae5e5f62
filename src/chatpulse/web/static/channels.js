// The channel switcher: one tab per channel with its pace, hype and mood.

import { bar, sparkline } from './chart.js';
import { byId, el, setText, syncList } from './dom.js';
import * as say from './format.js';

const TRACE_FRAMES = 60; // half a minute

export function channelsView(onChoose) {
  const list = byId('channels');
  const traces = new Map();
  let order = []; // as first seen: a tab that moves cannot be clicked

  list.addEventListener('click', (event) => {
    const tab = event.target.closest('[role=tab]');
    if (tab) onChoose(tab.dataset.channel);
  });
  list.addEventListener('keydown', (event) => {
    const tabs = [...list.children];
    const here = tabs.indexOf(document.activeElement);
    const to = { ArrowRight: here + 1, ArrowDown: here + 1, ArrowLeft: here - 1, ArrowUp: here - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined || here < 0) return;
    event.preventDefault();
    const tab = tabs[(to + tabs.length) % tabs.length];
    tab.focus();
    onChoose(tab.dataset.channel);
  });

  return (channels, chosen) => {
    const byName = new Map(channels.map((line) => [line.channel, line]));
    order = [...order.filter((name) => byName.has(name)), ...[...byName.keys()].filter((name) => !order.includes(name))];
    syncList(list, order.map((name) => byName.get(name)), {
      key: (line) => line.channel,
      create: (line) => tabOf(line, traces),
      update: (tab, line) => {
        const isChosen = line.channel === chosen;
        tab.setAttribute('aria-selected', isChosen);
        tab.tabIndex = isChosen ? 0 : -1;
        update(tab, line, traces.get(line.channel));
      },
    });
  };
}

function tabOf(line, traces) {
  const tab = el('button', { class: 'tab', type: 'button', role: 'tab', 'aria-controls': 'board', 'data-channel': line.channel },
    el('span', { class: 'trace', 'aria-hidden': 'true' }),
    el('span', { class: 'name', text: line.channel }),
    el('span', { class: 'pace' }),
    el('span', { class: 'mood' }),
    el('span', { class: 'fill tone-hype' }));
  const [trace, , , , fill] = tab.children;
  traces.set(line.channel, { values: [], spark: sparkline(trace, { top: 2 }), hype: bar(fill) });
  return tab;
}

function update(tab, line, trace) {
  trace.values = [...trace.values, line.messages_per_s].slice(-TRACE_FRAMES);
  trace.spark(trace.values);
  trace.hype(line.hype / 100);
  const [, , pace, mood] = tab.children;
  setText(pace, `${say.rate(line.messages_per_s)}/s`);
  const tone = line.valence === null ? 'neutral' : say.moodTone(line.valence);
  mood.className = `mood sign ${tone}`;
  setText(mood, say.SIGNS[tone]);
  mood.setAttribute('aria-label', line.valence === null ? 'no mood' : say.moodWord(line.valence));
  mood.setAttribute('role', 'img');
  tab.title = `${line.channel}: ${say.rate(line.messages_per_s)} messages a second, hype ${Math.round(line.hype)}`;
}
