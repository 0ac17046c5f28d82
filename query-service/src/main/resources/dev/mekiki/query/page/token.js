// The token that the service may ask for. It is kept for as long as the tab lives, and goes where
// the page's own calls go, as a header: no link and no picture can send it.

const KEY = 'mekiki-token';

let asking = null;

/** fetch, with the token; asks for one where the service refuses without. */
export async function fetchWithToken(path, options = {}) {
  while (true) {
    const token = sessionStorage.getItem(KEY);
    const headers = {...options.headers};
    if (token) {
      headers.authorization = `Bearer ${token}`;
    }
    const response = await fetch(path, {...options, headers});
    if (response.status !== 401) {
      return response;
    }
    // Another call may have been answered with a token while this one was under way.
    if (sessionStorage.getItem(KEY) === token) {
      asking ??= ask(token).finally(() => {
        asking = null;
      });
      await asking;
    }
  }
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
    // Shown as a picture that is not there.
  }
  if (picture.dataset.path !== path) {
    // Meanwhile it was told to show another one.
    URL.revokeObjectURL(url);
  } else if (url) {
    picture.addEventListener('load', () => URL.revokeObjectURL(url), {once: true});
    picture.src = url;
  } else {
    picture.dispatchEvent(new Event('error'));
  }
}

/** Waits until a token has been given; fails where the dialog is closed without one. */
function ask(refused) {
  const dialog = document.getElementById('token');
  const input = document.getElementById('token-text');
  document.getElementById('token-refused').hidden = !refused;
  // A link names no token, so this one leads nowhere.
  document.getElementById('metrics').hidden = true;
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
        reject(new Error('The service asks for a token.'));
      }
    }, {once: true});
  });
}
