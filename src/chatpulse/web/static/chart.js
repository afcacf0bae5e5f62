// The one chart module: lines with a band, bars, meters and sparklines as SVG.
//
// Colours and strokes are CSS classes. A chart is drawn at its size in pixels, so text stays crisp, and redrawn when
// that changes. X ascends; a null value or a hole of more than `gapS` seconds interrupts a line.

import { el, setAttributes, setText, svgEl } from './dom.js';

const PAD = { left: 34, right: 8, top: 6, bottom: 4, times: 20 };

// One crosshair for charts over the same time: moving it in one moves it in all.
export function sharedCursor() {
  const charts = [];
  return {
    x: null,
    join: (chart) => charts.push(chart),
    move(x) {
      this.x = x;
      for (const chart of charts) chart();
    },
  };
}

// A curve over the last `spanS` seconds.
//   tone: CSS class of the colours; split: the axis at 0 divides two tones
//   range: [low, high], high null to follow the data; tick: value -> text of the axis; say: point -> text
//   times: whether minutes stand below; clock: seconds -> text
// Returns draw(points, end): points {x, y, low, high} with x in seconds, `end` the right edge.
export function lineChart(host, { label, tone, range, tick, say, clock, cursor, spanS, split = false, times = false, gapS = 10 }) {
  const svg = svgEl('svg', { class: `chart tone-${tone}`, tabindex: 0, role: 'slider', 'aria-label': label });
  const grid = svgEl('g', { class: 'grid' });
  const halves = split ? [half('positive'), half('negative')] : [half('whole')];
  const cross = svgEl('g', { class: 'cross' }, svgEl('line'), svgEl('circle', { r: 4 }));
  const tip = el('div', { class: 'tip', 'aria-hidden': 'true' });
  svg.append(grid, ...halves.map((part) => part.svg), cross);
  host.append(svg, tip);
  let [points, end, size, scale] = [[], 0, { width: 0, height: 0 }, null];

  function draw(newPoints, newEnd) {
    [points, end] = [newPoints, newEnd];
    if (!size.width || !size.height) return;
    scale = scales(points, end, size, { range, spanS, bottom: times ? PAD.times : PAD.bottom });
    drawGrid(grid, scale, { tick, times, spanS });
    const runs = unbroken(points, end - spanS, gapS);
    const shapes = {
      band: runs.map((run) => band(run, scale)).join(''),
      area: split ? '' : runs.map((run) => area(run, scale)).join(''),
      line: runs.map((run) => line(run, scale)).join(''),
    };
    halves.forEach((part, i) => part.draw(shapes, scale, split ? i : null));
    drawCross();
  }

  function drawCross() {
    const shown = cursor.x === null ? null : nearest(points, cursor.x);
    const last = points.findLast((point) => point.y !== null);
    const spoken = shown ?? last;
    // A screen reader reads every change of what has the focus: there only the crosshair changes it, not time.
    if (shown || svg !== document.activeElement) {
      setAttributes(svg, {
        'aria-valuemin': Math.round(end - spanS), 'aria-valuemax': Math.round(end),
        'aria-valuenow': Math.round(spoken?.x ?? end),
        'aria-valuetext': spoken ? `${clock(spoken.x)}: ${say(spoken)}` : 'no data',
      });
    }
    const visible = Boolean(shown && scale);
    cross.classList.toggle('on', visible);
    tip.classList.toggle('on', visible);
    if (!visible) return;
    const [x, y] = [scale.left + scale.x(shown.x), scale.top + scale.y(shown.y)];
    setAttributes(cross.children[0], { x1: x, x2: x, y1: scale.top, y2: scale.top + scale.height });
    setAttributes(cross.children[1], { cx: x, cy: y });
    setText(tip, `${say(shown)} at ${clock(shown.x)}`);
    const room = Math.max(0, size.width - tip.offsetWidth - 12);
    tip.style.transform = `translate(${Math.round(Math.min(x + 10, room))}px, ${Math.round(scale.top)}px)`;
  }

  const time = (event) => scale.start + ((event.clientX - svg.getBoundingClientRect().left - scale.left) / scale.width) * spanS;
  svg.addEventListener('pointermove', (event) => scale && cursor.move(time(event)));
  svg.addEventListener('pointerdown', (event) => scale && cursor.move(time(event)));
  svg.addEventListener('pointerleave', () => cursor.move(null));
  svg.addEventListener('blur', () => cursor.move(null));
  svg.addEventListener('keydown', (event) => {
    const next = steered(event, points, cursor.x);
    if (next === undefined) return;
    event.preventDefault();
    cursor.move(next);
  });
  cursor.join(drawCross);
  new ResizeObserver(([entry]) => {
    size = entry.contentRect;
    setAttributes(svg, { viewBox: `0 0 ${size.width} ${size.height}` });
    draw(points, end);
  }).observe(svg);
  return draw;
}

