// The hash centers as a map: where codes are alike, places are near. What arrives lights up.

import * as api from './api.js';
import {byId, count, plural} from './dom.js';
import {onArrival} from './feed.js';
import {MapCanvas} from './map-canvas.js';
import {enableImages, showImages} from './map-images.js';
import {isOpen, onOpen} from './views.js';

const PAGE = 1000;
const PERIOD_MS = 2000;

const ARROWS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};

let map = null;
let worker = null;
let timer = 0;
let generation = '';
let centers = [];
let images = [];

// How far the pointer has carried the map since it was pressed, pixels.
let dragged = 0;

/** Shows the map for as long as its view is open. */
export function enableMap() {
  const canvas = byId('map-canvas');
  map = new MapCanvas(canvas);
  enableImages();
  onOpen('map', refresh);
  onArrival(matched);
  canvas.addEventListener('pointerdown', () => {
    dragged = 0;
  });
  canvas.addEventListener('pointermove', pointed);
  canvas.addEventListener('pointerleave', () => mark(-1));
  canvas.addEventListener('click', (event) => dragged < 5 && press(map.at(event.offsetX, event.offsetY)));
  canvas.addEventListener('keydown', key);
  canvas.addEventListener('focus', () => map.marked < 0 && canvas.matches(':focus-visible') && mark(largest()));
  canvas.addEventListener('wheel', wheel, {passive: false});
  byId('map-in').addEventListener('click', () => zoom(1.6));
  byId('map-out').addEventListener('click', () => zoom(1 / 1.6));
  byId('map-fit').addEventListener('click', fit);
  byId('map-find').addEventListener('input', find);
  byId('map-find').addEventListener('keydown', (event) => event.key === 'Enter' && press(map.marked));
}

// What is shown

async function refresh() {
  clearTimeout(timer);
  if (!isOpen('map')) {
    return;
  }
  try {
    if (!document.hidden) {
      const answer = await api.centerSizes();
      if (answer.generation !== generation) {
        await load(answer.generation);
      }
      showSizes(answer);
      problem(answer.missingPartitions.length === 0 ? ''
        : `Partitions ${answer.missingPartitions.join(', ')} gave no answer: their images are not counted.`);
    }
  } catch (failure) {
    problem(failure.message);
  }
  clearTimeout(timer);
  timer = setTimeout(refresh, PERIOD_MS);
}

async function load(of) {
  const all = [];
  let cursor = '';
  let page;
  do {
    page = await api.centers({limit: PAGE, cursor});
    all.push(...page.centers);
    cursor = page.nextCursor;
  } while (cursor !== '');
  if (page.generation !== of) {
    throw new Error('The generation is changing.');
  }
  generation = of;
  centers = all;
  images = [];
  map.lights.clear();
  map.size([]);
  mark(-1);
  layOut(page.bits);
}

function layOut(bits) {
  worker?.terminate();
  worker = new Worker(new URL('map-worker.js', import.meta.url), {type: 'module'});
  const canvas = byId('map-canvas');
  canvas.dataset.state = 'arranging';
  worker.addEventListener('message', ({data: {places, isLast}}) => {
    map.show(centers, places, isLast);
    canvas.dataset.state = isLast ? 'arranged' : 'arranging';
  });
  worker.addEventListener('error', () => problem('The centers cannot be arranged in this browser.'));
  const width = Math.ceil(bits / 32);
  const words = new Uint32Array(centers.length * width);
  centers.forEach(({code}, center) => {
    for (let w = 0; w < width; w++) {
      words[center * width + w] = Number.parseInt(code.slice(8 * w, 8 * w + 8), 16);
    }
  });
  worker.postMessage({words, width}, [words.buffer]);
}

