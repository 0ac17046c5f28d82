// The picture of the map. Centers are drawn once into a picture of their own, which is copied in each
// frame under what moves: ten thousand centers cost a frame nothing.

import {Lights} from './map-lights.js';
import {coloursOf, paintCenters, paintMark} from './map-paint.js';

/** How much wider than high the map may be drawn. */
const MOST_STRETCHED = 1.7;

/** Of more centers drawing takes so long that it is rough while they are being arranged. */
const MANY = 1000;

export class MapCanvas {
  /** Of everything that happens. */
  lights = new Lights();

  #element;
  #base = document.createElement('canvas');
  #centers = [];
  #places = new Float32Array(0);
  #images = [];
  #largest = 1;
  #view = {scale: 1, x: 0, y: 0};
  #isBaseOld = true;
  #isFrameDue = false;
  #isRough = false;
  #marked = -1;

  /** Calls back once a frame is drawn. */
  onDrawn = () => {};

  constructor(element) {
    this.#element = element;
    const old = () => this.#redraw();
    new ResizeObserver(old).observe(element);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', old);
  }

  /**
   * @param {{center: number, label: string, partitions: number[]}[]} centers by their numbers
   * @param {boolean} isLast whether they stay where they are
   */
  show(centers, places, isLast) {
    this.#centers = centers;
    this.#isRough = !isLast && centers.length > MANY;
    this.#places = places;
    this.#redraw();
  }

  /** @param {number[]} images by center */
  size(images) {
    this.#images = images;
    this.#largest = images.reduce((a, b) => Math.max(a, b), 1);
    this.#redraw();
  }

  get element() {
    return this.#element;
  }

  /** The center that is marked by the pointer or by keys, -1 for none. */
  get marked() {
    return this.#marked;
  }

  mark(center) {
    this.#marked = center;
    this.frame();
  }

  /** Enlarges around a point of the canvas. */
  zoom(factor, x = this.#element.clientWidth / 2, y = this.#element.clientHeight / 2) {
    const scale = Math.min(40, Math.max(1, this.#view.scale * factor));
    const by = scale / this.#view.scale;
    const {width, height} = this.#middle();
    this.#view = {
      scale,
      x: scale === 1 ? 0 : (x - width) * (1 - by) + this.#view.x * by,
      y: scale === 1 ? 0 : (y - height) * (1 - by) + this.#view.y * by,
    };
    this.#redraw();
  }

  pan(x, y) {
    this.#view.x += x;
    this.#view.y += y;
    this.#redraw();
  }

  isEnlarged() {
    return this.#view.scale > 1;
  }

  /** Shows all. */
  fit() {
    this.#view = {scale: 1, x: 0, y: 0};
    this.#redraw();
  }

  /** Moves the view so that a center is seen. */
  reveal(center) {
    const {x, y} = this.place(center);
    const {width, height} = this.#middle();
    if (x < 20 || y < 20 || x > 2 * width - 20 || y > 2 * height - 20) {
      this.pan(width - x, height - y);
    }
  }

  /** The center at a point, -1 where there is none near. */
  at(x, y) {
    let found = -1;
    let nearest = Infinity;
    for (let center = 0; center < this.#centers.length; center++) {
      const place = this.place(center);
      const far = Math.hypot(place.x - x, place.y - y) - place.radius;
      if (far < Math.min(nearest, 10)) {
        nearest = far;
        found = center;
      }
    }
    return found;
  }

  /** The nearest center in a direction from another, that one where there is none. */
  beside(center, dx, dy) {
    const from = this.place(center);
    let found = center;
    let best = Infinity;
    for (let other = 0; other < this.#centers.length; other++) {
      const {x, y} = this.place(other);
      const along = (x - from.x) * dx + (y - from.y) * dy;
      const aside = Math.abs((x - from.x) * dy - (y - from.y) * dx);
      if (other !== center && along > 0 && aside <= along && along + 2 * aside < best) {
        best = along + 2 * aside;
        found = other;
      }
    }
    return found;
  }

  /** Where a center is, and its radius, in pixels of the page. */
  place(center) {
    const {width, height} = this.#middle();
    const {scale, x, y} = this.#view;
    const unit = Math.max(10, Math.min(width, height) - 30) * scale;
    // A wide window is used, as far as that does not distort too much.
    const stretch = Math.max(1, Math.min(MOST_STRETCHED, (width - 60) / Math.max(10, height - 30)));
    return {
      x: width + x + this.#places[2 * center] * unit * stretch,
      y: height - 6 + y + this.#places[2 * center + 1] * unit,
      radius: this.#radius(center, unit),
    };
  }

  #radius(center, unit) {
    const share = (this.#images[center] ?? 0) / this.#largest;
    const room = Math.min(34, Math.max(2.5, (1.1 * unit) / Math.sqrt(this.#centers.length + 1)));
    return Math.max(1.2, Math.min(3, room / 3)) + room * Math.sqrt(share);
  }

  #middle() {
    return {width: this.#element.clientWidth / 2, height: this.#element.clientHeight / 2};
  }

  #redraw() {
    this.#isBaseOld = true;
    this.frame();
  }

  /** Draws in the next frame, and for as long as something moves. */
  frame() {
    if (!this.#isFrameDue) {
      this.#isFrameDue = true;
      requestAnimationFrame(() => {
        this.#isFrameDue = false;
        this.#draw();
      });
    }
  }

  #draw() {
    if (this.#element.clientWidth === 0) {
      return;
    }
    if (this.#isBaseOld) {
      this.#isBaseOld = false;
      paintCenters(sized(this.#base, this.#element, true), this.#centers, this.#images, this, this.#isRough);
    }
    const context = sized(this.#element, this.#element, false);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.#element.width, this.#element.height);
    context.drawImage(this.#base, 0, 0);
    scaled(context);
    const now = performance.now();
    const isDark = this.lights.isDark(now);
    if (this.#centers.length > 0) {
      const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
      this.lights.draw(context, (center) => this.place(center), coloursOf(this.#element), isStill, now);
      if (this.#marked >= 0) {
        paintMark(context, this.#centers[this.#marked], this);
      }
    }
    this.onDrawn();
    if (!isDark) {
      this.frame();
    }
  }
}

function scaled(context) {
  context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
}

/** The context of a canvas that has as many pixels as the element has on the screen. */
function sized(canvas, element, isCleared) {
  const width = Math.round(element.clientWidth * devicePixelRatio);
  const height = Math.round(element.clientHeight * devicePixelRatio);
  if (canvas.width !== width || canvas.height !== height || isCleared) {
    canvas.width = width;
    canvas.height = height;
  }
  const context = canvas.getContext('2d');
  scaled(context);
  return context;
}
