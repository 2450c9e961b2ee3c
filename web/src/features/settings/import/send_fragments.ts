// Fragments on their way: which press each file has, and sending them as recordings.
import { get, id_part, send } from '../../../api/call';
import { why_of } from '../../../api/refusal';
import { send_file } from '../../../api/send_file';
import type { Given } from '../../../api/types';
import { path_of } from '../../../lib/dropped';

export type Match = Given<'FragmentView'>;
export type Named = 'begin' | 'press';
export interface Fragment {
  file: File;
  match: Match;
}

const asked_at_once = 500;
/** Short files: what takes the time is asking, so some go side by side. */
const lanes = 3;

export async function match_files(
  id: string,
  files: readonly File[],
  before_s: number,
  named: Named,
): Promise<Fragment[]> {
  const all: Fragment[] = [];
  for (let at = 0; at < files.length; at += asked_at_once) {
    const some = files.slice(at, at + asked_at_once);
    const { data } = await send<Given<'FragmentMatches'>>(
      'post',
      `/imports/${id_part(id)}/fragments`,
      { paths: some.map(path_of), before_ms: before_s * 1000, named },
    );
    some.forEach((file, n) => {
      const match = data.items[n];
      if (match) all.push({ file, match });
    });
  }
  return all;
}

async function outcome_of(upload: string): Promise<string> {
  for (let tries = 0; ; tries += 1) {
    const one = await get<Given<'UploadView'>>(`/uploads/${id_part(upload)}`);
    if (one.state === 'done') return '';
    if (one.state !== 'whole') return one.reason_text;
    await new Promise((done) => setTimeout(done, Math.min(150 + tries * 100, 1500)));
  }
}

async function send_one({ file, match }: Fragment, signal: AbortSignal): Promise<string> {
  try {
    const upload = await send_file({
      file,
      about: {
        recorder: match.recorder_id ?? '',
        filename: file.name,
        modified_at: new Date(file.lastModified).toISOString(),
        starts_at: match.begin_at ?? '',
        start_uncertainty_ms: String(match.uncertainty_ms ?? 0),
      },
      onBegun: () => undefined,
      onProgress: () => undefined,
      signal,
    });
    return await outcome_of(upload);
  } catch (error) {
    return why_of(error);
  }
}

/** Sends all; `told` hears of each file, with the reason when it did not become a fragment. */
export async function send_all(
  fragments: readonly Fragment[],
  told: (one: Fragment, why: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const left = [...fragments];
  const lane = async () => {
    for (let one = left.shift(); one && !signal.aborted; one = left.shift())
      told(one, await send_one(one, signal));
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
