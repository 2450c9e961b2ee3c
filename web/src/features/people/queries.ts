import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, send } from '../../api/call';
import type { Given, Sent } from '../../api/types';

export function usePasswordChange(done?: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (asked: { old_password: string; new_password: string }) =>
      send('put', '/session/password', asked),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['session'] });
      done?.();
    },
  });
}

export type FirstRun = Sent<'FirstRunRequest'>;
export const useFirstRun = (done: () => void) =>
  useMutation({
    mutationFn: (asked: FirstRun) => send('post', '/first-run', asked),
    onSuccess: done,
  });

export type Zone = Given<'ZoneView'>;
export const useZones = () =>
  useQuery({
    queryKey: ['zone'],
    queryFn: () => get<Given<'ZoneList'>>('/zones'),
    staleTime: Infinity,
  });
