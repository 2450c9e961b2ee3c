// Live hints. One tab holds the EventSource (Web Locks) and tells the others (BroadcastChannel).
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { base } from './base';

export interface Hint {
  /** 'clip.final': the kind of thing, a point, what happened. */
  kind: string;
  id?: string;
  /** Id of the thing. */
  subject?: string;
}
type Told = { hint: Hint } | { connected: boolean } | { missed: true };

const lock_name = 'otklik.events';
const channel_name = 'otklik.events';
const first_retry_ms = 1_000;
const longest_retry_ms = 30_000;

let connected = true;
const watchers = new Set<() => void>();
function set_connected(now: boolean): void {
  if (connected === now) return;
  connected = now;
  watchers.forEach((told) => told());
}

export function parse_hint(data: string): Hint | undefined {
  try {
    const value: unknown = JSON.parse(data);
    if (typeof value !== 'object' || value === null) return undefined;
    const { kind, id, subject } = value as Record<string, unknown>;
    if (typeof kind !== 'string') return undefined;
    return {
      kind,
      id: typeof id === 'string' || typeof id === 'number' ? String(id) : undefined,
      subject: typeof subject === 'string' ? subject : undefined,
    };
  } catch {
    return undefined;
  }
}

/**
 * Reads events until aborted; waits longer after each failure, up to half a minute. `after`: the
 * newest fact when this page began to read, so that none between that and the first event is
 * missed.
 */
function listen(until: AbortSignal, told: (what: Told) => void, after: string): Promise<void> {
  return new Promise((done) => {
    let source: EventSource | undefined;
    let retry: ReturnType<typeof setTimeout> | undefined;
    let wait = first_retry_ms;
    const open = () => {
      source = new EventSource(`${base}/events?after=${after}`);
      source.onopen = () => {
        wait = first_retry_ms;
        after = ''; // what a broken line missed is asked for anew, all of it
        told({ connected: true });
      };
      const read = (event: MessageEvent<string>) => {
        const hint = parse_hint(event.data);
        if (hint) told({ hint });
      };
      source.onmessage = read;
      source.addEventListener('fact', read);
      source.addEventListener('resync', () => told({ missed: true }));
      source.onerror = () => {
        source?.close();
        told({ connected: false });
        retry = setTimeout(open, wait);
        wait = Math.min(wait * 2, longest_retry_ms);
      };
    };
    open();
    until.addEventListener('abort', () => {
      clearTimeout(retry);
      source?.close();
      done();
    });
  });
}

/** Starts listening; the returned function stops. Every tab gets every hint. */
export function follow(told: (what: Told) => void, after: string): () => void {
  const stop = new AbortController();
  const channel =
    typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(channel_name);
  if (channel) channel.onmessage = (event: MessageEvent<Told>) => told(event.data);
  const tell_all = (what: Told) => {
    told(what);
    channel?.postMessage(what);
  };
  if ('locks' in navigator) {
    navigator.locks
      .request(lock_name, { signal: stop.signal }, () => listen(stop.signal, tell_all, after))
      .catch(() => undefined); // aborted while waiting for its turn
  } else {
    void listen(stop.signal, told, after);
  }
  return () => {
    stop.abort();
    channel?.close();
  };
}

export type Reaction = (hint: Hint, client: QueryClient) => void;

// What else shows a thing of this kind: a clip stands in the inbox, a check beside its clip.
const shown_with: Record<string, readonly string[]> = {
  signal: ['clip', 'day'],
  clip: ['signal', 'day'],
  transcript: ['clip', 'signal', 'day'],
  check: ['clip', 'signal', 'figure', 'day'],
  draw: ['day'],
  recording: ['coverage', 'losses', 'day'],
  recording_session: ['recording', 'coverage', 'recorder'],
  import: ['person', 'account', 'calendar', 'form', 'figure'],
  alarm: ['day'],
  repair: ['recording', 'coverage', 'recorder', 'clip', 'signal'],
};

/** A fact «kind.what happened» makes stale every query whose key starts with the kind. */
export function stale_kinds(kind: string): string[] {
  const name = kind.split('.')[0] ?? kind;
  return [name, ...(shown_with[name] ?? [])];
}

const gather_ms = 700;
const waiting = new Set<string>();
let timer: ReturnType<typeof setTimeout> | undefined;

/** A day of recordings cut anew gives hundreds of facts; they are answered by one refetch. */
export const by_kind: Reaction = (hint, client) => {
  for (const kind of stale_kinds(hint.kind)) waiting.add(kind);
  timer ??= setTimeout(() => {
    timer = undefined;
    const kinds = [...waiting];
    waiting.clear();
    for (const kind of kinds) void client.invalidateQueries({ queryKey: [kind] });
  }, gather_ms);
};

const not_session = (query: { queryKey: readonly unknown[] }) => query.queryKey[0] !== 'session';

/**
 * Keeps the query cache fresh while the component stands; used once, in the shell. `after`: the
 * newest fact of the session answer.
 */
export function useLive(after: string): void {
  const client = useQueryClient();
  const from = useRef(after); // a later answer of the session says nothing about what was missed
  useEffect(() => {
    let was_lost = false;
    return follow((what) => {
      if ('hint' in what) return by_kind(what.hint, client);
      if ('missed' in what) return void client.invalidateQueries({ predicate: not_session });
      // Hints missed while the line was down are made up for by asking everything again.
      if (what.connected && was_lost) void client.invalidateQueries({ predicate: not_session });
      was_lost = !what.connected;
      set_connected(what.connected);
    }, from.current);
  }, [client]);
}

/** Whether hints come in; false makes the shell say that figures may be old. */
export function useConnected(): boolean {
  return useSyncExternalStore(
    (told) => {
      watchers.add(told);
      return () => watchers.delete(told);
    },
    () => connected,
  );
}
