import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, id_part, send } from '../../api/call';
import { why_of } from '../../api/refusal';
import type { Given, Sent } from '../../api/types';
import { t } from '../../lib/lang';
import { toast } from '../../ui/Toast';

export type ViewRow = Given<'SavedViewRow'>;
export type ListName = ViewRow['list'];
type Views = Given<'SavedViewList'>;

export function useViews(list: ListName) {
  return useQuery({
    queryKey: ['view', list],
    queryFn: () => get<Views>('/views', { list }),
    staleTime: 60_000,
  });
}

export function useViewChanges(list: ListName) {
  const client = useQueryClient();
  const rest = {
    onError: (error: unknown) =>
      toast({ tone: 'red', text: t('ui.inbox.not_moved', { why: why_of(error) }) }),
    onSettled: () => client.invalidateQueries({ queryKey: ['view', list] }),
  };
  const make = useMutation({
    mutationFn: (view: Omit<Sent<'ViewRequest'>, 'list'>) =>
      send<ViewRow>('post', '/views', { ...view, list }),
    onSuccess: ({ data }) => toast({ text: t('ui.view.saved', { name: data.name }) }),
    onSettled: rest.onSettled,
  });
  const change = useMutation({
    mutationFn: ({ id, version, name, query, shared }: ViewRow) =>
      send('put', `/views/${id_part(id)}`, { list, name, query, shared }, version),
    ...rest,
  });
  const remove = useMutation({
    mutationFn: (view: ViewRow) => send('delete', `/views/${id_part(view.id)}`),
    onSuccess: (_, { name, query, shared }) =>
      toast({
        text: t('ui.view.removed', { name }),
        undo: () => make.mutate({ name, query, shared }),
      }),
    ...rest,
  });
  const set_default = useMutation({
    mutationFn: (view_id: string | null) => send('put', '/me/view', { list, view_id }),
    ...rest,
  });
  return { make, change, remove, set_default };
}
