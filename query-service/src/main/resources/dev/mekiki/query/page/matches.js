import * as api from './api.js';
import {byId, count, element, idButton, thumbnail} from './dom.js';

const MAX_SHOWN = 100;
const MAX_REMEMBERED = 20_000;
const MEANING = {
  EXACT: 'the same bytes',
  DUPLICATE: 'a copy, re-encoded or edited, or a part of it',
  NEAR: 'similar',
  SHARES_ELEMENT: 'a part in common, such as a logo',
};

const shown = new Set();

/** Shows matches as they are found. */
export function showMatches() {
  let stop = api.followMatches({fromBeginning: false}, add, state);
  const earlier = byId('earlier');
  earlier.addEventListener('click', () => {
    stop();
    earlier.hidden = true;
    stop = api.followMatches({fromBeginning: true}, add, state);
  });
}

function state(now) {
  const feed = byId('feed');
  feed.dataset.state = now;
  feed.textContent = now;
}

function add(match) {
  // The same event may come twice, from the beginning and live.
  if (shown.has(match.eventId)) {
    return;
  }
  shown.add(match.eventId);
  if (shown.size > MAX_REMEMBERED) {
    // A set keeps the order of insertion: this is the oldest.
    shown.delete(shown.values().next().value);
  }
  byId('no-matches').hidden = true;
  const list = byId('matches');
  // Newest first. Earlier ones come by partition of the topic, not by time.
  const time = Date.parse(match.matchTime);
  const next = [...list.children].find((other) => Number(other.dataset.time) <= time) ?? null;
  list.insertBefore(card(match, time), next);
  while (list.children.length > MAX_SHOWN) {
    list.lastElementChild.remove();
  }
}

function card(match, time) {
  const facts = match.explanation ? [match.explanation] : [];
  if (match.decidedBy !== 'ALIGNMENT') {
    facts.push(`code distance ${match.codeDistance}`, `fingerprint ${match.fingerprintDistance}`);
  }
  if (match.centerLabel) {
    facts.push(`near "${match.centerLabel}"`);
  }
  if (Number(match.leftOut) > 0) {
    facts.push(`${match.leftOutAtLeast ? 'at least ' : ''}${count(match.leftOut)} more left out`);
  }
  const when = new Date(time);
  const waited = when - new Date(match.later.imageTime);
  if (waited >= 0 && waited < 60_000) {
    facts.push(`found after ${count(waited)} ms`);
  }
  return element('li', {data: {time, kind: match.kind}},
    element('div', {className: 'match-head'},
      element('span', {className: 'kind', title: MEANING[match.kind] ?? '', textContent: match.kind.toLowerCase().replace('_', ' ')}),
      element('time', {dateTime: match.matchTime, title: when.toLocaleString(), textContent: when.toLocaleTimeString()})),
    element('div', {className: 'pair'},
      side('earlier', match.earlier.id),
      side('later', match.later.id)),
    element('p', {className: 'quiet', textContent: facts.join(' · ')}));
}

function side(role, id) {
  return element('div', {className: 'side'},
    thumbnail(id),
    element('span', {className: 'role', textContent: role}),
    idButton(id));
}
