// The images of a center, from the center outward: what a search by its code finds, as far as it is the
// center's.

import * as api from './api.js';
import {byId, count, element, idButton, plural, thumbnail} from './dom.js';
import {onStatus} from './status.js';

const FIRST = 48;
const FACTOR = 4;

/** Hits that are asked for at most. */
const MOST = 1000;

let latest = 0;
let most = MOST;

/** Makes the list's buttons work. */
export function enableImages() {
  byId('map-close').addEventListener('click', hideImages);
  onStatus(({maxHits}) => {
    most = Math.min(MOST, maxHits || MOST);
  });
}

export function hideImages() {
  latest++;
  byId('map-images').hidden = true;
  byId('map-canvas').focus();
}

/** Lists the images of a center. */
export async function showImages(center) {
  const turn = ++latest;
  byId('map-images-title').textContent = center.label;
  byId('map-images-count').textContent = 'Looking …';
  byId('map-hits').replaceChildren();
  byId('map-more').hidden = true;
  byId('map-images').hidden = false;
  byId('map-images').focus({preventScroll: true});
  await load(turn, center, Math.min(most, FIRST));
  (byId('map-hits').firstElementChild ?? byId('map-images')).scrollIntoView({block: 'nearest'});
}

async function load(turn, center, k) {
  const more = byId('map-more');
  more.hidden = true;
  try {
    const answer = await api.searchByCode(center.code, {k});
    if (turn !== latest) {
      return;
    }
    const own = answer.hits.filter((hit) => hit.center === center.center);
    const isAll = answer.hits.length < k;
    if (!isAll && own.length < FIRST / 2 && k < most) {
      // Images of other centers lie between: look farther.
      await load(turn, center, Math.min(most, k * FACTOR));
      return;
    }
    const listed = byId('map-hits').children.length;
    byId('map-hits').append(...own.slice(listed).map(item));
    byId('map-images-count').textContent = summary(own.length, isAll, k, answer);
    more.hidden = isAll || k >= most;
    more.onclick = () => load(turn, center, Math.min(most, k * FACTOR));
  } catch (problem) {
    if (turn === latest) {
      byId('map-images-count').textContent = problem.message;
    }
  }
}

function summary(listed, isAll, k, answer) {
  const partial = answer.complete
    ? '' : ` Partitions ${answer.missingPartitions.join(', ')} gave no answer, so some may be missing.`;
  if (listed === 0 && isAll) {
    return `No image is near this center yet.${partial}`;
  }
  const end = !isAll && k >= most ? ` These are among the ${count(most)} images nearest to the center; GET /v1/images lists all.` : '';
  return `${isAll ? '' : 'The nearest '}${plural(listed, 'image')}, from the center outward.${end}${partial}`;
}

function item(hit) {
  return element('li', {},
    thumbnail(hit.imageId),
    idButton(hit.imageId),
    element('p', {className: 'quiet', textContent: `${plural(hit.shell, 'bit')} from the center`}));
}
