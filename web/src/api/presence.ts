// Who else has a record or a check open: said while it is shown, forgotten when it is left.
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { send } from './call';
import type { Given } from './types';

export type Subject = { clip_id: string } | { check_id: string };
export type Here = Given<'HereView'>;

const every_ms = 20_000; // the server forgets after two lost words and a bit
const nobody: readonly Here[] = [];

export function useHere(subject: Subject | null, writing: boolean): readonly Here[] {
  const address = JSON.stringify(subject);
  const asked = useQuery({
    queryKey: ['presence', address, writing],
    queryFn: async () =>
      (await send<Given<'HereList'>>('post', '/presence', { ...subject, writing })).data,
    enabled: subject !== null,
    refetchInterval: every_ms,
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  useEffect(() => {
    if (!subject) return undefined;
    return () => {
      send('post', '/presence', { ...subject, leaving: true }).catch(() => undefined);
    };
    // One word per subject, whatever the object that names it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [address]);
  return asked.data?.items ?? nobody;
}
