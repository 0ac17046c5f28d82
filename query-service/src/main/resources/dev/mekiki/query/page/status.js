import * as api from './api.js';
import {byId, count, element, plural} from './dom.js';
import {learnSession} from './session.js';

const PERIOD_MS = 2000;

const listeners = new Set();

/** Calls back with the status each time it is asked for. */
export function onStatus(listener) {
  listeners.add(listener);
}

/** Keeps the status panel up to date. */
export function showStatus() {
  refresh();
}

async function refresh() {
  try {
    if (!document.hidden) {
      await learnSession();
      const status = await api.status();
      show(status);
      listeners.forEach((listener) => listener(status));
    }
  } catch (problem) {
    health('bad', problem.message);
  } finally {
    setTimeout(refresh, PERIOD_MS);
  }
}

function show(status) {
  byId('version').textContent = status.version;
  if (!status.generation) {
    health('waiting', 'Waiting for an encoder service, which announces the network and its centers.');
    return;
  }
  const missing = status.missingPartitions;
  const answering = status.partitions - missing.length;
  // A tenant sees nothing of what there is of others.
  const isTenant = status.tenant !== undefined;
  const empty = !isTenant && Number(status.images) === 0;
  const hidden = isTenant || empty;
  byId('figure-images').textContent = isTenant ? '–' : count(status.images);
  byId('figure-probes').textContent = hidden ? '–' : status.probesPerImage.toFixed(2);
  byId('figure-balance').textContent = hidden ? '–' : `${status.fullestOverMean.toFixed(2)} ×`;
  byId('figure-partitions').textContent = `${answering} of ${status.partitions}`;
  byId('figure-instances').textContent = isTenant ? '–' : count(status.instances.length);
  byId('figure-code').replaceChildren(
    `${status.bits} bits`, element('small', {textContent: plural(status.centers, 'center')}));
  byId('figure-generation').textContent = status.generation.slice(0, 12);
  byId('figure-generation').title = `Generation ${status.generation}, network ${status.network}`;
  if (isTenant ? answering === 0 : status.instances.length === 0) {
    health('waiting', 'Waiting for an index instance.');
  } else if (missing.length > 0) {
    health('bad', `${missing.length === 1 ? 'Partition' : 'Partitions'} ${missing.join(', ')} missing: `
      + 'searches that need them are answered by a standby, or in part.');
  } else if (empty) {
    health('good', 'Ready, and empty: send images to see them here.');
  } else if (isTenant) {
    health('good', `Ready: all partitions answer. You see the images of ${status.tenant}.`);
  } else {
    health('good', 'Ready: all partitions answer.');
  }
}

function health(state, text) {
  const line = byId('health');
  line.dataset.state = state;
  // Screen readers announce changes, so only a change is written.
  if (line.textContent !== text) {
    line.textContent = text;
  }
}
