// The service's HTTP API. 64-bit numbers arrive as strings, as protobuf's JSON has them.

/** What the service answers, or an Error with its reason. */
async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch (cause) {
    throw new Error('The query service does not answer.', {cause});
  }
  if (response.ok) {
    return response.json();
  }
  let reason = `${response.status} ${response.statusText}`;
  if ((response.headers.get('content-type') ?? '').includes('json')) {
    reason = (await response.json()).detail ?? reason;
  } else if (response.status === 413) {
    reason = 'The image is larger than the service accepts.';
  }
  throw new Error(reason);
}

export function status() {
  return ask('v1/status');
}

export function image(id) {
  return ask(`v1/images?id=${encodeURIComponent(id)}`);
}

/** Searches by image bytes. */
export function searchByFile(file, {k, radius}) {
  const parameters = new URLSearchParams({k});
  if (radius !== null) {
    parameters.set('radius', radius);
  }
  return ask(`v1/search?${parameters}`, {
    method: 'POST',
    headers: {'content-type': file.type.startsWith('image/') ? file.type : 'application/octet-stream'},
    body: file,
  });
}

/** Searches by an indexed image. */
export function searchById(id, {k, radius}) {
  return ask('v1/search', {
    method: 'POST',
    headers: {'content-type': 'application/json'},
    body: JSON.stringify(radius === null ? {id, k} : {id, k, radius}),
  });
}

/**
 * Follows the stream of matches for as long as the page lives.
 *
 * @param {{fromBeginning: boolean}} options
 * @param {(match: object) => void} onMatch
 * @param {(state: 'live' | 'reconnecting') => void} onState
 * @returns {() => void} ends it
 */
export function followMatches({fromBeginning}, onMatch, onState) {
  let source;
  let last = '';
  let timer;
  function open() {
    const parameters = new URLSearchParams();
    if (last) {
      parameters.set('after', last);
    } else if (fromBeginning) {
      parameters.set('fromBeginning', 'true');
    }
    source = new EventSource(`v1/matches?${parameters}`);
    source.addEventListener('open', () => onState('live'));
    source.addEventListener('match', (event) => {
      last = event.lastEventId;
      onMatch(JSON.parse(event.data));
    });
    source.addEventListener('error', () => {
      onState('reconnecting');
      // Browsers reconnect by themselves after a break, but not after a refusal.
      if (source.readyState === EventSource.CLOSED) {
        timer = setTimeout(open, 2000);
      }
    });
  }
  open();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
