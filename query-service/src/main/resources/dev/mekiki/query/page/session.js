// What the caller's token allows. What it does not is not offered: style.css hides it by the `lacks` of
// the body. The service checks each call whatever the page shows.

import * as api from './api.js';

const ROLES = ['read', 'write', 'review', 'operate'];

let roles = null;

/** Learns what is allowed, unless that is known. */
export async function learnSession() {
  if (roles === null) {
    roles = new Set((await api.session()).roles);
    document.body.dataset.lacks = ROLES.filter((role) => !roles.has(role)).join(' ');
  }
}

/** Whether the caller has a role; true while that is not known. */
export function may(role) {
  return roles === null || roles.has(role);
}
