// The matches that are listed: those that arrive, and those of the past page by page. What is shown of
// them is up to review.js.

import * as api from './api.js';

const PAGE = 100;

/** A page that holds none of what is looked for is followed by the next, up to this many. */
const MAX_EMPTY_PAGES = 10;

const MAX_REMEMBERED = 20_000;

const followers = new Set();
const observers = new Set();

/** Calls back with each match that arrives. The page has one stream of them, whoever looks at it. */
export function onArrival(follower) {
  if (followers.size === 0) {
    const callAll = (all) => (news) => all.forEach((one) => one(news));
    api.followMatches({fromBeginning: false}, callAll(followers), callAll(observers));
  }
  followers.add(follower);
}

/** Calls back with the state of that stream: `live`, `waiting` or `reconnecting`. */
export function onStreamState(observer) {
  observers.add(observer);
}

/** What was sent before, so that an event that comes twice is shown once. */
export class Seen {
  #ids = new Set();

  /** Notes an event; false where it was noted before. */
  add(match) {
    if (this.#ids.has(match.eventId)) {
      return false;
    }
    this.#ids.add(match.eventId);
    if (this.#ids.size > MAX_REMEMBERED) {
      // A set keeps the order of insertion: this is the oldest.
      this.#ids.delete(this.#ids.values().next().value);
    }
    return true;
  }
}

/** Reads the past, the newest first. */
export class Past {
  #parameters;
  #onMatches;
  #cursor = '';
  #isReading = false;
  #isStopped = false;

  isOver = false;

  /**
   * @param {object} parameters which matches the service should give
   * @param {(matches: object[]) => number} onMatches says how many of them are seen
   */
  constructor(parameters, onMatches) {
    this.#parameters = parameters;
    this.#onMatches = onMatches;
  }

  /** Reads on, unless it reads already or is at the end. Throws an Error where there is no answer. */
  async read() {
    if (this.#isReading || this.isOver || this.#isStopped) {
      return;
    }
    this.#isReading = true;
    try {
      let seen = 0;
      for (let page = 0; page < MAX_EMPTY_PAGES && seen === 0 && !this.isOver; page++) {
        const answer = await api.matches({...this.#parameters, limit: PAGE, cursor: this.#cursor});
        if (this.#isStopped) {
          return;
        }
        this.#cursor = answer.nextCursor;
        this.isOver = answer.nextCursor === '';
        seen += this.#onMatches(answer.matches);
      }
    } finally {
      this.#isReading = false;
    }
  }

  stop() {
    this.#isStopped = true;
  }
}
