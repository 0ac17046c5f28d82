// The service's token, where it requires one. It is kept until the tab is closed and sent as a header
// of the page's own calls only: no link and no picture can send it.

const KEY = 'mekiki-token';

let asking = null;

// True once the dialog was closed without a token. It opens again only when the user asks for it: the
// page calls the service every few seconds, and each call would reopen it.
let dismissed = false;

/** Lets the button in the status panel open the dialog again. */
export function enableToken() {
  button().addEventListener('click', () => {
    dismissed = false;
    askOnce(null).catch(() => {});
  });
}

/** fetch with the token; asks for one where the service refuses without. */
export async function fetchWithToken(path, options = {}) {
  while (true) {
    const token = sessionStorage.getItem(KEY);
    if (!token && dismissed) {
      throw missing();
    }
    const headers = {...options.headers};
    if (token) {
      headers.authorization = `Bearer ${token}`;
    }
    const response = await fetch(path, {...options, headers});
    if (response.status !== 401) {
      return response;
    }
    // Another call may have obtained a token while this one was under way.
    if (sessionStorage.getItem(KEY) === token) {
      if (dismissed) {
        throw missing();
      }
      await askOnce(token);
    }
  }
}

function missing() {
  return new Error('The service requires a token.');
}

function button() {
  return document.getElementById('token-open');
}

/** Shows what is at the path in an img element, which gets `error` where there is nothing. */
export async function showPicture(picture, path) {
  picture.dataset.path = path;
  if (!sessionStorage.getItem(KEY)) {
    picture.src = path;
    return;
  }
  let url = '';
  try {
    const response = await fetchWithToken(path);
    if (response.ok) {
      url = URL.createObjectURL(await response.blob());
    }
  } catch {
    // Shown as a missing picture.
  }
  if (picture.dataset.path !== path) {
    // Another picture is to be shown by now.
    URL.revokeObjectURL(url);
  } else if (url) {
    picture.addEventListener('load', () => URL.revokeObjectURL(url), {once: true});
    picture.src = url;
  } else {
    picture.dispatchEvent(new Event('error'));
  }
}

/** Hides an img element; a picture that is still being loaded does not appear later. */
export function hidePicture(picture) {
  picture.hidden = true;
  delete picture.dataset.path;
  picture.removeAttribute('src');
}

function askOnce(refused) {
  asking ??= ask(refused).finally(() => {
    asking = null;
  });
  return asking;
}

/** Resolves once a token has been entered; rejects where the dialog is closed without one. */
function ask(refused) {
  const dialog = document.getElementById('token');
  const input = document.getElementById('token-text');
  document.getElementById('token-refused').hidden = !refused;
  // A link sends no token, so this one would fail.
  document.getElementById('metrics').hidden = true;
  button().hidden = true;
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise((resolve, reject) => {
    dialog.addEventListener('close', () => {
      const token = input.value.trim();
      input.value = '';
      if (dialog.returnValue === 'given' && token) {
        sessionStorage.setItem(KEY, token);
        resolve();
      } else {
        // A refused token is of no use either.
        sessionStorage.removeItem(KEY);
        dismissed = true;
        button().hidden = false;
        reject(missing());
      }
    }, {once: true});
  });
}