function showSizes(answer) {
  const now = answer.images.map(Number);
  const before = images;
  images = now;
  map.size(now);
  if (before.length === now.length) {
    const time = performance.now();
    now.forEach((size, center) => size > before[center] && map.lights.light(center, size - before[center], time));
    map.frame();
  }
  const used = now.filter((size) => size > 0).length;
  byId('map-summary').textContent = answer.tenant === undefined
    ? `${plural(now.reduce((a, b) => a + b, 0), 'image')} near ${count(used)} of ${plural(centers.length, 'center')}.`
    : `${plural(centers.length, 'center')}. How many images they have is not shown to a tenant.`;
  if (now.length > 0 && used === 0) {
    byId('map-summary').textContent += ' Send images to see where they land.';
  }
  describeMarked();
}

function matched(match) {
  if (!isOpen('map') || document.hidden || match.generation !== generation) {
    return;
  }
  const now = performance.now();
  map.lights.light(match.center, 1, now);
  if (Number.isInteger(match.earlierCenter)) {
    map.lights.arc(match.earlierCenter, match.center, match.kind, now);
  }
  byId('map-canvas').dataset.matches = Number(byId('map-canvas').dataset.matches ?? 0) + 1;
  map.frame();
}

function problem(text) {
  byId('map-problem').hidden = text === '';
  byId('map-problem').textContent = text;
}

// What is pointed at

function mark(center) {
  map.mark(center);
  describeMarked();
}

function describeMarked() {
  const center = centers[map.marked];
  const text = center ? [
    center.label || `center ${center.center}`,
    images.length > 0 ? plural(images[center.center], 'image') : '',
    `${center.partitions.length === 1 ? 'partition' : 'partitions'} ${center.partitions.join(', ')}`,
  ].filter(Boolean).join(' · ') : '';
  if (byId('map-now').textContent !== text) {
    byId('map-now').textContent = text;
  }
}

function largest() {
  return centers.length === 0 ? -1 : images.reduce((best, size, center) => (size > images[best] ? center : best), 0);
}

function pointed(event) {
  if (event.buttons === 1 && map.isEnlarged()) {
    map.pan(event.movementX, event.movementY);
    dragged += Math.abs(event.movementX) + Math.abs(event.movementY);
    return;
  }
  const center = map.at(event.offsetX, event.offsetY);
  byId('map-canvas').classList.toggle('pointing', center >= 0);
  if (center !== map.marked) {
    mark(center);
  }
}

function press(center) {
  if (center >= 0) {
    mark(center);
    showImages(centers[center]);
  }
}

function key(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || centers.length === 0) {
    return;
  }
  const arrow = ARROWS[event.key];
  const actions = {
    Enter: () => press(map.marked),
    ' ': () => press(map.marked),
    '+': () => zoom(1.6),
    '=': () => zoom(1.6),
    '-': () => zoom(1 / 1.6),
    0: fit,
    Home: () => mark(largest()),
  };
  const action = arrow
    ? () => mark(map.marked < 0 ? largest() : map.beside(map.marked, ...arrow)) : actions[event.key];
  if (action) {
    event.preventDefault();
    action();
    if (arrow || event.key === 'Home') {
      map.reveal(map.marked);
    }
  }
}

/** Around the marked center, where there is one. */
function zoom(factor) {
  const around = map.marked >= 0 ? map.place(map.marked) : {};
  map.zoom(factor, around.x, around.y);
  byId('map-canvas').classList.toggle('enlarged', map.isEnlarged());
}

function fit() {
  map.fit();
  byId('map-canvas').classList.remove('enlarged');
}

// The page scrolls under the pointer as it always does, unless a key says otherwise.
function wheel(event) {
  if (event.ctrlKey || event.metaKey) {
    event.preventDefault();
    map.zoom(Math.exp(-event.deltaY / 300), event.offsetX, event.offsetY);
    byId('map-canvas').classList.toggle('enlarged', map.isEnlarged());
  }
}

function find() {
  const sought = byId('map-find').value.trim().toLowerCase();
  const found = sought === '' ? -1 : centers.findIndex(({label}) => label.toLowerCase().includes(sought));
  mark(found);
  if (found >= 0) {
    map.reveal(found);
  } else if (sought !== '') {
    byId('map-now').textContent = 'No label has this in it.';
  }
}
