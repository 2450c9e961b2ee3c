// Holds: sound that is kept longer than its term says.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, send } from './call';
import { refusal_of } from './refusal';
import type { Given, Sent } from './types';

type Hold = Given<'HoldView'>;
/** What a hold is asked on. */
export type HoldSubject = { clip: string } | { recording: string };

const wish_of = (subject: HoldSubject): Omit<Sent<'HoldRequest'>, 'reason'> =>
  'clip' in subject ? { clip_id: subject.clip } : { recording_id: subject.recording };

/** What keeps the subject already, and a new hold on it. */
export function useHolds(subject: HoldSubject, onHeld: () => void) {
  const client = useQueryClient();
  const asked = useQuery({
    queryKey: ['hold', subject],
    queryFn: ({ signal }) => get<Given<'HoldList'>>('/holds', { ...subject }, signal),
  });
  const hold = useMutation({
    mutationFn: async (reason: string) =>
      (await send<Hold>('post', '/holds', { ...wish_of(subject), reason })).data,
    // Lists of holds, and what says whether it is held.
    onSuccess: async () => {
      await Promise.all(
        ['hold', 'clip', 'recording'].map((kind) => client.invalidateQueries({ queryKey: [kind] })),
      );
      onHeld();
    },
  });
  return {
    held: asked.data?.items ?? [],
    busy: hold.isPending,
    error: refusal_of(hold.error),
    onHold: (reason: string) => hold.mutate(reason),
  };
}
