// What the page knows about the channel it shows: frames in, one picture out, never larger than its caps.

export const MAX_SECONDS = 300;
export const MAX_MESSAGES = 100;
export const MAX_EVENTS = 60;

export function emptyPicture() {
  return { frame: null, seconds: [], messages: [], feed: [] };
}

// The picture after a frame. A frame that holds everything starts it anew.
export function merge(picture, frame) {
  const isStart = frame.after === 0 || picture.frame?.channel !== frame.channel;
  const before = isStart ? emptyPicture() : picture;
  const deleted = new Set(frame.deleted);
  const messages = joinById(before.messages, frame.messages, MAX_MESSAGES).map((message) =>
    deleted.has(message.id) && !message.deleted ? { ...message, deleted: true } : message,
  );
  return {
    frame,
    seconds: joinSeconds(before.seconds, frame.seconds),
    messages,
    feed: joinById(before.feed, frame.feed, MAX_EVENTS),
  };
}

function joinById(old, added, cap) {
  if (!added.length) return old;
  const byId = new Map(old.map((item) => [item.id, item]));
  for (const item of added) byId.set(item.id, item);
  return [...byId.values()].slice(-cap);
}

function joinSeconds(old, added) {
  if (!added.length) return old;
  const byStart = new Map(old.map((second) => [second.start_s, second]));
  for (const second of added) byStart.set(second.start_s, second);
  const joined = [...byStart.values()].sort((a, b) => a.start_s - b.start_s);
  const from = joined[joined.length - 1].start_s - MAX_SECONDS;
  return joined.filter((second) => second.start_s > from);
}
