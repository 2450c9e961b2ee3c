import {
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
  type InfiniteData,
} from '@tanstack/react-query';
import { get, get_first, id_part, send } from '../../api/call';
import { is_problem } from '../../api/problem';
import type { PointRow, SignalCounts, SignalList, SignalRow, SignalState } from '../../api/types';
import { keep_words, kept_words } from '../../lib/kept_words';
import { t } from '../../lib/lang';
import { toast } from '../../ui/Toast';

export interface Asked {
  state: string;
  point: string;
  kind: string;
  button: string;
  from: string;
  to: string;
}
const page_rows = 100;

export const list_key = (asked: Asked) => ['signal', 'list', asked] as const;

export function useSignals(asked: Asked) {
  return useInfiniteQuery({
    queryKey: list_key(asked),
    queryFn: ({ pageParam, signal }) =>
      (pageParam ? get : get_first)<SignalList>(
        '/signals',
        { ...asked, after: pageParam, limit: page_rows },
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

export function useCounts(asked: Omit<Asked, 'state'>, enabled = true) {
  return useQuery({
    queryKey: ['signal', 'counts', asked],
    queryFn: () => get<SignalCounts>('/signals/counts', { ...asked }),
    placeholderData: (before) => before,
    enabled,
  });
}

export function useSignal(id: string | undefined) {
  return useQuery({
    queryKey: ['signal', 'one', id],
    queryFn: ({ signal }) => get<SignalRow>(`/signals/${id_part(id ?? '')}`, {}, signal),
    enabled: id !== undefined,
  });
}

export function usePoints() {
  return useQuery({
    queryKey: ['point', 'list'],
    queryFn: () => get<{ items: PointRow[] }>('/points'),
    staleTime: 5 * 60_000,
  });
}

type Pages = InfiniteData<SignalList, string>;

/** The list without a row: what a person sorted leaves at once. */
export function without(pages: Pages | undefined, id: string): Pages | undefined {
  return (
    pages && {
      ...pages,
      pages: pages.pages.map((page) => ({
        ...page,
        items: page.items.filter((row) => row.id !== id),
      })),
    }
  );
}

interface Move {
  row: Pick<SignalRow, 'id' | 'version' | 'state'>;
  state: SignalState;
  /** What exactly was said; a signal is done only with it. */
  what?: string;
}

const again_ms = 3_000;
const again_max = 400; // twenty minutes; after that the words still stand in the field

/** The way was at fault, not what was sent. A 401 ends with the next sign-in. */
export function worth_again(count: number, error: unknown): boolean {
  if (!is_problem(error)) return false;
  const passes = error.offline || error.status >= 500 || [401, 429].includes(error.status);
  if (passes && count === 0) toast({ text: t('ui.inbox.sent_later') });
  return passes && count < again_max;
}

function refused(error: unknown): void {
  const stale = is_problem(error) && error.status === 412;
  const why = is_problem(error) && !error.offline ? error.title : t('ui.error.offline');
  toast({
    tone: 'red',
    text: stale ? t('ui.inbox.changed_meanwhile') : t('ui.inbox.not_moved', { why }),
  });
}

/** Sorts a signal at once; the server refuses rarely, then the list is asked again. */
export function useMove(account: string) {
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: ({ row, state, what }: Move) => {
      // Sent again after a sign-in, it may not go out under the name of another person.
      const now = client.getQueryData<{ account_id?: string }>(['session'])?.account_id;
      if (now && now !== account) throw new Error('another account');
      return send(
        'put',
        `/signals/${id_part(row.id)}/state`,
        what ? { state, what } : { state },
        row.version,
      );
    },
    retry: worth_again,
    retryDelay: again_ms,
    networkMode: 'always',
    onMutate: ({ row }) => {
      void client.cancelQueries({ queryKey: ['signal', 'list'] });
      client.setQueriesData<Pages>({ queryKey: ['signal', 'list'] }, (now) => without(now, row.id));
    },
    onSuccess: (_, { row, what }) => {
      // Words that were kept for the case that they are lost are stored now.
      if (what && kept_words(account, row.id) === what) keep_words(account, row.id, '');
    },
    onError: refused,
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['signal'] }),
        client.invalidateQueries({ queryKey: ['clip'] }),
      ]),
  });
  return (row: Move['row'], state: SignalState, what?: string) =>
    change.mutate(
      { row, state, what },
      {
        onSuccess: () =>
          toast({
            text: t(`ui.inbox.moved.${state}`),
            undo: () => {
              const now = { ...row, state, version: row.version + 1 };
              change.mutate({ row: now, state: row.state });
            },
          }),
      },
    );
}
