import * as api from './api.js';
import {byId, count, element, entry} from './dom.js';
import {showPicture} from './token.js';

let latest = 0;

/** Makes the ways to look at two pictures work. */
export function enableWhy() {
  for (const mode of document.querySelectorAll('#why input[name=mode]')) {
    mode.addEventListener('change', showMode);
  }
  byId('blend').addEventListener('input', showMode);
}

/**
 * Shows why two images match or do not, and their pictures beside and over each other. The later one of a
 * match may be a picture that is not indexed: then it has `file`, `preview` and `hashCode`.
 */
export async function showWhy(match) {
  if (!match) {
    return;
  }
  const turn = ++latest;
  byId('why-sentence').textContent = match.explanation;
  byId('why-list').replaceChildren();
  byId('why-codes').replaceChildren();
  pictures(match, null);
  if (!byId('why').open) {
    byId('why').showModal();
  }
  try {
    const {file} = match.later;
    const [compared, indexed, earlier] = await Promise.all([
      file ? api.compareFile(file, match.earlier.id) : api.compare(match.later.id, match.earlier.id),
      file ? null : api.image(match.later.id),
      api.image(match.earlier.id)]);
    const later = indexed ?? {...compared.a, hashCode: match.later.hashCode, sizeBytes: file.size};
    if (turn === latest) {
      pictures(match, compared);
      byId('why-codes').replaceChildren(...codes(later, earlier));
      byId('why-list').replaceChildren(...facts(match, compared, later, earlier));
    }
  } catch (problem) {
    if (turn === latest) {
      byId('why-list').replaceChildren(...entry('Now', problem.message));
    }
  }
}

function pictures(match, compared) {
  const alignment = match.alignment ?? compared?.alignment;
  byId('why-pictures').replaceChildren(
    picture('earlier', match.earlier, compared?.b, alignment?.inEarlier),
    picture('later', match.later, compared?.a, alignment?.inLater));
  byId('why-pictures').dataset.aligned = String(Boolean(alignment));
  lay(alignment);
  showMode();
}

function picture(role, {id, preview}, image, part) {
  const shown = element('img', {alt: `The ${role} picture, ${id}`});
  const frame = element('div', {className: 'frame'}, shown);
  if (image?.width) {
    frame.style.aspectRatio = `${image.width} / ${image.height}`;
  }
  if (part) {
    const mark = element('div', {className: 'part', title: 'The part that both show'});
    mark.style.left = percent(part.left);
    mark.style.top = percent(part.top);
    mark.style.width = percent(part.right - part.left);
    mark.style.height = percent(part.bottom - part.top);
    frame.append(mark);
  }
  if (preview) {
    shown.src = preview;
  } else {
    showPicture(shown, `v1/thumbnails?id=${encodeURIComponent(id)}`);
  }
  return element('figure', {className: role},
    frame, element('figcaption', {}, `${role}: `, element('span', {className: 'id', textContent: id})));
}

// One over the other: the part of the later picture that both show lies where the earlier one has it.
function lay(alignment) {
  const frame = byId('why-pictures').querySelector('.later .frame');
  if (!alignment) {
    frame.style.removeProperty('--left');
    return;
  }
  const {inLater, inEarlier} = alignment;
  const width = (inEarlier.right - inEarlier.left) / (inLater.right - inLater.left);
  const height = (inEarlier.bottom - inEarlier.top) / (inLater.bottom - inLater.top);
  const set = (name, value) => frame.style.setProperty(name, value);
  set('--width', percent(width));
  set('--height', percent(height));
  set('--left', percent(inEarlier.left - inLater.left * width));
  set('--top', percent(inEarlier.top - inLater.top * height));
  set('--turn', `rotate(${alignment.rotation}deg)${alignment.mirrored ? ' scaleX(-1)' : ''}`);
}

function showMode() {
  const mode = document.querySelector('#why input[name=mode]:checked').value;
  byId('why-pictures').dataset.mode = mode;
  byId('why-blend').hidden = mode !== 'over';
  byId('why-pictures').style.setProperty('--blend', String(Number(byId('blend').value) / 100));
}

// The bits of both codes, those that differ marked.
function codes(later, earlier) {
  const a = bits(later.hashCode);
  const b = bits(earlier.hashCode);
  const strip = (of, other, name) => {
    const row = element('div', {className: 'strip'});
    row.setAttribute('role', 'img');
    row.setAttribute('aria-label', `Hash code of the ${name} picture`);
    [...of].forEach((bit, i) => row.append(
      element('i', {className: `${bit === '1' ? 'set' : ''} ${bit === other[i] ? '' : 'differs'}`.trim()})));
    return row;
  };
  return [strip(b, a, 'earlier'), strip(a, b, 'later')];
}

function bits(hex) {
  return [...hex].map((digit) => Number.parseInt(digit, 16).toString(2).padStart(4, '0')).join('');
}

function facts(match, compared, later, earlier) {
  const limits = match.limits ?? compared.limits ?? {};
  return [
    ...entry('Now', compared.explanation),
    ...compared.obstacles.flatMap((obstacle) => entry('In the way', obstacle.explanation)),
    ...entry('Fingerprints', `${compared.fingerprintDistance} of 256 bits differ${limits.fingerprintRadius === undefined
      ? '' : ` (limit ${limits.fingerprintRadius})`}`),
    ...entry('Codes', `${compared.codeDistance} of ${later.hashCode.length * 4} bits differ`),
    ...entry('Centers', [`earlier near ${center(earlier)}`, later.center === undefined ? '' : `later near ${center(later)}`]
      .filter(Boolean).join(', ')),
    ...(compared.alignmentExplanation ? entry('One over the other', compared.alignmentExplanation) : []),
    ...entry('Sizes', `earlier ${size(earlier)}, later ${size(later)}`),
    ...entry('Arrived', `earlier ${time(earlier)}, later ${time(later)}`),
    ...(match.eventId ? entry('Event', match.eventId, 'mono') : []),
  ];
}

function center(image) {
  return `"${image.centerLabel || image.center}" at ${image.shell} bits`;
}

function size(image) {
  return `${image.width} × ${image.height}, ${count(image.sizeBytes)} bytes`;
}

function time(image) {
  return image.imageTime ? new Date(image.imageTime).toLocaleString() : 'not indexed';
}

function percent(share) {
  return `${share * 100}%`;
}
