// The WebSocket: frames in, the wanted channel out, and again when it breaks.

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;
const QUIET_MS = 3_000; // Frames come twice a second, so a few seconds without one is a broken line.

// `onFrame(frame)` for each frame; `onState({open, retryAt})` when the line opens, breaks or goes quiet.
export function connect({ channel, onFrame, onState }) {
  let socket = null;
  let wanted = channel;
  let waitMs = FIRST_WAIT_MS;
  let timer = 0;
  let quiet = 0;
  let refused = false;

  function open() {
    clearTimeout(timer);
    // A channel that is no longer there is refused: then any channel first, and ours if the frame lists it.
    const asked = refused ? '' : wanted;
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const mine = new WebSocket(`${scheme}://${location.host}/ws?channel=${encodeURIComponent(asked)}`);
    let heard = false;
    socket = mine;
    listen();
    mine.onopen = () => {
      // Somebody may have chosen another channel while the line was opening.
      if (asked !== wanted && !refused) show(wanted);
    };
    mine.onmessage = (event) => {
      if (mine !== socket) return;
      listen();
      heard = true;
      waitMs = FIRST_WAIT_MS;
      onState({ open: true, retryAt: 0 });
      const frame = JSON.parse(event.data);
      if (refused) settle(frame);
      wanted ||= frame.channel;
      // A frame of the channel that was left may still be under way.
      if (frame.channel === wanted) onFrame(frame);
    };
    mine.onclose = () => {
      if (mine !== socket) return;
      refused = !heard && !refused;
      if (!heard) askForToken();
      retry();
    };
  }

  // A browser does not say why it got no WebSocket. Without a good token the page itself asks for one.
  function askForToken() {
    fetch('/api/channels').then((answer) => answer.status === 401 && location.reload(), () => {});
  }

  function settle(frame) {
    refused = false;
    if (frame.channels.some((line) => line.channel === wanted)) show(wanted);
    else wanted = '';
  }

  function show(name) {
    wanted = name;
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ channel: name }));
  }

  function listen() {
    clearTimeout(quiet);
    quiet = setTimeout(() => {
      const silent = socket;
      socket = null;
      silent?.close();
      retry();
    }, QUIET_MS);
  }

  function retry() {
    clearTimeout(quiet);
    clearTimeout(timer);
    // Half of the wait is chance, so that many pages do not come back at once.
    const thisWaitMs = waitMs * (0.5 + Math.random() / 2);
    waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
    timer = setTimeout(open, thisWaitMs);
    onState({ open: false, retryAt: Date.now() + thisWaitMs });
  }

  function now() {
    const left = socket;
    waitMs = FIRST_WAIT_MS;
    open();
    left?.close();
  }

  window.addEventListener('online', now);
  open();

  return { retryNow: now, show };
}
