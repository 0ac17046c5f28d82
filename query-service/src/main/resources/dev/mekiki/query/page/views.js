import {byId} from './dom.js';

const VIEWS = ['search', 'review', 'groups', 'map', 'operate'];
const opened = new Map();

let current = '';

/** Shows the view that the address names; the first one where it names none. */
export function enableViews() {
  addEventListener('hashchange', show);
  show();
}

/** Calls back whenever a view is opened. */
export function onOpen(view, callback) {
  opened.set(view, callback);
  if (current === view) {
    callback();
  }
}

/** Whether a view is the one that is seen. */
export function isOpen(view) {
  return current === view;
}

/** Goes to a view. */
export function open(view) {
  if (current === view) {
    return;
  }
  history.pushState(null, '', `#${view}`);
  show();
}

function show() {
  const named = location.hash.slice(1);
  current = VIEWS.includes(named) ? named : VIEWS[0];
  for (const view of VIEWS) {
    byId(view).hidden = view !== current;
  }
  for (const tab of document.querySelectorAll('.tabs a')) {
    if (tab.dataset.view === current) {
      tab.setAttribute('aria-current', 'page');
    } else {
      tab.removeAttribute('aria-current');
    }
  }
  opened.get(current)?.();
}
