import * as api from './api.js';
import {byId, count, element, idButton, plural, thumbnail} from './dom.js';
import {open} from './views.js';

let latest = 0;
let preview = null;

/** Makes the search panel work: choose, drop or paste a file. */
export function enableSearch() {
  const drop = byId('drop');
  const file = byId('file');
  file.addEventListener('change', () => {
    searchFile(file.files[0]);
    file.value = '';
  });
  // Anywhere on the page: a file dropped beside the target would replace the page.
  document.addEventListener('dragover', (event) => {
    event.preventDefault();
    drop.classList.add('over');
  });
  document.addEventListener('dragleave', (event) => {
    if (!event.relatedTarget) {
      drop.classList.remove('over');
    }
  });
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    drop.classList.remove('over');
    searchFile(event.dataTransfer.files[0]);
  });
  document.addEventListener('paste', (event) => searchFile(event.clipboardData.files[0]));
}

/** Searches for images similar to an indexed one. */
export function searchById(id) {
  search(id, null, () => api.searchById(id, limits()));
  open('search');
  byId('search').scrollIntoView({behavior: 'smooth', block: 'start'});
}

function searchFile(file) {
  if (file) {
    open('search');
    search(file.name, URL.createObjectURL(file), () => api.searchByFile(file, limits()));
  }
}

function limits() {
  const radius = byId('radius');
  return {
    k: Number(byId('k').value),
    radius: radius.value === '' ? null : Number(radius.value),
  };
}

async function search(name, picture, request) {
  const turn = ++latest;
  if (preview) {
    URL.revokeObjectURL(preview);
  }
  preview = picture;
  byId('drop').classList.add('busy');
  byId('search-problem').hidden = true;
  const start = performance.now();
  try {
    const answer = await request();
    if (turn === latest) {
      show(name, picture, answer, performance.now() - start);
    }
  } catch (problem) {
    if (turn === latest) {
      byId('results').hidden = true;
      byId('search-problem').textContent = problem.message;
      byId('search-problem').hidden = false;
    }
  } finally {
    if (turn === latest) {
      byId('drop').classList.remove('busy');
    }
  }
}

function show(name, picture, answer, milliseconds) {
  const shown = byId('query-picture');
  shown.hidden = !picture;
  if (picture) {
    shown.src = picture;
  } else {
    shown.removeAttribute('src');
  }
  byId('query-name').textContent = name;
  byId('query-code').textContent = answer.code;
  const work = answer.statistics;
  // A tenant does not see how many images of others were passed over.
  const compared = Number(work.buckets) > 0
    ? `, ${plural(work.buckets, 'bucket')}, ${plural(work.codes, 'code')} compared` : '';
  byId('work').textContent = `${Math.round(milliseconds)} ms: ${plural(work.partitions, 'probe')}${compared}`;
  const completeness = byId('completeness');
  completeness.className = answer.complete ? 'notice good' : 'notice bad';
  completeness.textContent = summary(answer);
  // An image that is a copy and a hit is shown once, as a copy.
  const copies = [...answer.copies, ...answer.sharedElements];
  const shownAsCopies = new Set(copies.map((found) => found.imageId));
  byId('hits').replaceChildren(
    ...copies.map(copy),
    ...answer.hits.filter((found) => !shownAsCopies.has(found.imageId)).map(hit));
  byId('results').hidden = false;
}

function copiesFound(number) {
  if (number === 0) {
    return 'no copy';
  }
  return number === 1 ? '1 copy' : `${count(number)} copies`;
}

function summary(answer) {
  const images = new Set([...answer.copies, ...answer.sharedElements, ...answer.hits].map((found) => found.imageId)).size;
  const found = images === 0 ? 'No image found' : plural(images, 'image');
  const copies = answer.copySearch ? `, ${copiesFound(answer.copies.length)}` : '';
  const parts = [answer.complete
    ? `${found}${copies}. Complete: every partition that can hold a hit answered.`
    : `${found}${copies}. Partial.`];
  if (answer.missingPartitions.length > 0) {
    parts.push(`Partitions ${answer.missingPartitions.join(', ')} gave no answer, so nearer images may be missing.`);
  }
  if (answer.copySearch && !answer.copySearch.complete) {
    parts.push(`Copies may be missing: ${answer.copySearch.reason}.`);
  }
  if (answer.truncated) {
    parts.push('There are more hits; a smaller radius shows all within it.');
  }
  if (answer.standby.length > 0) {
    parts.push(`Answered by a standby: ${answer.standby
      .map((standby) => `partition ${standby.partition} (${count(standby.lag)} records behind)`).join(', ')}.`);
  }
  return parts.join(' ');
}

const COPY = {
  EXACT: 'the same bytes',
  DUPLICATE: 'copy',
  SHARES_ELEMENT: 'a part in common',
};

function copy(found) {
  return element('li', {className: 'copy', data: {kind: found.kind}},
    thumbnail(found.imageId),
    element('div', {},
      element('span', {className: 'kind', textContent: COPY[found.kind] ?? found.kind}),
      idButton(found.imageId),
      found.kind === 'EXACT' ? '' : element('p', {className: 'quiet', textContent: found.explanation})));
}

function hit(found) {
  const distances = element('div', {className: 'distances'},
    element('span', {
      title: 'Hamming distance between the hash codes: how similar the network finds the two',
      textContent: `code ${found.codeDistance}`,
    }));
  if (found.fingerprintDistance !== undefined && found.fingerprintDistance !== null) {
    distances.append(element('span', {
      title: 'Distance between the PDQ fingerprints, 0 to 256; of copies at most 31',
      textContent: `fingerprint ${found.fingerprintDistance}`,
    }));
  }
  return element('li', {}, thumbnail(found.imageId), idButton(found.imageId), distances);
}