// A bar from the left; `share` from 0 to 1.
export function bar(host) {
  const filled = svgEl('rect', { class: 'filled', height: '100%', width: 0, rx: 3 });
  host.append(svgEl('svg', { class: 'bar', 'aria-hidden': 'true' }, svgEl('rect', { class: 'track', width: '100%', height: '100%', rx: 3 }), filled));
  return (share) => setAttributes(filled, { width: `${(Math.max(0, Math.min(1, share)) * 100).toFixed(1)}%` });
}

// A value with its interval on a scale from -1 to 1, zero in the middle.
export function balance(host) {
  const percent = (value) => `${((value + 1) * 50).toFixed(2)}%`;
  const interval = svgEl('rect', { class: 'interval off', height: '100%', rx: 3 });
  const mark = svgEl('rect', { class: 'mark off', height: '100%', width: 4, rx: 2, transform: 'translate(-2)' });
  host.append(svgEl('svg', { class: 'bar', 'aria-hidden': 'true' },
    svgEl('rect', { class: 'track', width: '100%', height: '100%', rx: 3 }),
    svgEl('rect', { class: 'zero', x: '50%', width: 1, height: '100%' }), interval, mark));
  return ({ value, low, high }) => {
    mark.classList.toggle('off', value === null);
    interval.classList.toggle('off', value === null || low === null || high === null);
    if (value === null) return;
    setAttributes(mark, { x: percent(value) });
    if (low !== null && high !== null) setAttributes(interval, { x: percent(low), width: `${((high - low) * 50).toFixed(2)}%` });
  };
}

// A small curve without axes; `top` the least value at its upper edge.
export function sparkline(host, { top = 1 } = {}) {
  const path = svgEl('path', { class: 'line' });
  const fill = svgEl('path', { class: 'area' });
  host.append(svgEl('svg', { class: 'spark', viewBox: '0 0 100 24', preserveAspectRatio: 'none', 'aria-hidden': 'true' }, fill, path));
  return (values) => {
    const highest = Math.max(top, ...values) * 1.1;
    const step = 100 / Math.max(1, values.length - 1);
    const d = values.map((value, i) => `${i ? 'L' : 'M'}${(i * step).toFixed(1)} ${(23 - (value / highest) * 22).toFixed(1)}`).join('');
    setAttributes(path, { d });
    setAttributes(fill, { d: d && `${d}V24H0Z` });
  };
}

function half(name) {
  const [bandPath, areaPath, linePath] = ['band', 'area', 'line'].map((kind) => svgEl('path', { class: kind }));
  const inner = svgEl('g', {}, bandPath, areaPath, linePath);
  const svg = svgEl('svg', { class: `plot ${name}` }, inner);
  return {
    svg,
    // `part` 0 is above zero, 1 below, null all: the nested svg clips.
    draw(shapes, scale, part) {
      const zero = scale.y(0);
      const [from, to] = part === null ? [0, scale.height] : part === 0 ? [0, zero] : [zero, scale.height];
      setAttributes(svg, { x: scale.left, y: scale.top + from, width: scale.width, height: Math.max(0, to - from) });
      setAttributes(inner, { transform: `translate(0 ${-from})` });
      setAttributes(bandPath, { d: shapes.band });
      setAttributes(areaPath, { d: shapes.area });
      setAttributes(linePath, { d: shapes.line });
    },
  };
}

