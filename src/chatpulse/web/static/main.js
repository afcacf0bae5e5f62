// Joins the parts: a connection brings frames, the store keeps a picture of them, the views draw it.

import { channelsView } from './channels.js';
import { chatView } from './chat.js';
import { connect } from './connection.js';
import { curvesView } from './curves.js';
import { byId } from './dom.js';
import * as say from './format.js';
import { eventsView, questionsView, reactionsView, trendsView, wavesView } from './lists.js';
import { numbersView } from './numbers.js';
import { statusView } from './status.js';
import { emptyPicture, merge } from './store.js';

const views = [
  numbersView(), curvesView(), chatView(), reactionsView(), trendsView(), eventsView(), wavesView(), questionsView(),
];
const showChannels = channelsView(choose);
const status = statusView(() => line.retryNow());
let picture = emptyPicture();
let chosen = namedInAddress();

const line = connect({
  channel: chosen,
  onFrame(frame) {
    picture = merge(picture, frame);
    chosen = frame.channel;
    status.frame(frame);
    draw();
  },
  onState(state) {
    status.line(state);
    if (!state.open) document.title = 'disconnected · chatpulse';
  },
});

function choose(channel) {
  if (!channel || channel === chosen) return;
  chosen = channel;
  history.replaceState(null, '', `#${encodeURIComponent(channel)}`);
  if (picture.frame) showChannels(picture.frame.channels, chosen);
  line.show(channel);
}

function draw() {
  if (!picture.frame || document.hidden) return;
  showChannels(picture.frame.channels, chosen);
  for (const show of views) show(picture);
  const { ten, channel, mode } = picture.frame;
  const pace = mode === 'stored' ? 'stored' : ten && `${say.rate(ten.messages / ten.size_s)}/s`;
  document.title = [channel, channel && pace, 'chatpulse'].filter(Boolean).join(' · ');
  byId('board').setAttribute('aria-label', channel || 'no channel yet');
}

// The channel behind `#`, empty when there is none or it is garbled.
function namedInAddress() {
  try {
    return decodeURIComponent(location.hash.slice(1)).toLowerCase();
  } catch {
    return '';
  }
}

document.addEventListener('visibilitychange', draw);
window.addEventListener('hashchange', () => choose(namedInAddress()));
// The address names a channel, so the link moves the focus and leaves the address alone.
byId('skip').addEventListener('click', (event) => {
  event.preventDefault();
  byId('chat').focus();
});
