import * as api from './api.js';
import {byId, count, element} from './dom.js';
import {searchById} from './search.js';
import {showPicture} from './token.js';

let current = '';

/** Opens what is known of an image wherever its id is pressed. */
export function enableDetails() {
  document.addEventListener('mekiki:details', (event) => open(event.detail));
  byId('details-search').addEventListener('click', () => {
    byId('details').close();
    searchById(current);
  });
}

async function open(id) {
  current = id;
  const picture = byId('details-picture');
  byId('details-title').textContent = id;
  byId('details-list').replaceChildren();
  picture.hidden = true;
  byId('details').showModal();
  try {
    const image = await api.image(id);
    if (current === id) {
      show(image);
    }
  } catch (problem) {
    byId('details-list').replaceChildren(...entry('Problem', problem.message));
  }
}

function show(image) {
  const picture = byId('details-picture');
  if (image.thumbnail) {
    showPicture(picture, `v1/thumbnails?id=${encodeURIComponent(image.id)}`);
    picture.hidden = false;
  }
  byId('details-list').replaceChildren(
    ...entry('Size', `${image.width} × ${image.height}, ${count(image.sizeBytes)} bytes`),
    ...entry('Type', image.contentType || 'unknown'),
    ...entry('Arrived', new Date(image.imageTime).toLocaleString()),
    ...entry('Bucket', `${image.centerLabel || image.center}, ${image.shell} bits from its center`),
    ...entry('Partitions', image.partitions.map((p) => (p === image.homePartition ? `${p} (home)` : p)).join(', ')),
    ...entry('Hash code', image.hashCode, 'mono'),
    ...entry('Fingerprint', `${image.fingerprint} (quality ${image.fingerprintQuality})`, 'mono'),
    ...entry('SHA-256', image.sha256, 'mono'),
    ...Object.entries(image.metadata).flatMap(([name, value]) => entry(name, value)));
}

function entry(name, value, className = '') {
  return [element('dt', {textContent: name}), element('dd', {className, textContent: value})];
}
