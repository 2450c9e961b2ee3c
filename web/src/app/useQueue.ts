// Going through a queue of checks: begun from the list, the next check opens by itself and plays.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { send } from '../api/call';
import type { CheckView, SignalRow } from '../api/types';
import { check_key, complain, wire_of } from '../features/checks/queries';
import { fetch_ahead } from '../features/clips/queries';
import { t } from '../lib/lang';
import type { PlayerControl } from '../ui/player/engine';
import { usePlayerState, warm } from '../ui/player/usePlayer';
import { toast } from '../ui/Toast';
import { paths } from './paths';
import { keep_queue, kept_queue, next_in, takers, type Queue, type Skip } from './queue';

function tell_skipped(skipped: readonly Skip[]): void {
  if (skipped.length === 0) return;
  const [taken, who] = [skipped.filter((one) => one.why === 'taken').length, takers(skipped)];
  const rest = skipped.length - taken;
  const words = [
    taken > 0 && t('ui.check.queue_taken', { n: taken, who: who.join(', ') || 'none' }),
    rest > 0 && t('ui.check.queue_passed', { n: rest }),
  ];
  toast({ text: words.filter(Boolean).join(' ') });
}

/** Where a check stands in the queue; nothing when it is not of it. */
export interface QueuePlace {
  n: number;
  total: number;
}

export function useQueue(address: () => string) {
  const client = useQueryClient();
  const go = useNavigate();
  const [queue, set_queue] = useState<Queue | null>(kept_queue);
  // Opened by the queue, not by a person: given back when it is left as it came.
  const opened = useRef(new Set<string>());
  const put = (next: Queue | null) => {
    keep_queue(next);
    set_queue(next);
  };
  const begin = (rows: readonly SignalRow[], check: CheckView) =>
    put(
      rows.length > 1
        ? { rows: rows.map(({ id, clip_id }) => ({ id, clip_id })), form: check.form.id }
        : null,
    );
  const place_of = (signal: string | undefined): QueuePlace | null => {
    const at = queue?.rows.findIndex((row) => row.id === signal) ?? -1;
    return queue && at >= 0 ? { n: at + 1, total: queue.rows.length } : null;
  };
  const next = async (signal: string, check: CheckView): Promise<boolean> => {
    if (!queue || !place_of(signal)) return false;
    const { clip, skipped } = await next_in(client, queue, signal);
    tell_skipped(skipped);
    if (!clip) {
      toast({ text: t('ui.check.queue_done', { n: queue.rows.length }) });
      put(null);
      void go(address());
      return false;
    }
    const asked = { clip_id: clip.id, form_id: clip.default_form_id ?? check.form.id };
    const { data } = await send<CheckView>('post', '/checks', asked);
    client.setQueryData(check_key(data.id), data);
    opened.current.add(data.id);
    void go(paths.check(data.id));
    return true;
  };
  const leave = (check: CheckView, untouched: boolean) => {
    put(null);
    if (!untouched || !opened.current.has(check.id)) return;
    wire_of(client, check.id)
      .withdraw()
      .catch(() => undefined); // an empty draft of one's own does no harm
    void client.invalidateQueries({ queryKey: ['clip'] });
  };
  return {
    begin,
    place_of,
    leave,
    rows: queue?.rows ?? [],
    next: (signal: string, check: CheckView) =>
      next(signal, check).catch((error: unknown) => {
        complain(error);
        return false;
      }),
  };
}

const silent = { subscribe: () => () => undefined, state: { playing: false } };

/** What comes next is fetched: its words and wave at once, its sound while this one plays. */
export function useAhead(clip_id: string | null | undefined, control: PlayerControl | null): void {
  const client = useQueryClient();
  const { playing } = usePlayerState((control ?? silent) as PlayerControl);
  useEffect(() => {
    if (!clip_id) return undefined;
    let here = true;
    const timer = setTimeout(() => {
      fetch_ahead(client, clip_id)
        .then((sounds) => here && playing && sounds.forEach(warm))
        .catch(() => undefined); // it will be asked again, and fail in sight, when it is opened
    }, 200); // walking fast through a list fetches nothing
    return () => {
      here = false;
      clearTimeout(timer);
    };
  }, [client, clip_id, playing]);
}

/** Played on: a walk from a record that plays, and the next check of a queue. */
export function usePlayOn(set_control: (control: PlayerControl | null) => void) {
  const wanted = useRef(false);
  const held = useRef(set_control);
  held.current = set_control;
  const [given] = useState(() => (control: PlayerControl | null) => {
    held.current(control);
    if (!control || !wanted.current) return;
    wanted.current = false;
    control.play();
  });
  return { on_control: given, want: (play: boolean) => (wanted.current = play) };
}
