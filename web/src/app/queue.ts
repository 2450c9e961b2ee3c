// A queue of checks: the list as it stood when the first was begun. It does not move while it is
// gone through; what somebody else took meanwhile is skipped, and that is said.
import type { QueryClient } from '@tanstack/react-query';
import { get, id_part } from '../api/call';
import { is_problem } from '../api/problem';
import type { ClipView, SignalRow } from '../api/types';
import { fetch_clip } from '../features/clips/queries';

export interface Queued {
  id: string;
  clip_id: string | null;
}
export interface Queue {
  rows: Queued[];
  /** The form of the check before; a kind with a form of its own keeps that. */
  form: string;
}

const kept_name = 'otklik.queue';
/** The queue of this tab; it outlives a reload. */
export function kept_queue(): Queue | null {
  try {
    return JSON.parse(sessionStorage.getItem(kept_name) ?? 'null') as Queue | null;
  } catch {
    return null;
  }
}
export function keep_queue(queue: Queue | null): void {
  try {
    if (queue) sessionStorage.setItem(kept_name, JSON.stringify(queue));
    else sessionStorage.removeItem(kept_name);
  } catch {
    // Forbidden storage: the queue then lasts until the page is loaded again.
  }
}

export interface Skip {
  why: 'taken' | 'mine' | 'silent' | 'gone';
  who?: string;
}
/** Why a clip of the queue is passed over; null: it is the next. */
export function skip_of(clip: ClipView | null): Skip | null {
  if (!clip || clip.signal.undone) return { why: 'gone' };
  if (!clip.version) return { why: 'silent' };
  const other = clip.checks.find((one) => one.state !== 'withdrawn' && !one.mine);
  if (other) return { why: 'taken', who: other.checker_name };
  if (clip.checks.some((one) => one.state === 'done')) return { why: 'mine' };
  if (clip.signal.state === 'done') return { why: 'taken' };
  return null;
}

export interface Next {
  /** Null: the queue is gone through. */
  clip: ClipView | null;
  skipped: Skip[];
}
async function now_of(client: QueryClient, { id, clip_id }: Queued): Promise<ClipView | null> {
  try {
    const known = clip_id ?? (await get<SignalRow>(`/signals/${id_part(id)}`)).clip_id;
    return known ? await fetch_clip(client, known) : null;
  } catch (error) {
    if (is_problem(error) && error.status === 404) return null;
    throw error;
  }
}
export async function next_in(client: QueryClient, queue: Queue, signal: string): Promise<Next> {
  const skipped: Skip[] = [];
  const from = queue.rows.findIndex((row) => row.id === signal) + 1;
  for (const row of queue.rows.slice(from)) {
    const clip = await now_of(client, row);
    const skip = skip_of(clip);
    if (!skip) return { clip, skipped };
    skipped.push(skip);
  }
  return { clip: null, skipped };
}

/** The names of those who took what is skipped, each once. */
export function takers(skipped: readonly Skip[]): string[] {
  return [...new Set(skipped.flatMap((one) => one.who ?? []))];
}
