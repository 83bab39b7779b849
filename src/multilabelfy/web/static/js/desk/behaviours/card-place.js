// Where an open card lies: beside the picture where there is room between it and the labels, else over the labels, next to its row. So the
// picture that it is held against stays in view, and no part of the card leaves the window: what does not fit in it scrolls.

const EDGE = 8; // pixels to the window's edge, and to what the card lies beside
const NEAR = 4; // to its row
const WIDEST = 760;
const LOW = 230; // with less room the card covers its own row, too

// Put the card of a row of a sheet there.
export function placeCard(card, row, sheet) {
  const [panel, foot] = [".panel", ".go"].map((part) => boxOf(sheet.querySelector(part)));
  const pictures = Number(row.querySelector("img.strip")?.dataset.n ?? 0);
  const at = placeOf({ row: boxOf(row), picture: drawn(sheet.querySelector("img.judged")), panel, foot, pictures }, windowNow());
  card.style.inset = `${px(at.top)} auto ${px(at.bottom)} ${px(at.x)}`;
  card.style.width = px(at.width);
  card.style.maxHeight = px(at.height);
}

// The card's left edge and its width, its top or its bottom (from the window's), and the height that it may have. It grows away from that one
// edge, so that what comes later moves nothing. Told are the boxes of its row, of the picture as it is drawn, of the panel that holds the rows
// and of what stays in view below them, and the number of reference pictures.
export function placeOf({ row, picture, panel, foot, pictures }, view) {
  const between = panel.left >= picture.right ? [picture.right, panel.left] : [panel.right, picture.left];
  const room = between[1] - between[0] - 2 * EDGE;
  if (room >= leastFor(pictures)) return { ...besidePicture(between, Math.min(room, WIDEST), panel), ...alongRow(row, view) };
  const sides = sideways(panel, view);
  const isBelow = room < -2 * EDGE; // a narrow window: the picture lies above the labels, and stays there
  const top = Math.max(isBelow ? picture.bottom : panel.top - EDGE, 0) + EDGE;
  const bottom = (isBelow ? Math.min(foot.top, view.height) : view.height) - EDGE;
  if (bottom - top >= LOW) return { ...sides, ...nextToRow(row, top, bottom, view) };
  return { ...sides, ...nextToRow(row, EDGE, view.height - EDGE, view) };
}

// In less, its reference pictures would be smaller than in the row.
function leastFor(pictures) {
  return 160 + 160 * Math.min(Math.max(pictures, 1), 3);
}

function besidePicture([from, to], width, panel) {
  return { width, x: panel.left >= to ? to - EDGE - width : from + EDGE };
}

function sideways(panel, view) {
  const x = Math.max(EDGE, panel.left);
  return { x, width: Math.min(panel.right, view.width - EDGE) - x };
}

// From the row's own edge away to the farther end of the window.
function alongRow(row, view) {
  const [top, end] = [within(row.top, view), within(row.bottom, view)];
  if (view.height - top >= end) return { top, bottom: null, height: view.height - EDGE - top };
  return { top: null, bottom: view.height - end, height: end - EDGE };
}

// On the side of the row with more room, or over it where neither has enough.
function nextToRow(row, top, bottom, view) {
  const below = bottom - Math.max(row.bottom + NEAR, top);
  const above = Math.min(row.top - NEAR, bottom) - top;
  if (Math.max(below, above) < LOW) return { top, bottom: null, height: bottom - top };
  if (below >= above) return { top: bottom - below, bottom: null, height: below };
  return { top: null, bottom: view.height - top - above, height: above };
}

function within(y, view) {
  return Math.min(Math.max(y, EDGE), view.height - EDGE);
}

function boxOf(element) {
  return element.getBoundingClientRect();
}

function windowNow() {
  const { clientWidth: width, clientHeight: height } = document.documentElement;
  return { width, height };
}

// What an image shows of itself: its box may be larger.
function drawn(image) {
  const box = boxOf(image);
  const scale = Math.min(box.width / image.naturalWidth, box.height / image.naturalHeight) || 1;
  const [width, height] = [image.naturalWidth * scale, image.naturalHeight * scale];
  const [left, top] = [box.left + (box.width - width) / 2, box.top + (box.height - height) / 2];
  return { left, top, right: left + width, bottom: top + height };
}

function px(length) {
  return length === null ? "auto" : `${length}px`;
}
