import {author} from './author.js';
import {matchCard, kindName, showVerdict} from './card.js';
import {byId, count, plural} from './dom.js';
import {onArrival, onStreamState, Past, Seen} from './feed.js';
import {may} from './session.js';
import {decide, followVerdicts, isCut, onVerdicts, precision, restore, verdictOn} from './verdicts.js';
import {isOpen, onOpen} from './views.js';
import {showWhy} from './why.js';

/** Cards in the list; what is older can be read again. */
const MAX_SHOWN = 1000;

/** Arrivals shown in one frame. */
const MAX_A_FRAME = 30;

/** Keys of what only a reviewer may do. */
const DECIDING = ['c', 'd', 'u', 'x'];

/** Arrivals held back while paused; beyond, the list is read again when it goes on. */
const MAX_HELD = 2000;

/** After this time without a key, what was typed is looked for. */
const TYPING_MS = 250;

const byEvent = new Map();
const chosen = new Set();
const decisions = [];

let seen = new Seen();
let past = null;
let arrivals = [];
let isPaused = false;
let isFrameDue = false;
let isHeldTooLong = false;
let missed = 0;
let typing = 0;

/** Shows matches: those that arrive, those of the past, and what people decide about them. */
export function enableReview() {
  onStreamState(state);
  onArrival(arrived);
  onVerdicts(showVerdicts);
  onOpen('review', () => {
    missed = 0;
    badge();
    followVerdicts();
    if (!past) {
      restart();
    }
  });
  // Browsers differ in which of both events a chosen option sends.
  byId('filters').addEventListener('change', (event) => event.target.matches('select') && restart());
  byId('filters').addEventListener('input', filtered);
  byId('filters').addEventListener('submit', (event) => event.preventDefault());
  byId('pause').addEventListener('click', pause);
  byId('held').addEventListener('click', () => isPaused && pause());
  byId('undo').addEventListener('click', undo);
  byId('keys-open').addEventListener('click', () => byId('keys').showModal());
  byId('confirm-chosen').addEventListener('click', () => decideOn([...chosen], 'CONFIRMED'));
  byId('dismiss-chosen').addEventListener('click', () => decideOn([...chosen], 'DISMISSED'));
  const list = byId('matches');
  list.addEventListener('mekiki:decide', (event) => decideOn([event.target.closest('li').dataset.event], event.detail));
  list.addEventListener('mekiki:why', (event) => showWhy(byEvent.get(event.target.closest('li').dataset.event)));
  list.addEventListener('mekiki:choose', (event) => choose(event.target.closest('li'), event.target.checked));
  document.addEventListener('keydown', key);
  new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && readPast(), {rootMargin: '600px'})
    .observe(byId('past'));
}

function state(now) {
  byId('feed').dataset.state = now;
  byId('feed').textContent = now;
}

/** Lists anew once nothing has been typed for a moment. */
function filtered(event) {
  if (event.target.id !== 'author') {
    clearTimeout(typing);
    typing = setTimeout(restart, TYPING_MS);
  }
}

// What is listed

/** Lists anew, by the filters as they are. */
function restart() {
  clearTimeout(typing);
  past?.stop();
  past = new Past(
    {kind: value('filter-kind'), label: value('filter-label'), tenant: value('filter-tenant')}, addPast);
  seen = new Seen();
  arrivals = [];
  isHeldTooLong = false;
  byEvent.clear();
  chosen.clear();
  byId('matches').replaceChildren();
  byId('no-matches').hidden = true;
  showChosen();
  showHeld();
  readPast();
}

async function readPast() {
  if (!past || !isOpen('review')) {
    return;
  }
  const reading = past;
  try {
    await reading.read();
    if (reading === past) {
      problem('');
      byId('past').textContent = past.isOver ? 'These are all matches that Kafka still holds.' : 'Earlier matches follow …';
      empty();
    }
  } catch (failure) {
    if (reading === past) {
      problem(failure.message);
      setTimeout(readPast, 2000);
    }
  }
}

function addPast(matches) {
  let visible = 0;
  for (const match of matches) {
    if (seen.add(match)) {
      visible += insert(match) ? 1 : 0;
    }
  }
  return visible;
}

function arrived(match) {
  if (!isOpen('review')) {
    missed++;
    badge();
  }
  if (!past) {
    // The past has it, once it is read.
    return;
  }
  arrivals.push(match);
  if (isPaused) {
    if (arrivals.length > MAX_HELD) {
      arrivals = [];
      isHeldTooLong = true;
    }
    showHeld();
  } else {
    due();
  }
}

function due() {
  if (!isFrameDue) {
    isFrameDue = true;
    requestAnimationFrame(() => {
      isFrameDue = false;
      arrivals.splice(0, MAX_A_FRAME).filter((match) => seen.add(match)).forEach(insert);
      shorten();
      empty();
      if (arrivals.length > 0 && !isPaused) {
        due();
      }
    });
  }
}

/** Lists a match in its place; false where the filters leave it out. */
function insert(match) {
  const time = Date.parse(match.matchTime);
  const card = matchCard(match);
  showVerdict(card, verdictOn(match));
  byEvent.set(match.eventId, match);
  const list = byId('matches');
  // Nearly always the newest of all, or the oldest.
  const last = list.lastElementChild;
  const next = last && Number(last.dataset.time) > time
    ? null : [...list.children].find((other) => Number(other.dataset.time) <= time) ?? null;
  list.insertBefore(card, next);
  card.hidden = !passes(match);
  return !card.hidden;
}

