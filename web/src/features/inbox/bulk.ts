// Many signals at once, a hundred to a request: how far it is, how to stop it, how to take it back.
// The work belongs to the desk, not to the page it was begun on, so that it runs on meanwhile.
import { useSyncExternalStore } from 'react';
import { send } from '../../api/call';
import { is_problem } from '../../api/problem';
import { why_of } from '../../api/refusal';
import type { Given, SignalState } from '../../api/types';
import { t } from '../../lib/lang';
import { toast } from '../../ui/Toast';
import type { Asked } from './queries';

type Reply = Given<'BulkReply'>;
export type Done = Reply['items'][number];
type Item = { id: string; version?: number };

/** The rows named, or all that the filter gives as of a moment. */
export type Target = { items: readonly Item[] } | { asked: Asked; as_of: string; total: number };
export interface Wish {
  target: Target;
  state: SignalState;
  what?: string;
  take_back?: boolean;
}
export interface Progress {
  state: SignalState;
  done: number;
  total: number;
}

export const batch_rows = 100; // what the server takes at once
const tries = 4;
const wait_ms = 1_000;

let running: (Progress & { stop: AbortController }) | null = null;
const watchers = new Set<() => void>();
const put = (next: typeof running) => {
  running = next;
  watchers.forEach((told) => told());
};
export function useBulk(): Progress | null {
  return useSyncExternalStore(
    (told) => {
      watchers.add(told);
      return () => watchers.delete(told);
    },
    () => running,
  );
}
export const stop_bulk = () => running?.stop.abort();

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** One request; where only the line was lost it is asked again, and counts once. */
async function ask(path: string, body: object): Promise<Reply> {
  const key = crypto.randomUUID();
  for (let i = 1; ; i += 1) {
    try {
      return (await send<Reply>('post', path, body, null, key)).data;
    } catch (error) {
      const again = is_problem(error) && (error.offline || error.status >= 500);
      if (!again || i >= tries) throw error;
      await pause(wait_ms * 2 ** (i - 1));
    }
  }
}

export function path_of(target: Target, after: string): string {
  if ('items' in target) return '/signals/bulk';
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...target.asked, after }))
    if (value !== '') query.set(name, value);
  return `/signals/bulk?${query.toString()}`;
}

/** What takes the work back: the rows that moved, by the state they had. */
export function back_of(done: readonly Done[], what?: string): Wish[] {
  const states = new Map<string, Done[]>();
  for (const row of done) {
    if (row.code !== null) continue;
    const key = `${row.was} ${row.coded}`;
    states.set(key, [...(states.get(key) ?? []), row]);
  }
  return [...states.values()].map((rows) => ({
    target: { items: rows.map(({ id, version }) => ({ id, version })) },
    state: rows[0]?.was ?? 'new',
    ...(rows[0]?.coded ? { what, take_back: true } : {}),
  }));
}

async function run(wish: Wish, collected: Done[], stop: AbortSignal, step: () => void) {
  const { target, state, what, take_back } = wish;
  const body = { state, what, take_back };
  if ('items' in target) {
    for (let i = 0; i < target.items.length && !stop.aborted; i += batch_rows) {
      const items = target.items.slice(i, i + batch_rows);
      collected.push(...(await ask(path_of(target, ''), { ...body, items })).items);
      step();
    }
    return;
  }
  let after = '';
  do {
    const reply = await ask(path_of(target, after), { ...body, as_of: target.as_of });
    collected.push(...reply.items);
    after = reply.next ?? '';
    step();
  } while (after !== '' && !stop.aborted);
}

const total_of = (wishes: readonly Wish[]) =>
  wishes.reduce(
    (sum, { target }) => sum + ('items' in target ? target.items.length : target.total),
    0,
  );

/** Does them one after the other; `refresh` is called when lists are to be asked anew. */
export async function run_bulk(
  wishes: readonly Wish[],
  refresh: () => void,
  is_back = false,
): Promise<void> {
  const state = wishes[0]?.state;
  if (running || state === undefined) return;
  const stop = new AbortController();
  const collected: Done[] = [];
  const total = total_of(wishes);
  const step = () => put({ state, done: collected.length, total, stop });
  step();
  let failed: unknown;
  try {
    for (const wish of wishes) await run(wish, collected, stop.signal, step);
  } catch (error) {
    failed = error;
  }
  put(null);
  refresh();
  tell(collected, { wishes, refresh, is_back, failed });
}

function tell(
  collected: readonly Done[],
  {
    wishes,
    refresh,
    is_back,
    failed,
  }: { wishes: readonly Wish[]; refresh: () => void; is_back: boolean; failed: unknown },
) {
  const n = collected.filter((row) => row.code === null).length;
  const refused = collected.filter((row) => row.code !== null);
  const why = failed ? why_of(failed) : refused[0]?.title;
  if (why) toast({ tone: 'red', text: t('ui.inbox.bulk_refused', { n: refused.length, why }) });
  if (n === 0) return;
  const back = back_of(collected, wishes[0]?.what);
  toast({
    text: t(`ui.inbox.bulk_moved.${wishes[0]?.state ?? 'new'}`, { n }),
    undo: is_back ? undefined : () => void run_bulk(back, refresh, true),
    seconds: is_back ? undefined : 20,
  });
}
