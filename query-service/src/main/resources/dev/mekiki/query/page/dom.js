// Small pieces of page. Whatever comes from outside becomes text, never markup: ids may hold
// newlines, quotes and angle brackets.

import {showPicture} from './token.js';

/** The element with that id, which the page has. */
export function byId(id) {
  return document.getElementById(id);
}

/** An element with properties set and children appended; strings become text nodes. */
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key === 'data') {
      Object.assign(made.dataset, value);
    } else {
      made[key] = value;
    }
  }
  made.append(...children);
  return made;
}

/** A button that shows an image id and opens its details. */
export function idButton(id) {
  const button = element('button', {type: 'button', className: 'id', title: id, textContent: id});
  button.addEventListener('click', () => {
    document.dispatchEvent(new CustomEvent('mekiki:details', {detail: id}));
  });
  return button;
}

/** The thumbnail of an indexed image; a plain tile where there is none. */
export function thumbnail(id) {
  const picture = element('img', {alt: '', loading: 'lazy', decoding: 'async', width: 160, height: 160});
  const frame = element('div', {className: 'thumbnail'}, picture);
  picture.addEventListener('error', () => {
    frame.classList.add('none');
    frame.replaceChildren(element('span', {textContent: 'no thumbnail'}));
  });
  showPicture(picture, `v1/thumbnails?id=${encodeURIComponent(id)}`);
  return frame;
}

const NUMBER = new Intl.NumberFormat('en');

/** A whole number with separators. */
export function count(value) {
  return NUMBER.format(value);
}

/** "1 partition", "2 partitions". */
export function plural(value, noun, nouns = `${noun}s`) {
  return `${count(value)} ${Number(value) === 1 ? noun : nouns}`;
}

/** A name with its value, for a list of both. */
export function entry(name, value, className = '') {
  return [element('dt', {textContent: name}), element('dd', {className, textContent: value})];
}