function scales(points, end, size, { range, spanS, bottom }) {
  const [low, fixed] = range;
  const highest = Math.max(0, ...points.map((point) => point.high ?? point.y ?? 0));
  const high = fixed ?? roundUp(Math.max(highest, 4));
  const width = Math.max(1, size.width - PAD.left - PAD.right);
  const height = Math.max(1, size.height - PAD.top - bottom);
  const start = end - spanS;
  return {
    left: PAD.left, top: PAD.top, width, height, start, low, high,
    x: (x) => ((x - start) / spanS) * width,
    y: (y) => (1 - (y - low) / (high - low)) * height,
  };
}

// The next of 1, 2, 4, 6, 8 times a power of ten: a scale that seldom jumps and halves well.
function roundUp(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 6, 8, 10].find((step) => step * power >= value) * power;
}

function drawGrid(grid, scale, { tick, times, spanS }) {
  const key = [scale.width, scale.height, scale.low, scale.high].join();
  if (grid.dataset.key === key) return;
  grid.dataset.key = key;
  const values = [scale.low, (scale.low + scale.high) / 2, scale.high];
  const minutes = Array.from({ length: Math.floor(spanS / 60) + 1 }, (_, i) => i);
  const parts = [];
  for (const value of values) {
    const y = scale.top + scale.y(value);
    parts.push(svgEl('line', { x1: scale.left, x2: scale.left + scale.width, y1: y, y2: y }));
    parts.push(svgEl('text', { x: scale.left - 6, y: y + 3.5, class: 'tick', text: tick(value) }));
  }
  for (const minute of minutes) {
    const x = scale.left + scale.width - (minute * 60 * scale.width) / spanS;
    parts.push(svgEl('line', { x1: x, x2: x, y1: scale.top, y2: scale.top + scale.height, class: 'minute' }));
    if (!times) continue;
    const place = minute === 0 ? 'end' : 'mid';
    parts.push(svgEl('text', { x, y: scale.top + scale.height + 15, class: `time ${place}`, text: minute ? `−${minute} min` : 'latest' }));
  }
  grid.replaceChildren(...parts);
}

function unbroken(points, start, gapS) {
  const runs = [];
  let run = null;
  for (const point of points) {
    if (point.x < start) continue;
    if (point.y === null) {
      run = null;
      continue;
    }
    if (!run || point.x - run[run.length - 1].x > gapS) runs.push((run = []));
    run.push(point);
  }
  return runs;
}

const at = (scale, point, value) => `${scale.x(point.x).toFixed(1)} ${scale.y(value).toFixed(1)}`;

function line(run, scale) {
  // A lone point becomes a dot: a line of no length with round ends.
  return run.map((point, i) => `${i ? 'L' : 'M'}${at(scale, point, point.y)}`).join('') + (run.length === 1 ? 'h.01' : '');
}

function area(run, scale) {
  const base = scale.y(Math.max(0, scale.low)).toFixed(1);
  return `${line(run, scale)}V${base}H${scale.x(run[0].x).toFixed(1)}Z`;
}

function band(run, scale) {
  const bounded = run.filter((point) => point.low !== null && point.low !== undefined);
  if (bounded.length < 2) return '';
  const upper = bounded.map((point) => at(scale, point, point.high));
  const lower = bounded.map((point) => at(scale, point, point.low)).reverse();
  return `M${[...upper, ...lower].join('L')}Z`;
}

function nearest(points, x) {
  let best = null;
  for (const point of points) {
    if (point.y !== null && (!best || Math.abs(point.x - x) < Math.abs(best.x - x))) best = point;
  }
  return best;
}

// Where a key moves the crosshair: seconds, null to put it away, undefined for a key that is not ours.
function steered(event, points, x) {
  const first = points[0]?.x ?? null;
  const last = points[points.length - 1]?.x ?? null;
  const step = event.shiftKey ? 10 : 1;
  const from = x ?? last;
  switch (event.key) {
    case 'ArrowLeft': return from === null ? null : Math.max(first, Math.round(from) - step);
    case 'ArrowRight': return from === null ? null : Math.min(last, Math.round(from) + step);
    case 'Home': return first;
    case 'End': return last;
    case 'Escape': return null;
    default: return undefined;
  }
}
