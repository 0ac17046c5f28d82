import * as api from './api.js';
import {byId, count, element, idButton, plural, thumbnail} from './dom.js';
import {kindName} from './card.js';
import {onOpen} from './views.js';

const PAGE = 60;

let latest = 0;

/** Shows the groups of copies, each as a stack. */
export function enableGroups() {
  onOpen('groups', reload);
  byId('groups-reload').addEventListener('click', reload);
}

function reload() {
  byId('group-list').replaceChildren();
  load(++latest, '');
}

async function load(turn, cursor) {
  const more = byId('groups-more');
  more.hidden = true;
  try {
    const answer = await api.groups({limit: PAGE, cursor});
    if (turn !== latest) {
      return;
    }
    byId('group-list').append(...answer.groups.map(stack));
    explain(byId('group-list').children.length > 0 ? ''
      : 'No two images are copies of one another yet.');
    more.hidden = answer.nextCursor === '';
    more.onclick = () => load(turn, answer.nextCursor);
  } catch (problem) {
    if (turn === latest) {
      explain(problem.message);
    }
  }
}

function explain(text) {
  byId('no-groups').hidden = text === '';
  byId('no-groups').textContent = text;
}

function stack(group) {
  const open = element('button', {type: 'button', className: 'stack'},
    thumbnail(group.representative.imageId),
    element('span', {className: 'size', textContent: `${count(group.size)}${group.capped ? '+' : ''}`}));
  open.setAttribute('aria-label', `${plural(group.size, 'image')}, the oldest is ${group.representative.imageId}`);
  open.addEventListener('click', () => show(group));
  return element('li', {data: {kind: group.kind}},
    open,
    idButton(group.representative.imageId),
    element('p', {className: 'quiet', textContent: group.kind === 'EXACT'
      ? 'the same bytes' : `${kindName(group.kind)}, ${plural(group.contents, 'content')}`}));
}

async function show(group) {
  byId('group-title').textContent = `${plural(group.size, 'image')}${group.capped ? ' or more' : ''}`;
  byId('group-members').replaceChildren();
  byId('group').showModal();
  await members(group, '');
}

async function members(group, cursor) {
  const more = byId('group-more');
  more.hidden = true;
  try {
    const answer = await api.group(group.id, {limit: PAGE, cursor});
    byId('group-members').append(...answer.group.members.map(member));
    more.hidden = answer.nextCursor === '';
    more.onclick = () => members(group, answer.nextCursor);
  } catch (problem) {
    byId('group-members').append(element('li', {className: 'notice bad', textContent: problem.message}));
  }
}

function member(image) {
  return element('li', {},
    thumbnail(image.imageId),
    idButton(image.imageId),
    element('p', {className: 'quiet', textContent: new Date(image.imageTime).toLocaleString()}));
}
