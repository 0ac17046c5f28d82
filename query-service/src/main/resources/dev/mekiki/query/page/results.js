// What searches have found: one row for each picture that was searched for. The service gives the nearest
// hundred; sliders and the label choose among these without asking again, and the choice is exact: the k
// nearest within a radius are the first of all nearest that lie within it.

import {kindName} from './card.js';
import {count, element, idButton, plural, thumbnail} from './dom.js';
import {showWhy} from './why.js';

const COPY = {
  EXACT: 'the same bytes',
  DUPLICATE: 'copy',
  SHARES_ELEMENT: 'a part in common',
};

const KIND_BY = {BYTES: 'EXACT', FINGERPRINT: 'DUPLICATE'};

const UNITS = [['year', 31_536_000], ['month', 2_592_000], ['day', 86_400], ['hour', 3_600], ['minute', 60], ['second', 1]];
const AGE = new Intl.RelativeTimeFormat('en', {numeric: 'auto'});

/** A row for a query, empty as yet. */
export function row(query) {
  const parts = {
    problem: element('div', {className: 'notice bad problem', hidden: true}),
    code: element('p', {className: 'mono quiet query-code'}),
    work: element('p', {className: 'quiet work'}),
    completeness: element('p', {className: 'notice completeness', hidden: true}),
    hits: element('ol', {className: 'hits'}),
  };
  parts.problem.setAttribute('role', 'alert');
  parts.completeness.setAttribute('role', 'status');
  const whole = element('article', {className: 'found'},
    element('div', {className: 'query'},
      query.preview ? preview(query) : thumbnail(query.id),
      element('div', {},
        element('h3', {className: 'id query-name', textContent: query.name}), parts.code, parts.work)),
    parts.problem, parts.completeness, parts.hits);
  return Object.assign(whole, {parts});
}

/** The picture itself, or a plain tile where the browser cannot show it. */
function preview(query) {
  const picture = element('img', {src: query.preview, alt: `The picture searched for, ${query.name}`, width: 72, height: 72});
  picture.addEventListener('error', () =>
    picture.replaceWith(element('div', {className: 'thumbnail none'}, element('span', {textContent: 'not shown'}))));
  return picture;
}

/** Shows in a row why there is no answer. */
export function showProblem({parts}, message) {
  parts.problem.hidden = false;
  parts.problem.textContent = message;
  parts.completeness.hidden = true;
  parts.hits.replaceChildren();
}

/**
 * Shows an answer in a row.
 *
 * @param {{k: number, radius: number, label: string}} choice which hits are shown; an empty label: all
 */
export function showAnswer({parts}, query, choice) {
  const {answer} = query;
  parts.problem.hidden = true;
  parts.code.textContent = answer.code;
  parts.work.textContent = work(answer, query.milliseconds);
  // An image that is a copy and a hit is shown once, as a copy.
  const copies = [...answer.copies, ...answer.sharedElements];
  const shownAsCopies = new Set(copies.map((found) => found.imageId));
  const described = new Map(answer.hits.map((found) => [found.imageId, found]));
  const hits = answer.hits
    .filter((found) => found.codeDistance <= choice.radius && (choice.label === '' || found.centerLabel === choice.label))
    .slice(0, choice.k)
    .filter((found) => !shownAsCopies.has(found.imageId));
  parts.hits.replaceChildren(
    ...copies.map((found) => copy(query, found, described.get(found.imageId))),
    ...hits.map((found) => hit(query, found)));
  parts.completeness.hidden = false;
  parts.completeness.className = `notice completeness ${answer.complete ? 'good' : 'bad'}`;
  parts.completeness.textContent = summary(answer, copies.length + hits.length, choice, query.asked);
}

function work(answer, milliseconds) {
  const done = answer.statistics;
  // A tenant does not see how many images of others were passed over.
  const compared = Number(done.buckets) > 0
    ? `, ${plural(done.buckets, 'bucket')}, ${plural(done.codes, 'code')} compared` : '';
  return `${Math.round(milliseconds)} ms: ${plural(done.partitions, 'probe')}${compared}`;
}