function shorten() {
  const list = byId('matches');
  while (list.children.length > MAX_SHOWN) {
    const last = list.lastElementChild;
    byEvent.delete(last.dataset.event);
    chosen.delete(last.dataset.event);
    last.remove();
    past.stop();
    byId('past').textContent = `The newest ${count(MAX_SHOWN)} matches. Open the page again, or filter, to see earlier ones.`;
  }
}

function value(id) {
  return byId(id).value.trim();
}

function passes(match) {
  const kind = value('filter-kind');
  const label = value('filter-label');
  const tenant = value('filter-tenant');
  const source = value('filter-source');
  const distance = value('filter-distance');
  const wanted = value('filter-verdict');
  const verdict = verdictOn(match)?.decision ?? 'none';
  return (kind === '' || kind === match.kind)
    && (label === '' || label === match.centerLabel)
    && (tenant === '' || (tenant === match.later.tenant && tenant === match.earlier.tenant))
    && (source === '' || source === match.later.imageSource || source === match.earlier.imageSource)
    && (distance === '' || match.fingerprintDistance <= Number(distance))
    && (wanted === '' || wanted === verdict);
}

function empty() {
  byId('no-matches').hidden = !(past?.isOver && byEvent.size === 0);
}

function badge() {
  byId('arrived').hidden = missed === 0;
  byId('arrived').textContent = count(missed);
  byId('arrived').setAttribute('aria-label', plural(missed, 'new match', 'new matches'));
}

function pause() {
  isPaused = !isPaused;
  byId('pause').setAttribute('aria-pressed', String(isPaused));
  byId('pause').textContent = isPaused ? 'Go on' : 'Pause';
  if (!isPaused && isHeldTooLong) {
    restart();
  } else if (!isPaused) {
    due();
  }
  showHeld();
}

function showHeld() {
  const held = byId('held');
  held.hidden = !isPaused || (arrivals.length === 0 && !isHeldTooLong);
  held.textContent = isHeldTooLong
    ? `More than ${count(MAX_HELD)} new: show them` : `${count(arrivals.length)} new: show them`;
}

function problem(text) {
  byId('review-problem').hidden = text === '';
  byId('review-problem').textContent = text;
}

// What is decided

async function decideOn(events, decision) {
  const matches = events.map((event) => byEvent.get(event)).filter(Boolean);
  if (matches.length === 0) {
    return;
  }
  const done = [];
  try {
    for (const match of matches) {
      const before = verdictOn(match);
      await decide(match, decision, author());
      done.push({match, before});
      choose(card(match.eventId), false);
    }
    problem('');
  } catch (failure) {
    problem(failure.message);
  }
  if (done.length > 0) {
    decisions.push(done);
    byId('undo').disabled = false;
  }
}

async function undo() {
  const last = decisions.pop();
  byId('undo').disabled = decisions.length === 0;
  try {
    for (const {match, before} of last ?? []) {
      await restore(match, before);
    }
    problem('');
  } catch (failure) {
    problem(failure.message);
  }
}

function showVerdicts() {
  const focused = document.activeElement?.closest('#matches li');
  for (const item of byId('matches').children) {
    const match = byEvent.get(item.dataset.event);
    showVerdict(item, verdictOn(match));
    item.hidden = !passes(match);
  }
  if (focused?.hidden) {
    move(focused, 1);
  }
  const figures = [...precision()].map(([kind, {judged, confirmed}]) =>
    `${kindName(kind)} ${Math.round((100 * confirmed) / judged)} % of ${count(judged)}`);
  byId('precision').textContent = figures.length === 0
    ? '' : `Confirmed${isCut() ? ' of the latest verdicts' : ''}: ${figures.join(', ')}`;
}

function choose(item, isChosen) {
  if (!item) {
    return;
  }
  item.querySelector('input').checked = isChosen;
  if (isChosen) {
    chosen.add(item.dataset.event);
  } else {
    chosen.delete(item.dataset.event);
  }
  showChosen();
}

function showChosen() {
  for (const [id, verb] of [['confirm-chosen', 'Confirm'], ['dismiss-chosen', 'Dismiss']]) {
    byId(id).disabled = chosen.size === 0;
    byId(id).textContent = chosen.size === 0 ? `${verb} chosen` : `${verb} ${count(chosen.size)} chosen`;
  }
}

function card(event) {
  return [...byId('matches').children].find((item) => item.dataset.event === event);
}

// The keyboard

function key(event) {
  const isTyping = event.target.closest?.('input:not([type=checkbox]), select, textarea, dialog');
  if (!isOpen('review') || isTyping || event.ctrlKey || event.metaKey || event.altKey) {
    return;
  }
  const item = document.activeElement?.closest('#matches li') ?? null;
  const actions = {
    j: () => move(item, 1),
    k: () => move(item, -1),
    c: () => decideOn(chosen.size > 0 ? [...chosen] : focused(item), 'CONFIRMED'),
    d: () => decideOn(chosen.size > 0 ? [...chosen] : focused(item), 'DISMISSED'),
    x: () => choose(item, !item?.querySelector('input').checked),
    w: () => item && showWhy(byEvent.get(item.dataset.event)),
    u: undo,
    p: pause,
  };
  const allowed = may('review') || !DECIDING.includes(event.key);
  if (allowed && Object.hasOwn(actions, event.key)) {
    event.preventDefault();
    actions[event.key]();
  }
}

function focused(item) {
  return item ? [item.dataset.event] : [];
}

function move(item, by) {
  const visible = [...byId('matches').children].filter((other) => !other.hidden || other === item);
  const to = item ? visible[visible.indexOf(item) + by] : visible[0];
  to?.focus();
  to?.scrollIntoView({block: 'nearest'});
}
