// The service's HTTP API. 64-bit numbers arrive as strings, as protobuf's JSON has them.

import {fetchWithToken} from './token.js';

const RECONNECT_MS = 1000;

/** The service's answer; throws an Error with its reason. */
async function ask(path, options) {
  let response;
  try {
    response = await fetchWithToken(path, options);
  } catch (cause) {
    throw cause instanceof TypeError ? new Error('The query service does not answer.', {cause}) : cause;
  }
  if (response.ok) {
    return response.json();
  }
  let reason = `${response.status} ${response.statusText}`;
  if ((response.headers.get('content-type') ?? '').includes('json')) {
    reason = (await response.json()).detail ?? reason;
  }
  throw new Error(reason);
}

export function status() {
  return ask('v1/status');
}

/** Who calls, and what the token allows. */
export function session() {
  return ask('v1/session');
}

export function image(id) {
  return ask(`v1/images?id=${encodeURIComponent(id)}`);
}

/**
 * Searches by image bytes; hits are described.
 *
 * @param {{k: number, filter: object, signal: AbortSignal}} wanted
 */
export function searchByFile(file, {k, filter, signal}) {
  const parameters = new URLSearchParams({k, describe: true});
  Object.entries(filter).forEach(([key, value]) => parameters.set(`filter.${key}`, value));
  return ask(`v1/search?${parameters}`, {method: 'POST', headers: {'content-type': imageType(file)}, body: file, signal});
}

/** Searches by an indexed image; hits are described. */
export function searchById(id, {k, filter, signal}) {
  return ask('v1/search', {
    method: 'POST',
    headers: {'content-type': 'application/json'},
    body: JSON.stringify({id, k, filter, describe: true}),
    signal,
  });
}

function imageType(file) {
  return file.type.startsWith('image/') ? file.type : 'application/octet-stream';
}

/** Searches by a hash code, hexadecimal. */
export function searchByCode(code, {k}) {
  return ask('v1/search', {
    method: 'POST',
    headers: {'content-type': 'application/json'},
    body: JSON.stringify({code, k}),
  });
}

/** A page of the hash centers. */
export function centers(parameters) {
  return ask(`v1/centers?${given(parameters)}`);
}

/** How many images each center has. */
export function centerSizes() {
  return ask('v1/centers/sizes');
}

/** A page of matches of the past, the newest first. Empty values are left out. */
export function matches(parameters) {
  return ask(`v1/matches?${given(parameters)}`, {headers: {accept: 'application/json'}});
}

/** Why two indexed images match, or do not. */
export function compare(a, b) {
  return ask(`v1/compare?${given({a, b})}`);
}

/** Why a picture and an indexed image match, or do not. */
export function compareFile(file, b) {
  return ask(`v1/compare?${given({b})}`, {method: 'POST', headers: {'content-type': imageType(file)}, body: file});
}

/** A page of verdicts, the newest first. */
export function verdicts(parameters) {
  return ask(`v1/verdicts?${given(parameters)}`);
}

/** Confirms or dismisses a pair of indexed images. */
export function putVerdict(verdict) {
  return ask('v1/verdicts', {
    method: 'PUT',
    headers: {'content-type': 'application/json'},
    body: JSON.stringify(verdict),
  });
}

/** Withdraws a verdict. */
export function deleteVerdict(id) {
  return ask(`v1/verdicts?${given({id})}`, {method: 'DELETE'});
}

/** A page of groups, without members. */
export function groups(parameters) {
  return ask(`v1/groups?${given(parameters)}`);
}

/** A group with some of its members. */
export function group(id, parameters) {
  return ask(`v1/groups/${id.split('/').map(encodeURIComponent).join('/')}?${given(parameters)}`);
}

function given(parameters) {
  return new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== ''));
}

export function mutes() {
  return ask('v1/mutes');
}

/** Mutes the picture in a file. */
export function muteFile(file, parameters) {
  return ask(`v1/mutes?${given(parameters)}`, {
    method: 'POST',
    headers: {'content-type': 'application/octet-stream'},
    body: file,
  });
}

/** Mutes an image by its id, or a fingerprint. */
export function mute(request) {
  return ask('v1/mutes', {
    method: 'POST',
    headers: {'content-type': 'application/json'},
    body: JSON.stringify(request),
  });
}

export function deleteMute(id) {
  return ask(`v1/mutes?${given({id})}`, {method: 'DELETE'});
}

export function quarantine() {
  return ask('v1/quarantine');
}

export function rematch() {
  return ask('v1/rematch');
}

export function startRematch(request) {
  return ask('v1/rematch', {
    method: 'POST',
    headers: {'content-type': 'application/json'},
    body: JSON.stringify(request),
  });
}

export function cancelRematch(author) {
  return ask(`v1/rematch?${given({author})}`, {method: 'DELETE'});
}

/**
 * Follows the stream of matches for as long as the page lives.
 *
 * @param {{fromBeginning: boolean}} options
 * @param {(match: object) => void} onMatch
 * @param {(state: 'live' | 'waiting' | 'reconnecting') => void} onState
 * @returns {() => void} ends it
 */
export function followMatches({fromBeginning}, onMatch, onState) {
  const end = new AbortController();
  let last = '';
  async function follow() {
    const parameters = new URLSearchParams();
    if (last) {
      parameters.set('after', last);
    } else if (fromBeginning) {
      parameters.set('fromBeginning', 'true');
    }
    // Not an EventSource, which sends no token.
    const response = await fetchWithToken(`v1/matches?${parameters}`, {signal: end.signal});
    if (!response.ok) {
      return;
    }
    onState('live');
    for await (const event of events(response.body)) {
      // A comment says whether the service itself can read the matches.
      if (event[''] !== undefined) {
        onState(event[''].startsWith('not reading') ? 'waiting' : 'live');
      }
      // Also of an event without data: a stream that breaks before the first match loses none.
      last = event.id ?? last;
      if (event.event === 'match') {
        onMatch(JSON.parse(event.data));
      }
    }
  }
  async function keepFollowing() {
    while (!end.signal.aborted) {
      await follow().catch(() => {});
      if (!end.signal.aborted) {
        onState('reconnecting');
        await new Promise((resume) => setTimeout(resume, RECONNECT_MS));
      }
    }
  }
  keepFollowing();
  return () => end.abort();
}

/** Server-sent events as objects of their fields; the service writes each field on one line. */
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  let event = {};
  while (true) {
    const {done, value} = await reader.read();
    if (done) {
      return;
    }
    const lines = (rest + value).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      if (line === '') {
        yield event;
        event = {};
      } else {
        const colon = line.indexOf(':');
        event[line.slice(0, colon)] = line.slice(colon + 1);
      }
    }
  }
}