function copiesFound(number) {
  if (number === 0) {
    return 'no copy';
  }
  return number === 1 ? '1 copy' : `${count(number)} copies`;
}

function summary(answer, images, choice, asked) {
  const found = images === 0 ? 'No image found' : plural(images, 'image');
  const copies = answer.copySearch ? `, ${copiesFound(answer.copies.length)}` : '';
  const parts = [answer.complete
    ? `${found}${copies}. Complete: every partition that can hold a hit answered.`
    : `${found}${copies}. Partial.`];
  const isCut = answer.hits.length >= asked && choice.radius >= (answer.hits.at(-1)?.codeDistance ?? 0);
  if (isCut && (choice.label !== '' || images >= asked)) {
    parts.push(`These are among the ${count(asked)} nearest; there may be more.`);
  }
  if (answer.missingPartitions.length > 0) {
    parts.push(`Partitions ${answer.missingPartitions.join(', ')} gave no answer, so nearer images may be missing.`);
  }
  if (answer.copySearch && !answer.copySearch.complete) {
    parts.push(`Copies may be missing: ${answer.copySearch.reason}.`);
  }
  if (answer.standby.length > 0) {
    parts.push(`Answered by a standby: ${answer.standby
      .map((standby) => `partition ${standby.partition} (${count(standby.lag)} records behind)`).join(', ')}.`);
  }
  return parts.join(' ');
}

function copy(query, found, described) {
  return element('li', {className: 'copy', data: {kind: found.kind}},
    thumbnail(found.imageId),
    element('div', {},
      element('span', {className: 'kind', textContent: COPY[found.kind] ?? kindName(found.kind)}),
      idButton(found.imageId),
      found.kind === 'EXACT' ? '' : element('p', {className: 'quiet', textContent: found.explanation}),
      ...facts(described),
      whyButton(query, found)));
}

function hit(query, found) {
  const kind = KIND_BY[found.copyBy];
  const distances = element('div', {className: 'distances'},
    kind ? element('span', {className: 'kind', textContent: COPY[kind]}) : '',
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
  return element('li', kind ? {data: {kind}} : {},
    thumbnail(found.imageId), idButton(found.imageId), distances, ...facts(found), whyButton(query, found));
}

/** Label, age and metadata of an image, as far as they are known. */
function facts(found) {
  if (!found) {
    return [];
  }
  const time = found.imageTime ? new Date(found.imageTime) : null;
  const line = element('p', {className: 'quiet facts'},
    [found.centerLabel && `near "${found.centerLabel}"`, time && age(time)].filter(Boolean).join(', '));
  if (time) {
    line.title = time.toLocaleString();
  }
  const metadata = Object.entries(found.metadata ?? {}).sort()
    .map(([key, value]) => element('span', {textContent: `${key}: ${value}`, title: `${key}: ${value}`}));
  return [
    line.textContent === '' ? '' : line,
    metadata.length === 0 ? '' : element('div', {className: 'distances metadata'}, ...metadata),
  ];
}

function age(time) {
  const seconds = Math.max(0, (Date.now() - time) / 1000);
  const [unit, length] = UNITS.find(([, size]) => seconds >= size) ?? UNITS.at(-1);
  return AGE.format(-Math.floor(seconds / length), unit);
}

function whyButton(query, found) {
  const button = element('button', {type: 'button', className: 'small', textContent: 'Why'});
  button.setAttribute('aria-label', `Why ${found.imageId}`);
  button.addEventListener('click', () => showWhy({
    later: {id: query.name, file: query.file, preview: query.preview, hashCode: query.answer.code},
    earlier: {id: found.imageId},
    explanation: found.explanation ?? '',
    alignment: found.alignment,
  }));
  return button;
}
