import { useMutation, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, id_part, send } from '../../../api/call';
import { why_of } from '../../../api/refusal';
import type { Given } from '../../../api/types';
import { t } from '../../../lib/lang';
import { toast } from '../../../ui/Toast';
import type { RecordingPage } from '../queries';
import type { Body } from './wish';

export type Preview = Given<'RepairPreview'>;
export type PreviewPart = Given<'RepairPart'>;
export type PreviewClip = Given<'RepairClip'>;
export type Side = Given<'RepairSide'>;
export type Repairs = Given<'RepairList'>;
export type RepairRow = Given<'RepairView'>;
export type Ask = Given<'RepairAskView'>;

/** Several recordings as one answer. */
export function useSeveral(ids: readonly string[]) {
  return useQueries({
    queries: ids.map((id) => ({
      queryKey: ['recording', 'one', id],
      queryFn: () => get<RecordingPage>(`/recordings/${id_part(id)}`),
    })),
    combine: (all) => ({
      data: all.every((one) => one.data) ? all.flatMap((one) => one.data ?? []) : undefined,
      error: all.find((one) => one.error)?.error ?? null,
      refetch: () => all.forEach((one) => void one.refetch()),
    }),
  });
}
export function useRepairs(recording: string) {
  return useQuery({
    queryKey: ['recording', 'repairs', recording],
    queryFn: () => get<Repairs>('/repairs', { recording }),
  });
}
export function useAsks(enabled: boolean) {
  return useQuery({
    queryKey: ['recording', 'asks'],
    queryFn: () => get<{ items: Ask[] }>('/repair-asks'),
    enabled,
  });
}

const touched = ['recording', 'coverage', 'recorder', 'clip', 'signal', 'check'];
function useStale() {
  const client = useQueryClient();
  return () => {
    for (const kind of touched) void client.invalidateQueries({ queryKey: [kind] });
  };
}

export function usePreview() {
  return useMutation({
    mutationFn: async (body: Body) => (await send<Preview>('post', '/repairs/preview', body)).data,
  });
}
export function useRepair() {
  const stale = useStale();
  const undo = useMutation({
    mutationFn: (made: string[]) =>
      send('post', '/repairs', {
        recordings: [],
        undo: made.map((repair_id) => ({ repair_id })),
        reason: t('ui.repair.undone_at_once'),
      }),
    onSuccess: () => toast({ text: t('ui.repair.undone') }),
    onError: (error) => toast({ tone: 'red', text: why_of(error) }),
    onSettled: stale,
  });
  return useMutation({
    mutationFn: async (body: Body) =>
      (await send<Given<'MadeRepairs'>>('post', '/repairs', body)).data.items,
    onSuccess: (items, body) =>
      toast({
        text: body.undo ? t('ui.repair.undone') : t('ui.repair.done', { n: items.length }),
        undo: () => undo.mutate(items.map((one) => one.repair_id)),
      }),
    onSettled: stale,
  });
}
export function useAsk(recording: string) {
  const stale = useStale();
  return useMutation({
    mutationFn: (text: string) => send('post', '/repair-asks', { recording_id: recording, text }),
    onSuccess: () => toast({ text: t('ui.repair.asked') }),
    onSettled: stale,
  });
}
export function useLeave() {
  const stale = useStale();
  return useMutation({
    mutationFn: (ask: string) => send('post', `/repair-asks/${id_part(ask)}/leave`),
    onError: (error) => toast({ tone: 'red', text: why_of(error) }),
    onSettled: stale,
  });
}
