import { useMutation, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { get, get_first, send } from '../../api/call';
import { why_of } from '../../api/refusal';
import type { Given } from '../../api/types';
import { t } from '../../lib/lang';
import { toast } from '../../ui/Toast';

export type Day = Given<'DayView'>;
export type Due = Day['items'][number];
export type Goals = Day['goals'];

const rows_max = 300;
const list_key = ['day', 'list'] as const;

export function useDay() {
  return useQuery({
    queryKey: list_key,
    queryFn: ({ signal }) => get_first<Day>('/me/day', { limit: rows_max }, signal),
    // What is late becomes late without a fact that tells so.
    refetchInterval: 60_000,
  });
}
/** The numbers of the navigation. */
export function useDayCount() {
  return useQuery({
    queryKey: ['day', 'count'],
    queryFn: ({ signal }) => get<Day>('/me/day', { limit: 0 }, signal),
    placeholderData: (before) => before,
    refetchInterval: 60_000,
  });
}

/** The day without a thing: what a person did leaves at once. */
export function without_item(day: Day | undefined, item: string): Day | undefined {
  if (!day?.items.some((one) => one.item === item)) return day;
  const items = day.items.filter((one) => one.item !== item);
  return { ...day, items, total: Math.max(items.length, day.total - 1) };
}
export function drop_item(client: QueryClient, item: string): void {
  void client.cancelQueries({ queryKey: list_key });
  client.setQueryData<Day>(list_key, (now) => without_item(now, item));
}

/** Puts a thing off, or accepts it; the server refuses rarely, then the day is asked again. */
export function useMark() {
  const client = useQueryClient();
  const settled = () => client.invalidateQueries({ queryKey: ['day'] });
  const failed = (error: unknown) =>
    toast({ tone: 'red', text: t('ui.inbox.not_moved', { why: why_of(error) }) });
  const back = useMutation({
    mutationFn: (due: Due) =>
      send('put', '/me/day/unmark', { item: due.item, until: due.mark ?? 'tomorrow' }),
    onError: failed,
    onSettled: settled,
  });
  const mark = useMutation({
    mutationFn: ({ due, until }: { due: Due; until: 'tomorrow' | 'good' }) =>
      send('put', '/me/day/mark', { item: due.item, until }),
    onMutate: ({ due }) => drop_item(client, due.item),
    onSuccess: (_, { due, until }) =>
      toast({
        text: t(until === 'good' ? 'ui.day.seen' : 'ui.day.put_off'),
        undo: () => back.mutate(due),
      }),
    onError: failed,
    onSettled: settled,
  });
  return (due: Due, until: 'tomorrow' | 'good') => mark.mutate({ due, until });
}

export function useSetGoals(done: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (goals: Goals) => send('put', '/settings/day-goals', goals),
    onSuccess: () => {
      done();
      toast({ text: t('ui.day.goals_saved') });
      return client.invalidateQueries({ queryKey: ['day'] });
    },
  });
}
