// The two requests of the page. Cookies of a desk in the same browser never go with them.
import { lang } from '../panel/words';

export interface HeardClip {
  company_name: string;
  point_name: string;
  label: string;
  question_text: string | null;
  zone: string;
  at: string;
  expires_at: string;
  press_ms: number;
  length_ms: number;
  missing_ms: number;
  tracks: { channel: number; role: string }[];
  gaps: { begin_ms: number; length_ms: number; text: string }[];
}

export class Refused extends Error {
  constructor(
    readonly status: number, // 0: the server was not reached
    title: string,
  ) {
    super(title);
  }
}

async function ask(path: string, token: string): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(`/api/v1/listen${path}`, {
      credentials: 'omit',
      cache: 'no-store',
      headers: { 'Accept-Language': lang(), Authorization: `Link ${token}` },
    });
  } catch {
    throw new Refused(0, '');
  }
  if (answer.ok) return answer;
  const said = (await answer.json().catch(() => null)) as { title?: string } | null;
  throw new Refused(answer.status, said?.title ?? '');
}

export async function fetch_clip(token: string): Promise<HeardClip> {
  return (await (await ask('', token)).json()) as HeardClip;
}

/** Safari before 18.4 plays no Ogg: the server puts the same packets into MP4. */
function plays_ogg(): boolean {
  return document.createElement('audio').canPlayType('audio/ogg; codecs="opus"') !== '';
}

/** The whole sound of a track: at most 20 minutes, some 4 MB. */
export async function fetch_sound(token: string, channel: number): Promise<Blob> {
  const format = plays_ogg() ? '' : '&format=mp4';
  return (await ask(`/audio?channel=${channel}${format}`, token)).blob();
}
