// The only way to the server. Answers that are not 2xx become ProblemError.
import createClient, { type Middleware } from 'openapi-fetch';
import { lang } from '../lib/lang';
import { take_ahead } from './ahead';
import { answer_within_ms, base } from './base';
import type { paths } from './generated/schema';
import { ProblemError, problem_from } from './problem';

let csrf_token = '';
/** The token of the session answer; every request that changes something carries it. */
export function set_csrf(token: string | null | undefined): void {
  csrf_token = token ?? '';
}
export function csrf_header(): Record<string, string> {
  return csrf_token ? { 'X-CSRF-Token': csrf_token } : {};
}

const signed_out = new Set<() => void>();
/** Called at a 401: the sign-in page lies over the page, so what was typed stays. */
export function on_signed_out(told: () => void): () => void {
  signed_out.add(told);
  return () => signed_out.delete(told);
}

async function body_of(response: Response): Promise<unknown> {
  const type = response.headers.get('content-type') ?? '';
  if (!/json/.test(type)) return undefined;
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

const middleware: Middleware = {
  onRequest({ request }) {
    request.headers.set('Accept-Language', lang());
    if (request.method !== 'GET' && request.method !== 'HEAD' && csrf_token) {
      request.headers.set('X-CSRF-Token', csrf_token);
    }
    return request;
  },
  async onResponse({ request, response }) {
    if (response.ok || response.status === 304) return undefined;
    // A refused sign-in is an answer about the password, not about the session.
    const signing_in =
      request.method === 'POST' && /\/session$/.test(new URL(request.url).pathname);
    if (response.status === 401 && !signing_in) signed_out.forEach((told) => told());
    throw problem_from(response.status, await body_of(response));
  },
};

async function fetch_in_time(request: Request): Promise<Response> {
  const ahead = await take_ahead(request);
  if (ahead) return ahead;
  const limit = AbortSignal.timeout(answer_within_ms);
  const signal = AbortSignal.any ? AbortSignal.any([request.signal, limit]) : request.signal;
  try {
    return await fetch(request, { signal });
  } catch (error) {
    if (request.signal.aborted) throw error;
    const code = limit.aborted ? 'no_answer_in_time' : 'no_connection';
    throw new ProblemError({ status: 0, code, title: code });
  }
}

export const api = createClient<paths>({
  baseUrl: base,
  credentials: 'same-origin',
  fetch: fetch_in_time,
});
api.use(middleware);

/** The body of an answer; openapi-fetch leaves it optional although errors throw above. */
export async function body<T>(answer: Promise<{ data?: T; error?: unknown }>): Promise<T> {
  const { data, error } = await answer;
  if (error !== undefined) throw problem_from(0, error);
  return data as T;
}

/** A value for the Idempotency-Key header: one per intention, kept over retries. */
export function intention(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
