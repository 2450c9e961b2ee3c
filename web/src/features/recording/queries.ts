import {
  useInfiniteQuery,
  useMutation,
  useQueries,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { get, id_part, send } from '../../api/call';
import { why_of } from '../../api/refusal';
import type { Basis, Duty, Given, PointRow } from '../../api/types';
import { t } from '../../lib/lang';
import { toast } from '../../ui/Toast';
import type { Coverage } from './coverage';
import type { Window } from './windows';

export type Point = PointRow;
export type Recorder = Given<'RecorderView'>;
export type Track = Given<'TrackView'>;
export type RecordingRow = Given<'RecordingView'>;
export type RecordingPage = Given<'RecordingPage'>;
export type RecordingMark = Given<'BookmarkView'>;

const live_every_ms = 5_000;

export function usePoints() {
  return useQuery({
    queryKey: ['point', 'list'],
    queryFn: () => get<{ items: Point[] }>('/points'),
    staleTime: 5 * 60_000,
  });
}
export function useRecorders() {
  return useQuery({
    queryKey: ['recorder', 'list'],
    queryFn: () => get<{ items: Recorder[] }>('/recorders'),
    // How a live recorder stands tells nobody: it is the second that does not come.
    refetchInterval: ({ state }) =>
      state.data?.items.some((one) => one.live_state !== 'none') ? live_every_ms : false,
  });
}
const coverage_of = (point: string, day: string) => ({
  queryKey: ['coverage', point, day],
  queryFn: () => get<Coverage>('/coverage', { point, day }),
});
export function useCoverages(points: readonly Point[], day: string) {
  return useQueries({ queries: points.map((point) => coverage_of(point.id, day)) });
}
export function useCoverage(point: string | undefined, day: string) {
  return useQuery({ ...coverage_of(point ?? '', day), enabled: Boolean(point) });
}

const before = (day: string, days: number) =>
  new Date(Date.parse(`${day}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10);
/** What was lost over the days that end with this one. */
export function useLosses(day: string, days: number) {
  return useQuery({
    queryKey: ['losses', day, days],
    queryFn: () => get<Given<'LossList'>>('/losses', { from: before(day, days - 1), to: day }),
    placeholderData: (held) => held,
  });
}

export interface Shelf {
  point: string;
  recorder: string;
  from: string;
  to: string;
}
export function useRecordings(shelf: Shelf) {
  return useInfiniteQuery({
    queryKey: ['recording', 'list', shelf],
    queryFn: ({ pageParam, signal }) =>
      get<Given<'RecordingList'>>('/recordings', { ...shelf, after: pageParam, limit: 50 }, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
  });
}
export function useBasis(point: string, enabled: boolean) {
  return useQuery({
    queryKey: ['basis', point],
    queryFn: () => get<Basis>(`/points/${id_part(point)}/basis`),
    retry: false,
    enabled,
  });
}
export function useDuty(point: string) {
  return useQuery({
    queryKey: ['duty', point],
    queryFn: () => get<{ items: Duty[] }>(`/points/${id_part(point)}/duty`),
  });
}

const recording_path = (id: string) => `/recordings/${id_part(id)}`;
export function useRecording(id: string) {
  return useQuery({
    queryKey: ['recording', 'one', id],
    queryFn: () => get<RecordingPage>(recording_path(id)),
  });
}

const buckets = 1200;
export const audio_address = (id: string, channel: number, window: Window) =>
  `/api/v1${recording_path(id)}/audio?channel=${channel}` +
  `&from_sample=${window.from}&to_sample=${window.to}`;
const part_of = (channel: number, window: Window) => ({
  channel,
  from_sample: window.from,
  to_sample: window.to,
});
export function useWindowPeaks(id: string, tracks: readonly Track[], window: Window) {
  return useQueries({
    queries: tracks.map(({ channel }) => ({
      queryKey: ['peaks', id, channel, window.from],
      queryFn: () =>
        get<Given<'WaveView'>>(`${recording_path(id)}/peaks`, {
          ...part_of(channel, window),
          buckets,
        }),
      staleTime: Infinity,
    })),
  });
}
export type Words = Given<'WordList'>;
export function useWindowWords(id: string, tracks: readonly Track[], window: Window) {
  return useQueries({
    queries: tracks.map(({ channel }) => ({
      queryKey: ['recording', 'words', id, channel, window.from],
      queryFn: () => get<Words>(`${recording_path(id)}/words`, part_of(channel, window)),
    })),
    combine: (asked) => ({
      pending: asked.some((one) => one.isPending),
      failed: asked.some((one) => one.error !== null),
      items: asked
        .flatMap((one) => one.data?.items ?? [])
        .sort((a, b) => a.begin_sample - b.begin_sample),
      source: asked.find((one) => one.data?.source)?.data?.source ?? null,
    }),
  });
}

export function useMarks(id: string) {
  const client = useQueryClient();
  const key = ['recording', 'marks', id];
  const list = useQuery({
    queryKey: key,
    queryFn: () => get<{ items: RecordingMark[] }>(`${recording_path(id)}/bookmarks`),
  });
  const done = {
    onError: (error: unknown) =>
      toast({ tone: 'red', text: t('ui.inbox.not_moved', { why: why_of(error) }) }),
    onSettled: () => client.invalidateQueries({ queryKey: key }),
  };
  const remove = useMutation({
    mutationFn: (mark: string) => send('delete', `/bookmarks/${id_part(mark)}`),
    ...done,
  });
  const add = useMutation({
    mutationFn: (made: { channel: number; media_sample: number; text: string }) =>
      send<RecordingMark>('post', `${recording_path(id)}/bookmarks`, made),
    onSuccess: ({ data }) =>
      toast({
        text: t('ui.clip.bookmark_made', { time: data.text }),
        undo: () => remove.mutate(data.id),
      }),
    ...done,
  });
  return { items: list.data?.items ?? [], add: add.mutate, remove: remove.mutate };
}
