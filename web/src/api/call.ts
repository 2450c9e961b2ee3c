// Asking the server by address; shapes of answers come from generated/schema.ts.
import { remember_ahead } from './ahead';
import { base } from './base';
import { api } from './client';

export type Asked = Record<string, string | number | null | undefined>;

/** An answer together with the version that its ETag names; the next change sends it back. */
export interface Answer<T> {
  data: T;
  version: number | null;
}

interface Loose {
  request(
    method: string,
    path: string,
    init?: object,
  ): Promise<{ data?: unknown; response: Response }>;
}
// Addresses with ids and queries are made at run time, so the typed table of paths does not help.
const loose = api as unknown as Loose;

function query_of(asked: Asked = {}): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(asked)) {
    if (value !== null && value !== undefined && value !== '') kept[name] = String(value);
  }
  return kept;
}

function version_of(response: Response): number | null {
  const number = Number((response.headers.get('etag') ?? '').replace(/^W\/|"/g, ''));
  return Number.isInteger(number) && number > 0 ? number : null;
}

async function ask<T>(method: string, path: string, init: object): Promise<Answer<T>> {
  const { data, response } = await loose.request(method, path, init);
  return { data: data as T, version: version_of(response) };
}

export function get_with_version<T>(path: string, asked?: Asked): Promise<Answer<T>> {
  return ask<T>('get', path, { params: { query: query_of(asked) } });
}
export async function get<T>(path: string, asked?: Asked, signal?: AbortSignal): Promise<T> {
  const init = { params: { query: query_of(asked) }, signal };
  return (await ask<T>('get', path, init)).data;
}

/** The first thing a page asks for: the next time it is on its way before the page is there. */
export function get_first<T>(path: string, asked?: Asked, signal?: AbortSignal): Promise<T> {
  remember_ahead(path, query_of(asked));
  return get<T>(path, asked, signal);
}

/** A list as a file: all of its pages in the language of the desk, with the filters of `asked`. */
export async function list_file(
  path: string,
  format: 'csv' | 'xlsx',
  asked?: Asked,
): Promise<{ blob: Blob; name: string }> {
  const init = { params: { query: query_of({ ...asked, format }) }, parseAs: 'blob' };
  const { data, response } = await loose.request('get', path, init);
  const said = response.headers.get('content-disposition') ?? '';
  return { blob: data as Blob, name: /filename="([^"]+)"/.exec(said)?.[1] ?? `list.${format}` };
}

export type Method = 'post' | 'put' | 'delete';
/**
 * `version`: the row is changed only if it still is as the reader saw it (If-Match); `key`: asked
 * again with the same one, the server gives the answer it gave before (Idempotency-Key).
 */
export function send<T>(
  method: Method,
  path: string,
  body?: unknown,
  version?: number | null,
  key?: string,
): Promise<Answer<T>> {
  const headers = {
    ...(version == null ? {} : { 'If-Match': `"${version}"` }),
    ...(key === undefined ? {} : { 'Idempotency-Key': key }),
  };
  return ask<T>(method, path, body === undefined ? { headers } : { body, headers });
}

/** The path of an address the server gives whole («/api/v1/…»). */
export function inner(address: string): string {
  return address.startsWith(`${base}/`) ? address.slice(base.length) : address;
}
export function id_part(id: string): string {
  return encodeURIComponent(id);
}
