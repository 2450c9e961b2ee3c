// When was it pressed? Three witnesses, none of them always right: the wall clock of the device
// (may be wrong, may be set meanwhile), a clock that only counts (stops in sleep, is lost with a
// reload), and the server's clock (known only when there is network). All in milliseconds.

export interface Reading {
  wall: number; // Date.now()
  mono: number; // performance.now()
  boot: string; // of this page load: mono may be compared within one only
}
/** What is kept with a press. */
export interface Stamp extends Reading {
  /** Server minus wall as known then; null when the server had never been heard. */
  offset: number | null;
  /** Server's time when it was last heard before. */
  heard: number | null;
  /** Half of the way to the server and back, of that offset; only of a mark. */
  about?: number;
}
/** Now, when the server was just heard. */
export interface Known extends Reading {
  offset: number;
  about?: number;
}
export interface Aged {
  age_ms: number;
  uncertainty_ms: number;
}

/** Clocks that differ by less agree. */
const agree_ms = 2000;
const base_ms = 500; // reading an age and receiving it
const lost_count_ms = 2000; // the clock that counts was lost: a reload, a reboot
const stepped_ms = 60_000; // the wall clock was set and nothing else remembers
const most_ms = 24 * 3_600_000; // what the server takes

const width = (ms: number) => Math.min(most_ms, Math.round(ms));

interface Guess {
  at: number; // server's time
  about: number;
}

/** Between the last word of the server before the press and now; nothing else can be. */
function possible(stamp: Stamp, server: number) {
  const floor = (stamp.heard ?? server - most_ms) - agree_ms;
  return { floor, fits: (at: number) => at >= floor && at <= server + agree_ms };
}

/** Without a clock that counted through: the wall clock, judged by what is possible at all. */
function by_wall(stamp: Stamp, by_now: number, by_then: number, server: number): Guess {
  const { floor, fits } = possible(stamp, server);
  if (fits(by_now) && fits(by_then)) return { at: by_then, about: Math.abs(by_now - by_then) };
  if (fits(by_now)) return { at: by_now, about: stepped_ms };
  if (fits(by_then)) return { at: by_then, about: stepped_ms };
  return { at: (floor + server) / 2, about: (server - floor) / 2 };
}

function guess(stamp: Stamp, now: Known): Guess {
  const server = now.wall + now.offset;
  const by_now = stamp.wall + now.offset;
  const by_then = stamp.wall + (stamp.offset ?? now.offset);
  const by_count = stamp.boot === now.boot ? server - (now.mono - stamp.mono) : null;
  const { fits } = possible(stamp, server);
  // The wall clock kept its distance to the server's: it was not set, however long the sleep.
  if (Math.abs(by_now - by_then) <= agree_ms && fits(by_now)) {
    const lost = by_count === null ? lost_count_ms : base_ms;
    return { at: by_now, about: Math.max(lost, Math.abs(by_now - by_then)) };
  }
  if (by_count === null) return by_wall(stamp, by_now, by_then, server);
  const misses = [by_now, by_then].filter(fits).map((at) => Math.abs(at - by_count));
  const miss = misses.length > 0 ? Math.min(...misses) : stepped_ms;
  return { at: by_count, about: Math.max(base_ms, miss) };
}

/** How long ago, and how little we know it. */
export function age_of(stamp: Stamp, now: Known): Aged {
  const { at, about } = guess(stamp, now);
  const age = now.wall + now.offset - at;
  return { age_ms: Math.max(0, Math.round(age)), uncertainty_ms: width(about) };
}

/** Crystals of tablets: how far a clock that counts may run off, of a second. */
const drift = 1e-4;
const fresh_ms = 120_000;

/** The server's time of a mark, in ms of 1970, to milliseconds where the network lets. */
export function instant_of(stamp: Stamp, now: Known): { at: number; about: number } {
  // Just heard before: the wall clock had no time to be set or to run off.
  const then = stamp.wall + (stamp.offset ?? 0);
  const since = stamp.heard === null ? Infinity : Math.abs(then - stamp.heard);
  if (stamp.offset !== null && stamp.about !== undefined && since <= fresh_ms)
    return { at: then, about: stamp.about + since * drift + 1 };
  // Told long after, but counted through.
  const server = now.wall + now.offset;
  const counted = now.mono - stamp.mono;
  const slept = Math.abs(now.wall - stamp.wall - counted);
  if (stamp.boot === now.boot && now.about !== undefined && slept <= agree_ms)
    return { at: server - counted, about: now.about + counted * drift + slept + 1 };
  const { age_ms, uncertainty_ms } = age_of(stamp, now);
  return { at: server - age_ms, about: uncertainty_ms };
}
