// Lays out hash centers beside the page, which stays smooth meanwhile, and sends it what it has from
// time to time.

import {layout} from './map-layout.js';

const PERIOD_MS = 120;

addEventListener('message', ({data: {words, width}}) => {
  let sent = 0;
  let last = null;
  for (const places of layout(words, width)) {
    last = places;
    if (performance.now() - sent > PERIOD_MS) {
      postMessage({places, isLast: false});
      sent = performance.now();
    }
  }
  postMessage({places: last, isLast: true}, [last.buffer]);
});
