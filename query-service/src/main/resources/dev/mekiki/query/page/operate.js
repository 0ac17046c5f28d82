// What runs where, and what people have decided for all: mutes, quarantine, rematch.

import * as api from './api.js';
import {author} from './author.js';
import {byId, count, element, idButton, plural, thumbnail} from './dom.js';
import {isOpen, onOpen} from './views.js';

const PERIOD_MS = 3000;
const ACTIVE = new Set(['PREPARING', 'RUNNING']);

let timer = 0;

/** Shows how the service stands for as long as the view is open. */
export function enableOperate() {
  onOpen('operate', refresh);
  byId('mute').addEventListener('submit', (event) => act(event, mute));
  byId('rematch-start').addEventListener('submit', (event) => act(event, startRematch));
  byId('rematch-cancel').addEventListener('click', (event) => act(event, () => api.cancelRematch(author())));
}

async function refresh() {
  clearTimeout(timer);
  if (!isOpen('operate')) {
    return;
  }
  const parts = [
    api.status().then(showPartitions),
    api.quarantine().then(showQuarantine),
    api.mutes().then(showMutes),
    api.rematch().then(showRematch, noRematch),
  ];
  // One part that a role may not see does not hide the others.
  const failed = (await Promise.allSettled(parts)).find((part) => part.status === 'rejected');
  problem(failed ? failed.reason.message : '');
  timer = setTimeout(refresh, PERIOD_MS);
}

async function act(event, action) {
  event.preventDefault();
  try {
    await action();
    await refresh();
  } catch (failure) {
    problem(failure.message);
  }
}

function problem(text) {
  byId('operate-problem').hidden = text === '';
  byId('operate-problem').textContent = text;
}

function showPartitions(status) {
  const hosts = (list) => status.instances.filter((instance) => list(instance)).map((instance) => instance.address);
  const rows = [];
  for (let partition = 0; partition < (status.partitions ?? 0); partition++) {
    const active = hosts((instance) => instance.activePartitions.includes(partition));
    const standby = hosts((instance) => instance.standbyPartitions.includes(partition));
    rows.push(element('tr', {className: active.length === 0 ? 'missing' : ''},
      element('th', {scope: 'row', textContent: partition}),
      element('td', {textContent: active.join(', ') || 'none: it moves or restores, or no instance has it'}),
      element('td', {textContent: standby.join(', ') || '–'})));
  }
  const isHidden = status.instances.length === 0;
  byId('partitions').hidden = isHidden;
  byId('no-partitions').hidden = !isHidden;
  byId('partitions').tBodies[0].replaceChildren(...rows);
}

function showQuarantine(list) {
  byId('no-quarantine').hidden = list.pictures.length > 0;
  byId('quarantine').replaceChildren(...list.pictures.map((picture) => {
    const silence = element('button', {type: 'button', className: 'for-review', textContent: 'Mute for good'});
    silence.addEventListener('click', (event) => act(event, () => api.mute({
      fingerprint: {fingerprint: picture.fingerprint, radius: picture.radius},
      ...(picture.tenant === undefined ? {} : {tenant: picture.tenant}),
      author: author(),
      reason: 'was in quarantine',
    })));
    return row(picture.examples[0],
      `${plural(picture.images, 'image')} since ${new Date(picture.since).toLocaleString()}`,
      picture.explanation, silence);
  }));
}

function showMutes(list) {
  byId('no-mutes').hidden = list.mutes.length > 0;
  byId('mutes').replaceChildren(...list.mutes.map((mute) => {
    const remove = element('button', {type: 'button', className: 'for-review', textContent: 'Remove'});
    remove.addEventListener('click', (event) => act(event, () => api.deleteMute(mute.id)));
    return row(mute.imageId, muted(mute),
      [mute.reason, mute.author && `by ${mute.author}`, new Date(mute.time).toLocaleString()].filter(Boolean).join(' · '),
      remove);
  }));
}

function muted(mute) {
  const tenant = mute.tenant === undefined || mute.tenant === null ? '' : `, tenant ${mute.tenant || '(default)'}`;
  if (mute.fingerprint) {
    return `fingerprint ${mute.fingerprint.fingerprint.slice(0, 12)}…, within ${mute.fingerprint.radius} bits${tenant}`;
  }
  return mute.sha256 ? `the bytes ${mute.sha256.slice(0, 12)}…${tenant}` : `an image${tenant}`;
}

function row(imageId, title, detail, button) {
  return element('li', {},
    imageId ? thumbnail(imageId) : '',
    element('div', {},
      element('p', {textContent: title}),
      imageId ? idButton(imageId) : '',
      element('p', {className: 'quiet', textContent: detail})),
    button);
}

async function mute() {
  const file = byId('mute-file').files[0];
  const imageId = byId('mute-id').value;
  const why = {reason: byId('mute-reason').value, author: author()};
  if (file) {
    await api.muteFile(file, why);
  } else if (imageId !== '') {
    await api.mute({imageId, ...why});
  } else {
    throw new Error('Choose a picture, or name the id of an image.');
  }
  byId('mute').reset();
}

async function startRematch() {
  const since = byId('rematch-since').value;
  const rate = byId('rematch-rate').value;
  await api.startRematch({
    author: author(),
    ...(since === '' ? {} : {since: new Date(since).toISOString()}),
    ...(rate === '' ? {} : {rate: Number(rate)}),
  });
}

function showRematch(job) {
  const isActive = ACTIVE.has(job.state);
  const total = Number(job.imagesInTotal);
  const pairs = Number(job.candidates) === 0 ? '' : `, ${count(job.candidates)} pairs to be verified as copies`;
  const by = job.author ? ` by ${job.author}` : '';
  byId('rematch').textContent = `${job.state.toLowerCase()}: begun ${new Date(job.startTime).toLocaleString()}${by}; `
    + `${count(job.images)} of ${count(total)} images, ${count(job.events)} new and ${count(job.known)} known matches${pairs}`
    + `${job.message ? `; ${job.message}` : ''}`;
  byId('rematch-progress').hidden = !isActive;
  byId('rematch-progress').value = total === 0 ? 0 : Number(job.images) / total;
  byId('rematch-cancel').hidden = !isActive;
}

function noRematch(failure) {
  byId('rematch').textContent = failure.message;
  byId('rematch-cancel').hidden = true;
  byId('rematch-progress').hidden = true;
}
