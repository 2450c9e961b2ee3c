import { useMutation, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, id_part, send } from '../../api/call';
import { is_problem } from '../../api/problem';
import type { ClipBookmark, ClipTrack, ClipView, ClipWords, Peaks } from '../../api/types';
import { t } from '../../lib/lang';
import { toast } from '../../ui/Toast';

const clip_path = (id: string) => `/clips/${id_part(id)}`;

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
    structuralSharing: (before, now) => keep_live(before as ClipView | undefined, now as ClipView),
    queryKey: ['clip', 'one', id],
    queryFn: ({ signal }) => get<ClipView>(clip_path(id ?? ''), {}, signal),
    enabled: Boolean(id),
  });
}

/** Words and bookmarks belong to one version: a new cut moves them. */
export function useClipWords(id: string, version: number | undefined) {
  return useQuery({
    queryKey: ['clip', 'words', id, version],
    queryFn: ({ signal }) => get<ClipWords>(`${clip_path(id)}/words`, {}, signal),
    enabled: version !== undefined,
  });
}
export function useClipBookmarks(id: string, version: number | undefined) {
  return useQuery({
    queryKey: ['clip', 'bookmarks', id, version],
    queryFn: () => get<{ items: ClipBookmark[] }>(`${clip_path(id)}/bookmarks`),
    enabled: version !== undefined,
  });
}

const buckets = 1200; // enough for bars of 3 px on a wide screen

export function useClipPeaks(
  id: string,
  version: number | undefined,
  tracks: readonly ClipTrack[],
) {
  return useQueries({
    queries: tracks.map((track) => {
      const live = /[?&]live=(\d+)/.exec(track.url)?.[1];
      return {
        queryKey: ['peaks', id, version, track.channel, live],
        queryFn: () =>
          get<Peaks>(`${clip_path(id)}/peaks`, { channel: track.channel, buckets, live }),
        staleTime: Infinity,
      };
    }),
  });
}

function complain(error: unknown): void {
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
  const remove = useMutation({
    mutationFn: (bookmark: string) => send('delete', `/bookmarks/${id_part(bookmark)}`),
    onSuccess: () => toast({ text: t('ui.clip.bookmark_gone') }),
    onError: complain,
    onSettled: again,
  });
  const add = useMutation({
    mutationFn: (made: { clip_sample: number; text: string }) =>
      send<ClipBookmark>('post', `${clip_path(id)}/bookmarks`, { ...made, channel: 0 }),
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
              undo: () => remove.mutate(data.id),
            }),
        },
      ),
    remove: (bookmark: string) => remove.mutate(bookmark),
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
