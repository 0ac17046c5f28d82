import * as api from './api.js';
import {byId, element} from './dom.js';
import {row, showAnswer, showProblem} from './results.js';
import {onStatus} from './status.js';
import {open} from './views.js';

/** Hits that the service describes at most. */
const DESCRIBED = 100;

/** Pictures searched for at once. */
const MOST_PICTURES = 20;

/** Searches under way at once. */
const AT_ONCE = 3;

/** After this time without a key, what was typed is looked for. */
const TYPING_MS = 250;

let queries = [];

// Hits asked for. What is shown of them is up to the sliders.
let asked = DESCRIBED;

let latest = 0;
let cancel = new AbortController();
let typing = 0;

/** Makes the search panel work: choose, take, drop or paste pictures, or name an image. */
export function enableSearch() {
  for (const input of [byId('file'), byId('camera')]) {
    input.addEventListener('change', () => {
      searchFiles([...input.files]);
      input.value = '';
    });
  }
  acceptDrops();
  document.addEventListener('paste', (event) => searchFiles([...event.clipboardData.files]));
  byId('by-id').addEventListener('submit', (event) => {
    event.preventDefault();
    if (byId('search-id').value !== '') {
      searchById(byId('search-id').value);
    }
  });
  byId('k').addEventListener('input', choose);
  byId('radius').addEventListener('input', choose);
  byId('search-label').addEventListener('change', choose);
  byId('search-filters').addEventListener('submit', (event) => event.preventDefault());
  byId('search-metadata').addEventListener('input', filtered);
  onStatus(learn);
  choose();
}

// Anywhere on the page: a file dropped beside the target would replace the page.
function acceptDrops() {
  const drop = byId('drop');
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
    searchFiles([...event.dataTransfer.files]);
  });
}

/** Searches for images similar to an indexed one. */
export function searchById(id) {
  begin([{name: id, id}]);
  byId('search').scrollIntoView({behavior: 'smooth', block: 'start'});
}

function searchFiles(files) {
  if (files.length > 0) {
    begin(files.slice(0, MOST_PICTURES).map((file) => ({name: file.name, file, preview: URL.createObjectURL(file)})));
    const left = files.length - MOST_PICTURES;
    byId('search-note').hidden = left <= 0;
    byId('search-note').textContent = `The first ${MOST_PICTURES} pictures are searched for, ${left} are left out.`;
  }
}

function begin(next) {
  queries.forEach(({preview}) => preview && URL.revokeObjectURL(preview));
  queries = next;
  byId('search-note').hidden = true;
  open('search');
  for (const query of queries) {
    query.row = row(query);
  }
  byId('results').replaceChildren(...queries.map((query) => query.row));
  byId('results').hidden = false;
  byId('results').classList.toggle('several', queries.length > 1);
  byId('results').scrollIntoView({block: 'nearest'});
  ask();
}

/** Asks for all pictures, some at a time; what was asked before is not waited for any more. */
async function ask() {
  const turn = ++latest;
  cancel.abort();
  cancel = new AbortController();
  const {signal} = cancel;
  byId('drop').classList.add('busy');
  const waiting = [...queries];
  const work = async () => {
    while (waiting.length > 0 && turn === latest) {
      await askOne(waiting.shift(), turn, signal);
    }
  };
  await Promise.all(Array.from({length: AT_ONCE}, work));
  if (turn === latest) {
    byId('drop').classList.remove('busy');
    byId('results').dataset.turn = turn;
  }
}

async function askOne(query, turn, signal) {
  const start = performance.now();
  const wanted = {k: asked, filter: filter(), signal};
  try {
    const answer = await (query.file ? api.searchByFile(query.file, wanted) : api.searchById(query.id, wanted));
    if (turn === latest) {
      Object.assign(query, {answer, asked, milliseconds: performance.now() - start});
      offerLabels();
      showAnswer(query.row, query, choice());
    }
  } catch (problem) {
    if (turn === latest) {
      query.answer = null;
      showProblem(query.row, problem.message);
    }
  }
}

// What is chosen

/** Sliders and the label choose among what was found. */
function choose() {
  byId('k-value').textContent = byId('k').value;
  const radius = byId('radius');
  byId('radius-value').textContent = radius.value === radius.max ? 'any' : radius.value;
  radius.setAttribute('aria-valuetext', byId('radius-value').textContent);
  for (const query of queries) {
    if (query.answer) {
      showAnswer(query.row, query, choice());
    }
  }
}

function choice() {
  const radius = byId('radius');
  return {
    k: Number(byId('k').value),
    radius: radius.value === radius.max ? Infinity : Number(radius.value),
    label: byId('search-label').value,
  };
}

/** The metadata that is asked for, by key. */
function filter() {
  return Object.fromEntries([...byId('search-metadata').querySelectorAll('input')]
    .filter(({value}) => value !== '').map(({name, value}) => [name, value]));
}

function filtered() {
  clearTimeout(typing);
  typing = setTimeout(() => queries.length > 0 && ask(), TYPING_MS);
}

function offerLabels() {
  const select = byId('search-label');
  const labels = new Set(queries.flatMap(({answer}) => answer?.hits ?? []).map((hit) => hit.centerLabel).filter(Boolean));
  const offered = [...select.options].slice(1).map(({value}) => value);
  const chosen = select.value;
  if (chosen !== '') {
    labels.add(chosen);
  }
  const wanted = [...labels].sort();
  if (wanted.join('\n') !== offered.join('\n')) {
    select.replaceChildren(select.options[0], ...wanted.map((label) => element('option', {value: label, textContent: label})));
    select.value = chosen;
  }
}

/** Radius and filters are those that the service has. */
function learn({bits, filterableMetadata = [], maxHits}) {
  asked = Math.min(DESCRIBED, maxHits || DESCRIBED);
  byId('k').max = asked;
  const radius = byId('radius');
  if (bits > 0 && radius.max !== String(bits + 1)) {
    const isAny = radius.value === radius.max;
    radius.max = bits + 1;
    if (isAny) {
      radius.value = radius.max;
    }
    choose();
  }
  const known = [...byId('search-metadata').querySelectorAll('input')].map(({name}) => name);
  if (known.join('\n') !== filterableMetadata.join('\n')) {
    byId('search-metadata').replaceChildren(...filterableMetadata.map((key) =>
      element('label', {}, key, element('input', {type: 'text', name: key, placeholder: 'any', autocomplete: 'off'}))));
  }
}
