import {
  useInfiniteQuery,
  useMutation,
  useQueries,
  useQuery,
  useQueryClient,
  type QueryClient,
} from '@tanstack/react-query';
import { get, id_part, inner, send } from '../../api/call';
import { is_problem } from '../../api/problem';
import type {
  CheckAnswer,
  CheckList,
  CheckReason,
  CheckView,
  ClipWords,
  DrawView,
  FormRow,
  Peaks,
  PointRow,
  ReasonRow,
} from '../../api/types';
import { t } from '../../lib/lang';
import { loudness } from '../../lib/sound';
import { toast } from '../../ui/Toast';
import type { Mark } from './unsent';

export const check_key = (id: string) => ['check', 'one', id] as const;
const check_path = (id: string) => `/checks/${id_part(id)}`;

export function why(error: unknown): string {
  return is_problem(error) && !error.offline ? error.title : t('ui.error.offline');
}
export function complain(error: unknown): void {
  toast({ tone: 'red', text: t('ui.check.refused', { why: why(error) }) });
}

const read_check = (id: string) => get<CheckView>(check_path(id));
export function useCheck(id: string | undefined) {
  return useQuery({
    queryKey: check_key(id ?? ''),
    queryFn: () => read_check(id ?? ''),
    enabled: id !== undefined,
  });
}

/** Why a check may end without a score, in the words and the order of the server. */
export function useReasons(enabled: boolean) {
  return useQuery({
    queryKey: ['reason', 'list'],
    queryFn: () => get<{ items: ReasonRow[] }>('/checks/reasons'),
    staleTime: Infinity,
    enabled,
  });
}

export interface CheckShelf {
  state?: string;
  outcome?: string;
  mine?: number;
}
export function useChecks(shelf: CheckShelf, enabled: boolean) {
  return useInfiniteQuery({
    queryKey: ['check', 'list', shelf],
    queryFn: ({ pageParam }) =>
      get<CheckList>('/checks', { ...shelf, after: pageParam, limit: 100 }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    enabled,
  });
}
export function useOwnChecks(enabled: boolean) {
  return useQuery({
    queryKey: ['check', 'own'],
    queryFn: () => get<CheckList>('/me/checks'),
    enabled,
  });
}
export function useForms(purpose: string) {
  return useQuery({
    queryKey: ['form', 'list', purpose],
    queryFn: () => get<{ items: FormRow[] }>('/forms', { purpose }),
    staleTime: 5 * 60_000,
  });
}
export function usePoints() {
  return useQuery({
    queryKey: ['point', 'list'],
    queryFn: () => get<{ items: PointRow[] }>('/points'),
    staleTime: 5 * 60_000,
  });
}

/** Starts a check, or opens the reader's draft of the same; it is in the cache at once. */
export function useStart(open: (id: string) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (asked: { form_id: string; clip_id?: string; draw_id?: string }) =>
      send<CheckView>('post', '/checks', asked),
    onSuccess: ({ data }) => {
      client.setQueryData(check_key(data.id), data);
      void client.invalidateQueries({ queryKey: ['check', 'list'] });
      open(data.id);
    },
    onError: (error) =>
      toast({ tone: 'red', text: t('ui.check.not_started', { why: why(error) }) }),
  });
}

/** Requests of one check; each answer is the whole check and goes to the cache. */
export function wire_of(client: QueryClient, id: string) {
  const keep = (view: CheckView) => {
    // An answer given again may be older than what is known by now.
    client.setQueryData<CheckView>(check_key(id), (held) =>
      held && held.version > view.version ? held : view,
    );
    return view;
  };
  const ask = async (
    method: 'post' | 'put' | 'delete',
    tail: string,
    given?: unknown,
    version?: number,
    key?: string,
  ) => keep((await send<CheckView>(method, `${check_path(id)}${tail}`, given, version, key)).data);
  return {
    put: (items: CheckAnswer[], version: number) => ask('put', '/answers', { items }, version),
    read: async () => keep(await read_check(id)),
    mark: ({ key, item, clip_sample }: Mark) =>
      ask('post', '/evidence', { item, clip_sample, channel: 0 }, undefined, key),
    unmark: (evidence: string) => ask('delete', `/evidence/${id_part(evidence)}`),
    finish: (version: number) => ask('post', '/finish', undefined, version),
    reopen: () => ask('post', '/reopen'),
    withdraw: () => ask('post', '/withdraw'),
    restore: () => ask('post', '/restore'),
    give_up: (reason: CheckReason, note: string, version: number) =>
      ask('post', '/give-up', { reason, note }, version),
  };
}

export interface DrawAsked {
  point_id: string | null;
  from: string;
  to: string;
  length_ms: number;
}
export function useMakeDraw(open: (id: string) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (asked: DrawAsked) => send<DrawView>('post', '/draws', asked),
    onSuccess: ({ data }) => {
      client.setQueryData(['draw', 'one', data.id], data);
      open(data.id);
    },
  });
}
export function useDraw(id: string | undefined) {
  return useQuery({
    queryKey: ['draw', 'one', id],
    queryFn: () => get<DrawView>(`/draws/${id_part(id ?? '')}`),
    enabled: id !== undefined,
    staleTime: Infinity,
  });
}
// Of one identity, so that the joined answer changes only with the answers.
const waves_of = (asked: readonly { isPending: boolean; data: Peaks | undefined }[]) => ({
  pending: asked.some((one) => one.isPending),
  peaks: asked.map((one) => loudness(one.data)),
});
export function useDrawPeaks(draw: DrawView) {
  return useQueries({
    queries: draw.tracks.map((track) => ({
      queryKey: ['peaks', draw.id, track.channel],
      queryFn: () => get<Peaks>(inner(`${track.peaks_url}&buckets=1200`)),
      staleTime: Infinity,
    })),
    combine: waves_of,
  });
}
export function useDrawWords(draw: DrawView) {
  return useQueries({
    queries: draw.tracks.map((track) => ({
      queryKey: ['transcript', 'draw', draw.id, track.channel],
      queryFn: () => get<ClipWords>(inner(track.words_url)),
    })),
    combine: (asked) => ({
      pending: asked.some((one) => one.isPending),
      items: asked
        .flatMap((one) => one.data?.items ?? [])
        .sort((a, b) => a.begin_sample - b.begin_sample),
    }),
  });
}
