// The three curves of the last five minutes: pace, hype and mood, each on its own axis and under one crosshair.

import { lineChart, sharedCursor } from './chart.js';
import { byId, el } from './dom.js';
import * as say from './format.js';

const SPAN_S = 300;
const SMOOTH_S = 10; // A single second holds too few messages for a mood.
const Z95 = 1.96;

export function curvesView() {
  const cursor = sharedCursor();
  const shared = { clock: say.clock, cursor, spanS: SPAN_S };
  const pace = curve('curve-rate', 'Messages per second', {
    ...shared, tone: 'rate', range: [0, null], tick: say.count, say: (p) => `${say.count(p.y)} messages`,
  });
  const hype = curve('curve-hype', 'Hype', {
    ...shared, tone: 'hype', range: [0, 100], tick: String, say: (p) => `hype ${Math.round(p.y)}`,
  });
  const mood = curve('curve-mood', `Mood, mean of ${SMOOTH_S} s with its 95 % interval`, {
    ...shared, tone: 'mood', range: [-1, 1], split: true, times: true, tick: (v) => say.signed(v, 0), say: sayMood,
  });

  return ({ frame, seconds }) => {
    const end = Math.max(frame.at_us / 1e6, seconds.length ? seconds[seconds.length - 1].start_s : 0);
    pace(seconds.map((s) => ({ x: s.start_s, y: s.messages })), end);
    hype(seconds.map((s) => ({ x: s.start_s, y: s.hype })), end);
    mood(smoothMood(seconds), end);
  };
}

function curve(id, label, options) {
  const host = byId(id);
  host.append(el('h3', { text: label }));
  return lineChart(host, { label, ...options });
}

function sayMood(point) {
  const interval = point.low === null ? '' : ` (${say.signed(point.low)} to ${say.signed(point.high)})`;
  return `mood ${say.signed(point.y)}${interval}`;
}

// The mean over the last seconds, each weighted by its scored messages; its variance is that of a weighted mean.
export function smoothMood(seconds) {
  return seconds.map((second, i) => {
    let [weight, sum, variance, known] = [0, 0, 0, true];
    for (let j = i; j >= 0 && seconds[j].start_s > second.start_s - SMOOTH_S; j -= 1) {
      const { messages, unsupported, valence, valence_low: low, valence_high: high } = seconds[j];
      if (valence === null) continue;
      const n = Math.max(messages * (1 - unsupported), 1e-9);
      weight += n;
      sum += n * valence;
      known &&= low !== null && high !== null;
      variance += known ? (n * (high - low) / 2 / Z95) ** 2 : 0;
    }
    if (!weight) return { x: second.start_s, y: null, low: null, high: null };
    const [y, spread] = [sum / weight, (Z95 * Math.sqrt(variance)) / weight];
    const inside = (value) => Math.max(-1, Math.min(1, value));
    return { x: second.start_s, y, low: known ? inside(y - spread) : null, high: known ? inside(y + spread) : null };
  });
}
