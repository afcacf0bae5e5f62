// What the page knows about the channel it shows: frames in, one picture out, never larger than its caps.

export const MAX_SECONDS = 300;
export const MAX_MESSAGES = 100;
export const MAX_EVENTS = 60;
export const MAX_DELETED = 500; // More than the rows that may stand on the page.

export function emptyPicture() {
  return { frame: null, seconds: [], messages: [], feed: [], deleted: new Set() };
}

// The picture after a frame. A frame that holds everything starts it anew.
export function merge(picture, frame) {
  const isStart = frame.after === 0 || picture.frame?.channel !== frame.channel;
  const before = isStart ? emptyPicture() : picture;
  const deleted = new Set([...before.deleted, ...frame.deleted].slice(-MAX_DELETED));
  return {
    frame,
    seconds: joinSeconds(before.seconds, frame.seconds),
    messages: joinById(before.messages, frame.messages, MAX_MESSAGES).map((line) => withdrawn(line, deleted)),
    feed: joinById(before.feed, frame.feed, MAX_EVENTS),
    deleted,
  };
}

// A message as it stands after these were removed.
export function withdrawn(line, deleted) {
  return deleted.has(line.id) && !line.deleted ? { ...line, deleted: true } : line;
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
