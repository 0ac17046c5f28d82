// What happens on the map: arrivals light up where they land, matches are arcs between the centers of
// both images.

const LIGHT_MS = 1600;
const ARC_MS = 2600;

/** More at once than one can distinguish; the oldest go first. */
const MAX_ARCS = 150;

export class Lights {
  #lights = new Map();
  #arcs = [];

  /** Lights a center up. */
  light(center, images, now) {
    this.#lights.set(center, {start: now, images});
  }

  /** Draws an arc from the earlier image's center to the later one's. */
  arc(from, to, kind, now) {
    this.#arcs.push({from, to, kind, start: now});
    if (this.#arcs.length > MAX_ARCS) {
      this.#arcs.shift();
    }
  }

  clear() {
    this.#lights.clear();
    this.#arcs = [];
  }

  /** Forgets what is over; true where nothing is left. */
  isDark(now) {
    for (const [center, {start}] of this.#lights) {
      if (now - start > LIGHT_MS) {
        this.#lights.delete(center);
      }
    }
    this.#arcs = this.#arcs.filter(({start}) => now - start <= ARC_MS);
    return this.#lights.size === 0 && this.#arcs.length === 0;
  }

  /**
   * @param {(center: number) => {x: number, y: number, radius: number}} place
   * @param {{light: string, arc: string, exact: string}} colours
   * @param {boolean} isStill whether nothing should move
   */
  draw(context, place, colours, isStill, now) {
    for (const [center, {start, images}] of this.#lights) {
      const done = Math.min(1, (now - start) / LIGHT_MS);
      const {x, y, radius} = place(center);
      const reach = 6 + 5 * Math.log2(1 + images);
      context.globalAlpha = 1 - done;
      context.strokeStyle = colours.light;
      context.lineWidth = 2.5;
      circle(context, x, y, radius + 3 + (isStill ? 0.5 : done) * reach);
    }
    context.lineWidth = 1.8;
    for (const {from, to, kind, start} of this.#arcs) {
      const done = Math.min(1, (now - start) / ARC_MS);
      context.globalAlpha = 1 - done ** 2;
      context.strokeStyle = kind === 'EXACT' ? colours.exact : colours.arc;
      bow(context, place(from), place(to), isStill ? 1 : Math.min(1, done * 4));
    }
    context.globalAlpha = 1;
  }
}

function circle(context, x, y, radius) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.stroke();
}

/** Both within one center: a loop above it. */
function bow(context, from, to, share) {
  const x = to.x - from.x;
  const y = to.y - from.y;
  if (Math.hypot(x, y) < 1) {
    const radius = Math.max(6, from.radius * 0.7);
    circle(context, from.x, from.y - from.radius - radius, radius);
    return;
  }
  // A part of a curve with one point beside it: the point moves, too.
  const beside = {x: from.x + x / 2 - y / 4, y: from.y + y / 2 + x / 4};
  const mix = (a, b) => ({x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share});
  const first = mix(from, beside);
  const end = mix(first, mix(beside, to));
  context.beginPath();
  context.moveTo(from.x, from.y);
  context.quadraticCurveTo(first.x, first.y, end.x, end.y);
  context.stroke();
}
