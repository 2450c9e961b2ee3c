import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, send } from '../../api/call';
import { is_problem } from '../../api/problem';
import type { Given, Sent } from '../../api/types';
import { t } from '../../lib/lang';
import type { Refusal } from '../../ui/Form';

/** A refusal as a form shows it; a lost connection is said in the page's own words. */
export function refusal_of(error: unknown): Refusal | null {
  if (!error) return null;
  if (!is_problem(error)) return { title: String(error) };
  if (error.offline) return { title: t('ui.error.offline'), detail: t('ui.error.offline_do') };
  return error;
}

function useSessionChange<In>(change: (asked: In) => Promise<unknown>, done?: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['session'] });
      done?.();
    },
  });
}

export const usePasswordChange = (done?: () => void) =>
  useSessionChange(
    (asked: { old_password: string; new_password: string }) =>
      send('put', '/session/password', asked),
    done,
  );

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
