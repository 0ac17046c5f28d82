import {count, element, idButton, thumbnail} from './dom.js';

const MEANING = {
  EXACT: 'the same bytes',
  DUPLICATE: 'a copy, re-encoded or edited, or a part of it',
  NEAR: 'similar',
  SHARES_ELEMENT: 'a part in common, such as a logo',
};

/** The name of a kind of match, for people. */
export function kindName(kind) {
  return kind.toLowerCase().replace('_', ' ');
}

/**
 * A match as an item of the list. What is pressed in it is sent as `mekiki:decide` (detail: CONFIRMED
 * or DISMISSED), `mekiki:choose` and `mekiki:why`.
 */
export function matchCard(match) {
  const time = new Date(match.matchTime);
  return element('li', {tabIndex: 0, data: {event: match.eventId, time: time.getTime(), kind: match.kind}},
    element('div', {className: 'match-head'},
      choice(match),
      element('span', {className: 'kind', title: MEANING[match.kind] ?? '', textContent: kindName(match.kind)}),
      element('time', {dateTime: match.matchTime, title: time.toLocaleString(), textContent: time.toLocaleTimeString()})),
    element('div', {className: 'pair'},
      side('earlier', match.earlier.id),
      side('later', match.later.id)),
    element('p', {className: 'quiet', textContent: facts(match, time).join(' · ')}),
    element('div', {className: 'decide'},
      action('Confirm', 'mekiki:decide', 'CONFIRMED', 'for-review'),
      action('Dismiss', 'mekiki:decide', 'DISMISSED', 'for-review'),
      action('Why', 'mekiki:why'),
      element('span', {className: 'verdict'})));
}

/** Shows the verdict on a match in its card. */
export function showVerdict(card, verdict) {
  const line = card.querySelector('.verdict');
  if (!verdict) {
    delete card.dataset.verdict;
    line.textContent = '';
    return;
  }
  card.dataset.verdict = verdict.decision;
  const by = verdict.author ? ` by ${verdict.author}` : '';
  line.textContent = `${verdict.decision.toLowerCase()}${by}, ${new Date(verdict.time).toLocaleString()}`;
}

function facts(match, time) {
  const facts = match.explanation ? [match.explanation] : [];
  if (match.decidedBy !== 'ALIGNMENT') {
    facts.push(`code distance ${match.codeDistance}`, `fingerprint ${match.fingerprintDistance}`);
  }
  if (match.centerLabel) {
    facts.push(`near "${match.centerLabel}"`);
  }
  if (match.later.tenant) {
    facts.push(`tenant ${match.later.tenant}`);
  }
  if (Number(match.leftOut) > 0) {
    facts.push(`${match.leftOutAtLeast ? 'at least ' : ''}${count(match.leftOut)} more left out`);
  }
  const waited = time - new Date(match.later.imageTime);
  if (waited >= 0 && waited < 60_000) {
    facts.push(`found after ${count(waited)} ms`);
  }
  return facts;
}

function choice(match) {
  const box = element('input', {type: 'checkbox', className: 'for-review'});
  box.setAttribute('aria-label', `Choose ${match.later.id} and ${match.earlier.id}`);
  box.addEventListener('change', () => box.dispatchEvent(new CustomEvent('mekiki:choose', {bubbles: true})));
  return box;
}

function action(label, event, detail, className = '') {
  const button = element('button', {type: 'button', className, textContent: label});
  button.addEventListener('click', () => button.dispatchEvent(new CustomEvent(event, {detail, bubbles: true})));
  return button;
}

function side(role, id) {
  return element('div', {className: 'side'},
    thumbnail(id),
    element('span', {className: 'role', textContent: role}),
    idButton(id));
}
