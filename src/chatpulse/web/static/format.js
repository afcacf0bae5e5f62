// Numbers and times as people read them.

const EPOCH_S = 1e9; // Times below count from the start of a recording, not from 1970.
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const clockFormat = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const dateFormat = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

export const count = (n) => whole.format(n);

// One decimal where it says something.
export const rate = (n) => (n < 100 ? n.toFixed(1) : whole.format(n));

export const percent = (share) => `${Math.round(share * 100)} %`;

// With its sign, and a minus that is as wide as the plus.
export function signed(n, digits = 2) {
  const text = Math.abs(n).toFixed(digits);
  if (Number(text) === 0) return text;
  return (n < 0 ? '−' : '+') + text;
}

export function clock(seconds) {
  if (seconds >= EPOCH_S) return clockFormat.format(new Date(seconds * 1000));
  const s = Math.max(0, Math.floor(seconds));
  const two = (n) => String(n).padStart(2, '0');
  return `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
}

export function date(seconds) {
  return seconds >= EPOCH_S ? dateFormat.format(new Date(seconds * 1000)) : `${clock(seconds)} into the recording`;
}

// How long before the newest chat, which need not be now: the page also shows recordings and stored chat.
export function ago(seconds) {
  if (seconds < 60) return `${Math.floor(Math.max(0, seconds))} s`;
  return seconds < 3600 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3600)} h`;
}

const MOODS = [[0.35, 'happy'], [0.12, 'upbeat'], [-0.12, 'mixed'], [-0.35, 'tense'], [-Infinity, 'unhappy']];
const HYPES = [[75, 'wild'], [50, 'hyped'], [25, 'lively'], [8, 'steady'], [-Infinity, 'quiet']];

export const moodWord = (valence) => MOODS.find(([from]) => valence >= from)[1];
export const hypeWord = (hype) => HYPES.find(([from]) => hype >= from)[1];
export const moodTone = (valence) => (valence >= 0.12 ? 'positive' : valence <= -0.12 ? 'negative' : 'neutral');

export const SIGNS = { positive: '+', negative: '−', neutral: '·', unsure: '?' };
