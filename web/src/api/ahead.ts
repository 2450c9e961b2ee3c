// The first list of a page is asked for together with the page itself (src/early.js), as this
// browser asked for it the last time: on a slow line a third of a second less.
import { answer_within_ms, base } from './base';

interface Ahead {
  url: string;
  answer: Promise<Response>;
}
const held = globalThis as { otklik_ahead?: Ahead };
const kept_as = 'otklik.ahead'; // {"/inbox?kind=idea": "/api/v1/signals?…"}, one for each page

function kept(): Record<string, string> {
  try {
    const all: unknown = JSON.parse(localStorage.getItem(kept_as) ?? '{}');
    return (all ?? {}) as Record<string, string>; // «null» is JSON too
  } catch {
    return {};
  }
}

/** What this page asks first, kept for the next time it is opened. */
export function remember_ahead(path: string, query: Record<string, string>): void {
  const page = `/${location.pathname.split('/')[1]}`;
  const others = Object.entries(kept()).filter(([key]) => key.split('?')[0] !== page);
  const url = `${base}${path}?${new URLSearchParams(query)}`;
  const now = { ...Object.fromEntries(others), [page + location.search]: url };
  try {
    localStorage.setItem(kept_as, JSON.stringify(now));
  } catch {
    // Storage may be forbidden or full; the list then comes a little later.
  }
}

const sense = ({ pathname, searchParams }: URL) => `${pathname}?${searchParams}`;

/** The answer on its way, for who asks the same first and soon; nobody gets it twice. */
export async function take_ahead(request: Request): Promise<Response | null> {
  const ahead = held.otklik_ahead;
  const url = new URL(request.url);
  if (!ahead || request.method !== 'GET' || sense(url) !== sense(new URL(ahead.url, url)))
    return null;
  delete held.otklik_ahead;
  if (performance.now() > answer_within_ms) return null;
  const answer = await ahead.answer.catch(() => null);
  return answer?.ok ? answer : null;
}
