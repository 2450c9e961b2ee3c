// The queue of files on their way. It lives as long as the desk is open, whichever page is shown.
import { useSyncExternalStore } from 'react';
import { get, id_part, send } from '../../../api/call';
import { is_problem } from '../../../api/problem';
import { why_of } from '../../../api/refusal';
import type { Given } from '../../../api/types';
import { local_instant } from '../../../lib/times';
import { start_in_name } from '../start_name';
import { end_upload, send_file } from '../../../api/send_file';

export type Upload = Given<'UploadView'>;
export type Preview = Given<'PreviewView'>;

/** ready: not begun; queued; sending; reading: all is sent, the server reads it; settled. */
export type Stage = 'ready' | 'queued' | 'sending' | 'reading' | 'settled' | 'failed' | 'stopped';

export interface Item {
  id: number;
  file: File;
  recorder: string;
  zone: string;
  day: string;
  time: string;
  /** The person typed the start; else the server reads it from the name or the file. */
  stated: boolean;
  named: boolean;
  doubt_s: number;
  /** Asked and confirmed: a start ahead of now, the same sound once more. */
  sure: boolean;
  length_ms?: number;
  preview?: Preview;
  /** Why it cannot be imported so. */
  preview_why?: { code: string; text: string };
  stage: Stage;
  sent: number;
  /** No connection just now. */
  waits: boolean;
  upload?: string;
  outcome?: Upload;
  why?: string;
}

let items: readonly Item[] = [];
let next_id = 1;
let running = false;
const watchers = new Set<() => void>();
const stops = new Map<number, AbortController>();
/** Told when a file has become a recording. */
export const on_settled = new Set<() => void>();

function put(list: readonly Item[]): void {
  items = list;
  watchers.forEach((told) => told());
}
const change = (id: number, by: Partial<Item>) =>
  put(items.map((one) => (one.id === id ? { ...one, ...by } : one)));
const find = (id: number) => items.find((one) => one.id === id);

export function useQueue(): readonly Item[] {
  return useSyncExternalStore(
    (told) => {
      watchers.add(told);
      return () => watchers.delete(told);
    },
    () => items,
  );
}

export const is_open = (item: Item) => ['ready', 'failed', 'stopped'].includes(item.stage);
export const is_under_way = (item: Item) => ['queued', 'sending', 'reading'].includes(item.stage);

/** The start that the person stated, as the server takes it. */
export function stated_start(item: Pick<Item, 'stated' | 'day' | 'time' | 'zone'>) {
  const at = item.stated ? local_instant(item.day, item.time, item.zone) : undefined;
  return at === undefined ? undefined : new Date(at).toISOString();
}

/** Length by the browser's own player, where it knows the format. */
function length_of(file: File): Promise<number | undefined> {
  return new Promise((done) => {
    const sound = new Audio();
    const address = URL.createObjectURL(file);
    const end = (ms?: number) => {
      clearTimeout(timer);
      sound.removeAttribute('src');
      URL.revokeObjectURL(address);
      done(ms !== undefined && Number.isFinite(ms) && ms > 0 ? Math.round(ms) : undefined);
    };
    const timer = setTimeout(() => end(), 5000);
    sound.preload = 'metadata';
    sound.onloadedmetadata = () => end(sound.duration * 1000);
    sound.onerror = () => end();
    sound.src = address;
  });
}

async function look_ahead(id: number): Promise<void> {
  const item = find(id);
  if (!item || !is_open(item)) return;
  const asked = stated_start(item);
  try {
    const preview = await get<Preview>(`/recorders/${id_part(item.recorder)}/preview`, {
      name: item.file.name,
      starts_at: asked,
      length_ms: item.length_ms,
      modified_at: new Date(item.file.lastModified).toISOString(),
    });
    if (stated_start(find(id) ?? item) === asked) change(id, { preview, preview_why: undefined });
  } catch (error) {
    const code = is_problem(error) ? error.code : '';
    change(id, { preview: undefined, preview_why: { code, text: why_of(error) } });
  }
}

export interface Into {
  recorder: string;
  zone: string;
  /** Unfinished ones the server has: the same file goes on where it stopped. */
  unfinished: readonly Upload[];
}

export function add(files: Iterable<File>, { recorder, zone, unfinished }: Into): void {
  const made = [...files].map((file): Item => {
    const start = start_in_name(file.name);
    const begun = unfinished.find(
      (one) =>
        one.recorder_id === recorder &&
        one.name === file.name &&
        one.bytes_total === file.size &&
        (!one.modified_at || new Date(one.modified_at).getTime() === file.lastModified) &&
        !items.some((other) => other.upload === one.id),
    );
    return {
      id: next_id++,
      file,
      recorder,
      zone,
      day: start?.day ?? '',
      time: start?.time ?? '',
      stated: false,
      named: Boolean(start),
      doubt_s: 1,
      sure: false,
      stage: 'ready',
      sent: begun?.bytes_done ?? 0,
      waits: false,
      upload: begun?.id,
    };
  });
  put([...items, ...made]);
  for (const item of made)
    void length_of(item.file).then((length_ms) => {
      change(item.id, { length_ms });
      return look_ahead(item.id);
    });
}

