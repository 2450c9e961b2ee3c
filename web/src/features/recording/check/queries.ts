// What «Проверка точки» asks and does. Keys begin with the kind, so that live facts renew them.
import { useQuery } from '@tanstack/react-query';
import { get, id_part, send } from '../../../api/call';
import type { ClipView, Given, SignalRow } from '../../../api/types';
import { start_in_name } from '../start_name';
import { send_bytes } from '../send_bytes';
import type { RecordingRow } from '../queries';
import { decoded } from './microphone';

type Device = Given<'DeviceView'>;
type ButtonMap = Given<'ButtonMapView'>;

/** Sound younger than this needs no new one to try the point by. */
const fresh_ms = 10 * 60_000;
/** Facts may be missed while the line is down; then the page asks. */
const asks_every_ms = 5_000;

/** The newest recording of the point that ended just now: what a live recorder has. */
export const useFreshSound = (point: string, begun_at: number) =>
  useQuery({
    queryKey: ['recording', 'fresh', point, begun_at],
    queryFn: async () => {
      const from = new Date(begun_at - 24 * 3_600_000).toISOString();
      const list = await get<{ items: RecordingRow[] }>('/recordings', { point, from, limit: 500 });
      const ends = (one: RecordingRow) => Date.parse(one.end_at);
      const newest = list.items.sort((a, b) => ends(a) - ends(b)).at(-1);
      return newest && ends(newest) >= begun_at - fresh_ms ? newest : null;
    },
  });

export const useDevicesOf = (point: string) =>
  useQuery({
    queryKey: ['device', 'list'],
    queryFn: () => get<{ items: Device[] }>('/devices'),
    select: ({ items }) => items.filter((one) => one.point_id === point && !one.revoked_at),
  });

export const useTestSignal = (id: string | null) =>
  useQuery({
    queryKey: ['signal', 'one', id],
    queryFn: () => get<SignalRow>(`/signals/${id_part(id ?? '')}`),
    enabled: Boolean(id),
    refetchInterval: (query) => (query.state.data?.clip_id ? false : asks_every_ms),
  });
export const useTestClip = (id: string | null | undefined) =>
  useQuery({
    queryKey: ['clip', 'one', id],
    queryFn: () => get<ClipView>(`/clips/${id_part(id ?? '')}`),
    enabled: Boolean(id),
    refetchInterval: (query) => (query.state.data?.version ? false : asks_every_ms),
  });

/** Presses the first button of the device; the server withdraws it as it stores it. */
export async function press_for_trial(device: string, at_ms: number): Promise<string> {
  const maps = await get<{ items: ButtonMap[] }>(`/devices/${id_part(device)}/button-maps`);
  const { data } = await send<{ signal_id: string }>('post', '/presses', {
    press_id: `try-${crypto.getRandomValues(new Uint32Array(2)).join('-')}`,
    key: maps.items[0]?.buttons[0]?.key ?? '1',
    pressed_at: new Date(at_ms).toISOString(),
    uncertainty_ms: 0,
    test: true,
    device_id: device,
  });
  return data.signal_id;
}

/** A press made at a real panel to try it: it leaves the figures, and its row says why. */
export const mark_as_trial = (signal: string) =>
  send('post', `/signals/${id_part(signal)}/undo?test=1`);

export interface Sound {
  file: Blob;
  name: string;
  /** When it began; absent: the server reads it from the name. */
  began_at?: number;
}
/** A chosen file: its name says when it began, else the moment it was written and its length. */
export async function sound_of(file: File): Promise<Sound> {
  if (start_in_name(file.name)) return { file, name: file.name };
  const heard = await decoded(file).catch(() => null);
  if (!heard) return { file, name: file.name };
  return { file, name: file.name, began_at: file.lastModified - heard.duration * 1000 };
}

/** The recording that the sound became. */
export async function store_sound(recorder: string, sound: Sound): Promise<string> {
  const query = new URLSearchParams({ name: sound.name, confirm: '1' });
  if (sound.began_at !== undefined) {
    query.set('starts_at', new Date(sound.began_at).toISOString());
    query.set('start_uncertainty_ms', '500');
  }
  const reply = await send_bytes<{ recording_id: string }>({
    path: `/recorders/${id_part(recorder)}/recordings?${query.toString()}`,
    body: sound.file,
    type: 'application/octet-stream',
  });
  return reply.recording_id;
}
