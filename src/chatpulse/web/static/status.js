// What the page says about itself: where its chat comes from, whether all is well, whether it is still told anything.

import { byId, el, setText, syncList } from './dom.js';
import * as say from './format.js';

const MODES = { live: 'Live', demo: 'Demo: simulated chat', replay: 'Replay of a recording' };

// Returns {frame, line}: what to call with each frame, and with each change of the connection.
export function statusView(onRetry) {
  const banner = byId('banner');
  const wait = el('span', { 'aria-hidden': 'true' });
  const button = el('button', { type: 'button', text: 'Try now' });
  button.addEventListener('click', onRetry);
  let frame = null;
  let line = { open: true, retryAt: 0 };

  function render() {
    showMode(frame, line.open);
    document.body.classList.toggle('stale', !line.open);
    const failing = frame?.health.status === 'failing';
    const kind = line.open ? (failing ? `failing ${frame.health.reason}` : '') : 'offline';
    setText(wait, line.open ? '' : ` Trying again ${line.retryAt > Date.now() ? `in ${Math.ceil((line.retryAt - Date.now()) / 1000)} s` : 'now'}. `);
    if (banner.dataset.kind === kind) return;
    banner.dataset.kind = kind;
    banner.className = `banner ${line.open ? 'failing' : 'offline'}`;
    // Emptied first: an alert is read out when its content comes.
    if (!line.open) {
      const upTo = frame ? ` The page shows chat up to ${say.clock(frame.at_us / 1e6)}.` : '';
      banner.replaceChildren(el('strong', { text: 'Disconnected from chatpulse.' }), upTo, wait, button);
    } else {
      banner.replaceChildren(el('strong', { text: 'Something is wrong.' }), ` ${failing ? frame.health.reason : ''}`);
    }
    banner.hidden = !kind;
    showHealth(frame, line.open);
  }

  setInterval(() => line.open || render(), 500);
  return {
    frame(next) {
      frame = next;
      showHealth(frame, line.open);
      render();
    },
    line(next) {
      line = next;
      render();
    },
  };
}

function showMode(frame, isOpen) {
  if (!frame) return;
  const text = frame.mode === 'stored' ? `Stored data up to ${say.date(frame.at_us / 1e6)}` : MODES[frame.mode];
  setText(byId('mode'), isOpen ? text : 'Disconnected');
  byId('mode').dataset.mode = isOpen ? frame.mode : 'none';
}

function showHealth(frame, isOpen) {
  if (!frame) return;
  const { health, totals, mode } = frame;
  const isOk = isOpen && health.status === 'ok';
  const source = mode === 'stored' ? 'not collecting' : health.connected ? 'connected' : 'source not connected';
  const items = [
    ['state', isOpen ? source : 'page disconnected'],
    ['lag', `lag ${health.lag_s.toFixed(1)} s`],
    ['lost', `lost ${say.count(health.lost)}`],
    ['quarantined', `quarantined ${say.count(health.quarantined)}`],
    ['lines', `${say.count(totals.lines ?? 0)} lines`],
    ['scored', `${say.count(totals.scored ?? 0)} scored`],
    ['stored', `${say.count(totals.stored ?? 0)} stored`],
  ];
  syncList(byId('health'), items, {
    key: ([name]) => name,
    create: ([name]) => el('span', { id: `health-${name}`, ...(name === 'state' ? { role: 'status' } : {}) }),
    update: (node, [, text]) => setText(node, text),
  });
  byId('health').classList.toggle('bad', !isOk);
  byId('health-lost').classList.toggle('bad', health.lost > 0);
}