let later: ReturnType<typeof setTimeout> | undefined;
export function amend(id: number, by: Partial<Item>): void {
  change(id, by);
  clearTimeout(later);
  later = setTimeout(() => items.filter(is_open).forEach((one) => void look_ahead(one.id)), 300);
}

/** Another recorder for all that is not on its way yet. */
export function point_to(recorder: string, zone: string): void {
  if (!items.some((one) => is_open(one) && one.recorder !== recorder)) return;
  put(items.map((one) => (is_open(one) && !one.upload ? { ...one, recorder, zone } : one)));
  items.filter(is_open).forEach((one) => void look_ahead(one.id));
}

export function remove(id: number): void {
  put(items.filter((one) => one.id !== id));
}
export function clear_settled(): void {
  put(items.filter((one) => one.stage !== 'settled'));
}

function about(item: Item): Record<string, string> {
  const start = stated_start(item);
  return {
    recorder: item.recorder,
    filename: item.file.name,
    modified_at: new Date(item.file.lastModified).toISOString(),
    ...(start && { starts_at: start, start_uncertainty_ms: String(item.doubt_s * 1000) }),
    ...(item.sure && { sure: '1' }),
  };
}

const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** The server reads the file; a minute for a day of sound. */
async function follow(id: number, upload: string): Promise<void> {
  change(id, { stage: 'reading' });
  for (let tries = 0; find(id)?.stage === 'reading'; tries += 1) {
    try {
      const outcome = await get<Upload>(`/uploads/${id_part(upload)}`);
      if (outcome.state !== 'whole') {
        change(id, { stage: 'settled', outcome });
        on_settled.forEach((told) => told());
        return;
      }
    } catch (error) {
      if (is_problem(error) && error.status === 404)
        return change(id, { stage: 'failed', why: why_of(error), upload: undefined });
    }
    await wait(Math.min(200 + tries * 100, 2000));
  }
}

async function send_one(item: Item): Promise<void> {
  const stop = new AbortController();
  stops.set(item.id, stop);
  change(item.id, { stage: 'sending', waits: false, why: undefined });
  try {
    const upload = await send_file({
      file: item.file,
      about: about(item),
      upload: item.upload,
      onBegun: (id) => change(item.id, { upload: id }),
      onProgress: (sent, waits) => change(item.id, { sent, waits }),
      signal: stop.signal,
    });
    void follow(item.id, upload);
  } catch (error) {
    if (stop.signal.aborted) {
      const begun = find(item.id)?.upload;
      if (begun) void end_upload(begun).catch(() => undefined);
      change(item.id, { stage: 'stopped', sent: 0, upload: undefined });
    } else {
      const gone = is_problem(error) && error.status === 410;
      change(item.id, {
        stage: 'failed',
        why: why_of(error),
        ...(gone && { upload: undefined, sent: 0 }),
      });
    }
  } finally {
    stops.delete(item.id);
  }
}

const keep_open = (event: BeforeUnloadEvent) => event.preventDefault();

/** Sends what is ready, one file after the other. */
export async function start(): Promise<void> {
  put(items.map((one) => (is_open(one) ? { ...one, stage: 'queued' as const } : one)));
  if (running) return;
  running = true;
  addEventListener('beforeunload', keep_open);
  for (let next = items.find((one) => one.stage === 'queued'); next;) {
    await send_one(next);
    next = items.find((one) => one.stage === 'queued');
  }
  running = false;
  removeEventListener('beforeunload', keep_open);
}

export function stop(id: number): void {
  stops.get(id)?.abort();
  if (find(id)?.stage === 'queued') change(id, { stage: 'stopped' });
}
export function stop_all(): void {
  put(items.map((one) => (one.stage === 'queued' ? { ...one, stage: 'stopped' as const } : one)));
  stops.forEach((one) => one.abort());
}

/** What an asking one waited for. */
export async function answer(
  upload: string,
  said: { starts_at?: string; start_uncertainty_ms?: number; sure?: boolean },
): Promise<void> {
  await send('put', `/uploads/${id_part(upload)}/answer`, said);
  const item = items.find((one) => one.upload === upload || one.outcome?.id === upload);
  if (item) await follow(item.id, upload);
}

export interface Left {
  files: number;
  of: number;
  bytes: number;
}
export function left_of(list: readonly Item[]): Left {
  const mine = list.filter((one) => is_under_way(one) || one.stage === 'settled');
  const open = mine.filter(is_under_way);
  return {
    files: open.length,
    of: mine.length,
    bytes: open.reduce((sum, one) => sum + one.file.size - one.sent, 0),
  };
}
