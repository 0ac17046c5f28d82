import * as api from './api.js';
import {byId, count, entry} from './dom.js';
import {searchById} from './search.js';
import {hidePicture, showPicture} from './token.js';

const MISSING = {
  GONE: 'no longer in Kafka; sending the image again makes it anew',
  UNAVAILABLE: 'Kafka does not give it at the moment',
};

let current = '';
let latest = 0;

/** Opens the details of an image wherever its id is pressed. */
export function enableDetails() {
  document.addEventListener('mekiki:details', (event) => open(event.detail));
  byId('details-search').addEventListener('click', () => {
    byId('details').close();
    searchById(current);
  });
}

async function open(id) {
  // Answers may come in another order than their requests: only the latest is shown.
  const turn = ++latest;
  current = id;
  const picture = byId('details-picture');
  byId('details-title').textContent = id;
  byId('details-list').replaceChildren();
  hidePicture(picture);
  if (!byId('details').open) {
    byId('details').showModal();
  }
  let entries;
  let image = null;
  try {
    image = await api.image(id);
    entries = details(image);
  } catch (problem) {
    entries = entry('Problem', problem.message);
  }
  if (turn !== latest) {
    return;
  }
  byId('details-list').replaceChildren(...entries);
  if (image?.thumbnail) {
    showPicture(picture, `v1/thumbnails?id=${encodeURIComponent(id)}`);
    picture.hidden = false;
  }
}

function details(image) {
  return [
    ...entry('Size', `${image.width} × ${image.height}, ${count(image.sizeBytes)} bytes`),
    ...entry('Type', image.contentType || 'unknown'),
    ...(image.tenant ? entry('Tenant', image.tenant) : []),
    ...(image.imageSource ? entry('Source', image.imageSource) : []),
    ...entry('Arrived', new Date(image.imageTime).toLocaleString()),
    ...entry('Bucket', `${image.centerLabel || image.center}, ${image.shell} bits from its center`),
    ...entry('Home partition', image.homePartition),
    ...entry('Hash code', image.hashCode, 'mono'),
    ...entry('Fingerprint', `${image.fingerprint} (quality ${image.fingerprintQuality}${image.featureless ? ', featureless: matches the same bytes alone' : ''})`, 'mono'),
    ...entry('SHA-256', image.sha256, 'mono'),
    ...(MISSING[image.thumbnailState] ? entry('Thumbnail', MISSING[image.thumbnailState]) : []),
    ...Object.entries(image.metadata).flatMap(([name, value]) => entry(name, value)),
  ];
}
