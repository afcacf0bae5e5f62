// Build and update elements. Text from chat only ever becomes a text node.

const SVG = 'http://www.w3.org/2000/svg';

export const byId = (id) => document.getElementById(id);

// An element with properties (`class`, `text`, anything else as an attribute) and children.
export function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

export function svgEl(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function setAttributes(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
  }
}

// Text of strangers: kept apart from its surroundings, whatever direction it runs in.
export function foreign(text, className) {
  return el('bdi', { class: className, text });
}

const rowsOf = new WeakMap();

// Make a list show `items`, in order, one row per key; rows that stay are never touched beyond `update`.
export function syncList(list, items, { key, create, update = () => {} }) {
  const before = rowsOf.get(list) ?? new Map();
  const after = new Map();
  for (const item of items) {
    const id = key(item);
    if (after.has(id)) continue;
    const row = before.get(id) ?? create(item);
    update(row, item);
    after.set(id, row);
  }
  for (const [id, row] of before) if (!after.has(id)) row.remove();
  let place = list.firstElementChild;
  for (const row of after.values()) {
    if (row === place) place = place.nextElementSibling;
    else list.insertBefore(row, place);
  }
  rowsOf.set(list, after);
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === 'text') node.textContent = value;
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}
