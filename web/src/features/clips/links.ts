// Links of one clip, asked only while their sheet is open.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, id_part, send } from '../../api/call';
import type { ClipLinks, MadeClipLink } from '../../api/types';
import { complain } from './queries';

const path = (clip: string) => `/clips/${id_part(clip)}/links`;
const key = (clip: string) => ['clip', 'links', clip];

export function useLinks(clip: string) {
  return useQuery({
    queryKey: key(clip),
    queryFn: ({ signal }) => get<ClipLinks>(path(clip), {}, signal),
  });
}

export function useMakeLink(clip: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (wish: { hours: number; note: string; version?: number }) =>
      (await send<MadeClipLink>('post', path(clip), wish)).data,
    onError: complain,
    onSettled: () => client.invalidateQueries({ queryKey: key(clip) }),
  });
}

export function useEndLink(clip: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (link: string) => send('delete', `/links/${id_part(link)}`),
    onError: complain,
    onSettled: () => client.invalidateQueries({ queryKey: key(clip) }),
  });
}
