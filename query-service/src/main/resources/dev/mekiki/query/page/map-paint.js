// How centers are drawn: their size by the number of images, their colour by partition, labels where
// there is room. Of the map these functions need `place(center)` and `element`.

const LABELS = 40;
const LABEL_LENGTH = 28;
const FONT = '12px system-ui, sans-serif';

/** The colours that the style sheet gives an element. */
export function coloursOf(element) {
  const style = getComputedStyle(element);
  const colour = (name) => style.getPropertyValue(`--map-${name}`);
  return {
    ink: colour('ink'), paper: colour('paper'), empty: colour('empty'), light: colour('light'), arc: colour('arc'),
    exact: colour('exact'), saturation: colour('saturation'), lightness: colour('lightness'),
  };
}

/**
 * Draws all centers, those of one colour at once.
 *
 * @param {boolean} isRough whether small ones become squares, without labels: several times as fast
 */
export function paintCenters(context, centers, images, map, isRough) {
  const colours = coloursOf(map.element);
  const byColour = new Map();
  centers.forEach(({partitions}, center) => {
    const isEmpty = images.length > 0 && !images[center];
    const colour = isEmpty ? colours.empty : hue(partitions[0], colours);
    if (!byColour.has(colour)) {
      byColour.set(colour, []);
    }
    byColour.get(colour).push(center);
  });
  context.globalAlpha = 0.86;
  for (const [colour, ofColour] of byColour) {
    context.fillStyle = colour;
    context.beginPath();
    for (const center of ofColour) {
      const {x, y, radius} = map.place(center);
      if (radius < (isRough ? 6 : 2)) {
        context.rect(x - radius, y - radius, 2 * radius, 2 * radius);
      } else {
        context.moveTo(x + radius, y);
        context.arc(x, y, radius, 0, 2 * Math.PI);
      }
    }
    context.fill();
  }
  context.globalAlpha = 1;
  if (!isRough) {
    paintLabels(context, centers, images, map, colours);
  }
}

/** Of the largest centers whose labels do not cover each other. */
function paintLabels(context, centers, images, map, colours) {
  const bySize = [...centers.keys()].sort((a, b) => (images[b] ?? 0) - (images[a] ?? 0));
  const taken = [];
  const circles = bySize.slice(0, 4 * LABELS).filter((center) => images[center] > 0).map((center) => {
    const {x, y, radius} = map.place(center);
    return {left: x - radius, right: x + radius, top: y - radius, bottom: y + radius};
  });
  context.font = FONT;
  for (const center of bySize.slice(0, 4 * LABELS)) {
    const {x, y, radius} = map.place(center);
    const half = context.measureText(shortened(centers[center].label)).width / 2 + 3;
    const box = {left: x - half, right: x + half, top: y + radius, bottom: y + radius + 15};
    const isInside = box.left > 0 && box.right < map.element.clientWidth && taken.length < LABELS;
    const isFree = isInside && taken.every((other) => isApart(box, other))
      && (images[center] > 0 || circles.every((other) => isApart(box, other)));
    if (isFree) {
      taken.push(box);
      text(context, centers[center].label, x, box.top + 11, colours);
    }
  }
}

function isApart(box, other) {
  return box.left > other.right || box.right < other.left || box.top > other.bottom || box.bottom < other.top;
}

/** Draws a ring around a center, and its label. */
export function paintMark(context, {center, label}, map) {
  const colours = coloursOf(map.element);
  const {x, y, radius} = map.place(center);
  context.strokeStyle = colours.ink;
  context.lineWidth = 2.5;
  context.beginPath();
  context.arc(x, y, radius + 4, 0, 2 * Math.PI);
  context.stroke();
  context.font = `600 ${FONT}`;
  const half = context.measureText(shortened(label)).width / 2 + 8;
  const middle = Math.max(half, Math.min(map.element.clientWidth - half, x));
  const top = y + radius + 30 > map.element.clientHeight ? y - radius - 30 : y + radius;
  context.fillStyle = colours.paper;
  context.lineWidth = 1;
  context.beginPath();
  context.roundRect(middle - half, top, 2 * half, 22, 6);
  context.fill();
  context.stroke();
  text(context, label, middle, top + 15, colours, '600 ');
}

/** Partitions that follow each other have hues far from each other. */
function hue(partition, {saturation, lightness}) {
  return `hsl(${Math.round((partition * 137.508 + 210) % 360)} ${saturation} ${lightness})`;
}

// On a canvas a label is drawn, never read as markup; line breaks become blanks.
function shortened(label) {
  const line = [...label.slice(0, 4 * LABEL_LENGTH).replace(/[\p{C}\s]+/gu, ' ')];
  return line.length > LABEL_LENGTH ? `${line.slice(0, LABEL_LENGTH - 1).join('')}…` : line.join('');
}

function text(context, label, x, y, colours, weight = '') {
  context.font = `${weight}${FONT}`;
  context.textAlign = 'center';
  context.lineWidth = 3.5;
  context.lineJoin = 'round';
  context.strokeStyle = colours.paper;
  context.strokeText(shortened(label), x, y);
  context.fillStyle = colours.ink;
  context.fillText(shortened(label), x, y);
}
