// One file, piece by piece (tus 1.0), from where the server has it. A lost connection, a restarted
// server and an ended session only make it wait: what was acknowledged is never sent again.
// tus-js-client does the same in 16 kB compressed; we need a tenth of it (docs/decisions).
import { base } from './base';
import { csrf_header } from './client';
import { problem_from, is_problem } from './problem';
import { lang } from '../lib/lang';

const piece_bytes = 8 << 20;
const wait_ms = [300, 1000, 2000, 5000, 10_000];

export interface Sending {
  file: Blob;
  /** Upload-Metadata of a new one. */
  about: Record<string, string>;
  /** The id word of one begun before. */
  upload?: string;
  onBegun: (upload: string) => void;
  /** Bytes that are with the server; `waits` while there is no connection to it. */
  onProgress: (bytes: number, waits: boolean) => void;
  signal: AbortSignal;
}

interface Answer {
  status: number;
  header: (name: string) => string | null;
}

/** Upload-Metadata: keys with their values in base64 of UTF-8. */
export function metadata_of(about: Record<string, string>): string {
  return Object.entries(about)
    .map(([key, value]) => {
      const bytes = new TextEncoder().encode(value);
      return `${key} ${btoa(String.fromCharCode(...bytes))}`;
    })
    .join(',');
}

function json(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function ask(
  method: string,
  path: string,
  headers: Record<string, string>,
  sent: Pick<Sending, 'signal'> & { body?: Blob; onSent?: (bytes: number) => void },
): Promise<Answer> {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open(method, path);
    const all = {
      'Tus-Resumable': '1.0.0',
      'Accept-Language': lang(),
      ...csrf_header(),
      ...headers,
    };
    for (const [name, value] of Object.entries(all)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => sent.onSent?.(event.loaded);
    request.onload = () => {
      const { status } = request;
      if (status >= 200 && status < 300)
        done({ status, header: (name) => request.getResponseHeader(name) });
      else failed(problem_from(status, json(request.responseText)));
    };
    const lost = () => failed(problem_from(0, { code: 'no_connection' }));
    request.onerror = lost;
    request.onabort = lost;
    sent.signal.addEventListener('abort', () => request.abort(), { once: true });
    if (sent.signal.aborted) return lost();
    request.send(sent.body);
  });
}

/** What passes by itself: no network, a server away, an ended session, a second connection. */
export function is_passing(error: unknown): boolean {
  if (!is_problem(error)) return false;
  if (error.code === 'recorder.not_placed' || error.code.startsWith('basis.')) return false;
  return (
    [0, 401, 408, 423, 502, 503, 504].includes(error.status) ||
    ['upload.offset', 'upload.taken', 'csrf.missing', 'http.timeout'].includes(error.code)
  );
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener('online', end);
      done();
    };
    const timer = setTimeout(end, ms);
    addEventListener('online', end, { once: true });
    signal.addEventListener('abort', end, { once: true });
  });
}

/** Runs until it is done, is refused for good, or is stopped. */
async function in_spite<T>(
  work: () => Promise<T>,
  {
    onWait,
    signal,
  }: {
    onWait: () => void;
    signal: AbortSignal;
  },
): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (signal.aborted || !is_passing(error)) throw error;
      onWait();
      await pause(wait_ms[Math.min(tries, wait_ms.length - 1)] ?? 0, signal);
      if (signal.aborted) throw error;
    }
  }
}

const path_of = (upload: string) => `${base}/uploads/${encodeURIComponent(upload)}`;

async function begin({ file, about, signal }: Sending): Promise<string> {
  const answer = await ask(
    'POST',
    `${base}/uploads`,
    { 'Upload-Length': String(file.size), 'Upload-Metadata': metadata_of(about) },
    { signal },
  );
  return answer.header('Location')?.split('/').at(-1) ?? '';
}

/** Resolves with the upload's id once every byte is kept. */
export async function send_file(sending: Sending): Promise<string> {
  const { file, signal } = sending;
  let kept = 0;
  const onWait = () => sending.onProgress(kept, true);
  const upload = sending.upload ?? (await in_spite(() => begin(sending), { onWait, signal }));
  if (!sending.upload) sending.onBegun(upload);
  // Each try asks first how much is kept: the last one may have brought some.
  await in_spite(
    async () => {
      const head = await ask('HEAD', path_of(upload), {}, { signal });
      kept = Number(head.header('Upload-Offset') ?? 0);
      sending.onProgress(kept, false);
      while (kept < file.size) {
        const from = kept;
        const answer = await ask(
          'PATCH',
          path_of(upload),
          { 'Upload-Offset': String(from), 'Content-Type': 'application/offset+octet-stream' },
          {
            signal,
            body: file.slice(from, from + piece_bytes),
            onSent: (bytes) => sending.onProgress(from + bytes, false),
          },
        );
        kept = Number(answer.header('Upload-Offset') ?? 0);
        sending.onProgress(kept, false);
      }
    },
    { onWait, signal },
  );
  return upload;
}

/** Given up: what was sent is removed. */
export async function end_upload(upload: string): Promise<void> {
  await ask('DELETE', path_of(upload), {}, { signal: new AbortController().signal });
}
