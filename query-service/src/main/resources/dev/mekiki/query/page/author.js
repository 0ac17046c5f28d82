// Who decides, as the user says it: kept in this browser and sent with verdicts and mutes.

import {byId} from './dom.js';

const KEY = 'mekiki-author';

/** Remembers the name that is typed. */
export function enableAuthor() {
  const field = byId('author');
  field.value = localStorage.getItem(KEY) ?? '';
  field.addEventListener('input', () => localStorage.setItem(KEY, field.value));
}

/** The name; empty where none was given. */
export function author() {
  return byId('author').value.trim();
}
