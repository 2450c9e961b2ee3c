// Requests of the panel. Its token goes with each; cookies of a desk in the same browser never do.
import { lang } from './words';

export interface PanelButton {
  key: string;
  label: string;
  kind: string;
  question_text: string | null;
  prompts: string;
  code: string;
  score_pad: boolean;
}
export interface PanelMap {
  valid_from: string;
  buttons: PanelButton[];
}
export interface PanelView {
  device_name: string;
  point_name: string;
  zone: string;
  server_at: string;
  feed: 'none' | 'files' | 'live';
  covered_until: string | null;
  shift_since: string | null;
  pause_since: string | null;
  maps: PanelMap[];
  questions: { day: string; text: string; prompts: string }[];
}

export class Refused extends Error {
  constructor(
    readonly status: number, // 0: the server was not reached
    readonly code: string,
    title: string,
  ) {
    super(title);
  }
}

const answer_within_ms = 15_000;

export async function ask<T>(
  method: 'GET' | 'POST',
  path: string,
  token: string | null,
  body?: unknown,
): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(`/api/v1${path}`, {
      method,
      credentials: 'omit',
      cache: 'no-store',
      signal: AbortSignal.timeout(answer_within_ms),
      headers: {
        'Accept-Language': lang(),
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    throw new Refused(0, 'offline', '');
  }
  const text = await answer.text().catch(() => '');
  let read: unknown = {};
  try {
    read = text ? JSON.parse(text) : {};
  } catch {
    // A proxy in between may answer with a page of its own.
  }
  if (answer.ok) return read as T;
  const { code = '', title = '' } = read as { code?: string; title?: string };
  throw new Refused(answer.status, code, title);
}
