// What people have decided about pairs, as this page knows it: the verdicts of everybody, asked for
// every few seconds.

import * as api from './api.js';

const PERIOD_MS = 3000;
const LIMIT = 1000;

const known = new Map();
const listeners = new Set();

// Settings of the service, which do not change while it runs.
let tenantsShared = null;
let following = false;

/** Calls back whenever verdicts have changed. */
export function onVerdicts(listener) {
  listeners.add(listener);
}

/** Asks for verdicts for as long as the page lives. */
export function followVerdicts() {
  if (!following) {
    following = true;
    refresh();
  }
}

/** The verdict on the two images of a match; undefined where there is none. */
export function verdictOn(match) {
  return known.get(key(match));
}

/** Confirms or dismisses a match. */
export async function decide(match, decision, author) {
  return put({
    a: match.later.id,
    b: match.earlier.id,
    decision,
    author,
    kind: match.kind,
    decidedBy: match.decidedBy,
  });
}

/** Makes the verdict on a match what it was. */
export async function restore(match, before) {
  if (before) {
    return put({
      a: before.imageA,
      b: before.imageB,
      decision: before.decision,
      author: before.author,
      note: before.note,
      kind: before.kind,
      decidedBy: before.decidedBy,
    });
  }
  const now = verdictOn(match);
  if (now) {
    await api.deleteVerdict(now.id);
    known.delete(now.id);
    changed();
  }
  return undefined;
}

/** Of each kind how many verdicts there are, and how many of them confirm. */
export function precision() {
  const kinds = new Map();
  for (const verdict of known.values()) {
    const figures = kinds.get(verdict.kind) ?? {judged: 0, confirmed: 0};
    figures.judged++;
    figures.confirmed += verdict.decision === 'CONFIRMED' ? 1 : 0;
    kinds.set(verdict.kind, figures);
  }
  return kinds;
}

/** Whether there are more verdicts than this page asks for. */
export function isCut() {
  return known.size >= LIMIT;
}

async function put(request) {
  const verdict = await api.putVerdict(request);
  known.set(verdict.id, verdict);
  changed();
  return verdict;
}

// As the service makes the id of a verdict: of the bytes of both, and of their tenant unless that is
// the default one.
function key(match) {
  const pair = [match.later.sha256, match.earlier.sha256].sort().join('-');
  const tenant = tenantsShared ? '' : match.later.tenant;
  return tenant ? `${escaped(tenant)}/${pair}` : pair;
}

function escaped(tenant) {
  return tenant.replaceAll('%', '%25').replaceAll('/', '%2F');
}

async function refresh() {
  try {
    if (!document.hidden) {
      tenantsShared ??= (await api.status()).tenantsShared;
      replace((await api.verdicts({limit: LIMIT})).verdicts);
    }
  } catch {
    // The status panel says that the service does not answer.
  } finally {
    setTimeout(refresh, PERIOD_MS);
  }
}

function replace(verdicts) {
  const before = [...known.values()].map(text).join();
  known.clear();
  for (const verdict of verdicts) {
    known.set(verdict.id, verdict);
  }
  if ([...known.values()].map(text).join() !== before) {
    changed();
  }
}

function text(verdict) {
  return `${verdict.id} ${verdict.decision} ${verdict.time}`;
}

function changed() {
  for (const listener of listeners) {
    listener();
  }
}
