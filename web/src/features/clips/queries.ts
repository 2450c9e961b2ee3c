import {
  useMutation,
  useQueries,
  useQuery,
  useQueryClient,
  type QueryClient,
} from '@tanstack/react-query';
import { get, id_part, send } from '../../api/call';
import { is_problem } from '../../api/problem';
import type { ClipBookmark, ClipTrack, ClipView, ClipWords, Peaks } from '../../api/types';
import { t } from '../../lib/lang';
import { toast } from '../../ui/Toast';

const clip_path = (id: string) => `/clips/${id_part(id)}`;

type Cancel = { signal: AbortSignal };
const clip_query = (id: string) => ({
  queryKey: ['clip', 'one', id],
  queryFn: ({ signal }: Cancel) => get<ClipView>(clip_path(id), {}, signal),
});
/**
 * While its end is still recorded every answer holds a little more of a clip. What the page began
 * to play stays until the clip is cut, or the player would begin anew with every second.
 */
export function keep_live(before: ClipView | undefined, now: ClipView): ClipView {
  const still = before?.version?.state === 'live' && now.version?.state === 'live';
  return still && before.id === now.id ? { ...now, version: before.version } : now;
}
export function useClip(id: string | null | undefined) {
  return useQuery({
    ...clip_query(id ?? ''),
    structuralSharing: (before, now) => keep_live(before as ClipView | undefined, now as ClipView),
    enabled: Boolean(id),
  });
}
/** The clip as the server has it now. */
export const fetch_clip = (client: QueryClient, id: string) =>
  client.fetchQuery({ ...clip_query(id), staleTime: 0 });

const ahead_ms = 60_000;
const ahead_bytes_max = 4 << 20; // an hour of a call is not fetched for the case that it is heard

/** All that a record shows, before it is shown; gives the sounds that are worth fetching. */
export async function fetch_ahead(client: QueryClient, id: string): Promise<string[]> {
  const { version } = await client.fetchQuery({ ...clip_query(id), staleTime: ahead_ms });
  if (!version) return [];
  const parts = [
    words_query(id, version.number),
    bookmarks_query(id, version.number),
    ...version.tracks.map((track) => peaks_query(id, version.number, track)),
  ];
  await Promise.all(
    parts.map((part) =>
      client.prefetchQuery({ staleTime: ahead_ms, ...(part as object) } as never),
    ),
  );
  return version.tracks.filter((one) => one.bytes <= ahead_bytes_max).map((one) => one.url);
}

/** Words and bookmarks belong to one version: a new cut moves them. */
const words_query = (id: string, version: number | undefined) => ({
  queryKey: ['clip', 'words', id, version],
  queryFn: ({ signal }: Cancel) => get<ClipWords>(`${clip_path(id)}/words`, {}, signal),
});
const bookmarks_query = (id: string, version: number | undefined) => ({
  queryKey: ['clip', 'bookmarks', id, version],
  queryFn: () => get<{ items: ClipBookmark[] }>(`${clip_path(id)}/bookmarks`),
});
export function useClipWords(id: string, version: number | undefined) {
  return useQuery({ ...words_query(id, version), enabled: version !== undefined });
}
export function useClipBookmarks(id: string, version: number | undefined) {
  return useQuery({ ...bookmarks_query(id, version), enabled: version !== undefined });
}

const buckets = 1200; // enough for bars of 3 px on a wide screen

const peaks_query = (id: string, version: number | undefined, track: ClipTrack) => {
  const live = /[?&]live=(\d+)/.exec(track.url)?.[1];
  return {
    queryKey: ['peaks', id, version, track.channel, live],
    queryFn: () => get<Peaks>(`${clip_path(id)}/peaks`, { channel: track.channel, buckets, live }),
    staleTime: Infinity,
  };
};
export function useClipPeaks(
  id: string,
  version: number | undefined,
  tracks: readonly ClipTrack[],
) {
  return useQueries({ queries: tracks.map((track) => peaks_query(id, version, track)) });
}

export function complain(error: unknown): void {
  toast({
    tone: 'red',
    text: t('ui.inbox.not_moved', {
      why: is_problem(error) && !error.offline ? error.title : t('ui.error.offline'),
    }),
  });
}

export function useBookmarks(id: string) {
  const client = useQueryClient();
  const again = () => client.invalidateQueries({ queryKey: ['clip', 'bookmarks', id] });
  const add = useMutation({
    mutationFn: (made: { clip_sample: number; text: string }) =>
      send<ClipBookmark>('post', `${clip_path(id)}/bookmarks`, { ...made, channel: 0 }),
    onError: complain,
    onSettled: again,
  });
  const remove = useMutation({
    mutationFn: ({ id: bookmark }: Pick<ClipBookmark, 'id' | 'clip_sample' | 'text'>) =>
      send('delete', `/bookmarks/${id_part(bookmark)}`),
    onSuccess: (_, { clip_sample, text }) =>
      toast({
        text: t('ui.clip.bookmark_gone'),
        undo: () => add.mutate({ clip_sample, text }),
      }),
    onError: complain,
    onSettled: again,
  });
  return {
    add: (clip_sample: number, text: string, time: string) =>
      add.mutate(
        { clip_sample, text },
        {
          onSuccess: ({ data }) =>
            toast({
              text: t('ui.clip.bookmark_made', { time }),
              undo: () => remove.mutate(data),
            }),
        },
      ),
    remove: (bookmark: ClipBookmark) => remove.mutate(bookmark),
  };
}

/** A press made by mistake: it leaves the list and the figures, both rows stay. */
export function useWithdraw(signal: string, done: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => send('post', `/signals/${id_part(signal)}/undo`),
    onSuccess: () => toast({ text: t('ui.clip.withdrawn') }),
    onError: complain,
    onSettled: () => {
      done();
      for (const kind of ['signal', 'clip']) void client.invalidateQueries({ queryKey: [kind] });
    },
  });
}

export function useRecut(id: string, done: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (window: { before_ms: number; after_ms: number }) =>
      send('post', `${clip_path(id)}/recut`, window),
    onSuccess: () => {
      toast({ text: t('ui.clip.recut_asked') });
      done();
    },
    onError: complain,
    onSettled: () => client.invalidateQueries({ queryKey: ['clip'] }),
  });
}

export function useTranscribe(id: string) {
  return useMutation({
    mutationFn: () => send('post', `${clip_path(id)}/transcribe`),
    onSuccess: () => toast({ text: t('ui.clip.asked_words') }),
    onError: complain,
  });
}
