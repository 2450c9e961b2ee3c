// The record stands right, always: «Проверить» swaps the list for the checklist, and the player,
// its second and the scroll of the words stay. One page serves /inbox, /checks/:id and /draws/:id,
// so that going from one to another mounts nothing anew.
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { useLocation, useNavigate, useNavigation, useParams } from 'react-router';
import type { CheckView, SignalRow, SignalState } from '../api/types';
import { useHere } from '../api/presence';
import { is_problem, problem_from } from '../api/problem';
import { check_key, useCheck, useDraw } from '../features/checks/queries';
import { useClip } from '../features/clips/queries';
import { Record, RecordFailed } from '../features/clips/Record';
import { NoClip } from '../features/clips/Silent';
import { InboxList } from '../features/inbox/InboxList';
import { useMove, useSignal } from '../features/inbox/queries';
import { ViewsMenu } from '../features/views/ViewsMenu';
import { cx } from '../lib/cx';
import { t as word, useT } from '../lib/lang';
import { seconds_of } from '../lib/sound';
import { Button } from '../ui/Button';
import { useHotkeys } from '../ui/hotkeys';
import type { PlayerControl } from '../ui/player/engine';
import type { Flag } from '../ui/player/WaveParts';
import { ErrorState, Skeleton } from '../ui/States';
import { undo_last } from '../ui/Toast';
import { DrawActions, DrawSide } from './DrawSide';
import { paths } from './paths';
import type { Queued } from './queue';
import { Actions } from './SignalActions';
import { useRight, useSession } from './session';
import { useAhead, usePlayOn, useQueue, type QueuePlace } from './useQueue';

// What the inbox does not show comes when it is asked for.
const DrawRecord = lazy(async () => ({
  default: (await import('../features/checks/DrawRecord')).DrawRecord,
}));
const CheckSheet = lazy(async () => ({
  default: (await import('../features/checks/CheckSheet')).CheckSheet,
}));

const no_flags: Flag[] = [];
const is_phone = () => window.matchMedia('(max-width: 640px)').matches;

/** Where the list was left: its filters hold through a check and back. */
function useInboxAddress() {
  const { pathname, search } = useLocation();
  const kept = useRef('');
  if (pathname.startsWith('/inbox')) kept.current = search;
  return useCallback(
    (signal?: string) => (signal ? paths.signal(signal) : paths.inbox()) + kept.current,
    [],
  );
}

interface Walked<Row> {
  rows: readonly Row[];
  at: number;
}
function neighbour<Row>({ rows, at }: Walked<Row>, step: number): Row | undefined {
  return at < 0 ? undefined : rows[at + step];
}

// Drawn before the next key is read: that key is meant for the record chosen, not for the one that
// would stand until a transition ends.
const at_once = { flushSync: true };

interface Seat {
  control: PlayerControl | null;
  set_control: (control: PlayerControl | null) => void;
  flags: Flag[];
  set_flags: (flags: Flag[]) => void;
}
function useSeat(): Seat {
  const [control, set_control] = useState<PlayerControl | null>(null);
  const [flags, set_flags] = useState<Flag[]>(no_flags);
  const quiet = useCallback(
    (next: Flag[]) => set_flags((now) => (now.length + next.length === 0 ? now : next)),
    [],
  );
  return { control, set_control, flags, set_flags: quiet };
}

function Left({
  check,
  seat,
  origin,
  place,
  onEnded,
  onClose,
}: {
  check: CheckView;
  seat: Seat;
  origin: number;
  place: QueuePlace | null;
  onEnded: () => void;
  onClose: (untouched: boolean) => void;
}) {
  const t = useT();
  const session = useSession();
  return (
    <Suspense fallback={<section className="o-side" />}>
      <CheckSheet
        key={check.id}
        check={check}
        control={seat.control}
        origin={origin}
        account={session.account_id}
        place_in_queue={place ? t('ui.check.queue', { n: place.n, total: place.total }) : undefined}
        onEnded={onEnded}
        may_reopen={session.role === 'administrator'}
        onFlags={seat.set_flags}
        onClose={onClose}
      />
    </Suspense>
  );
}

/** The signal in the address and, on a desk, the first one when there is none. */
function useInbox(address: (signal?: string) => string, on: boolean) {
  const { signal } = useParams();
  const go = useNavigate();
  const [rows, set_rows] = useState<readonly SignalRow[]>([]);
  // Rows may come after another place was pressed, whose page is on its way: that press holds.
  const stays = useNavigation().state === 'idle';
  // The view that the list opens with comes first, or its filters would be lost on the way.
  const [ready, set_ready] = useState(false);
  useEffect(() => {
    const first = rows[0];
    if (on && ready && stays && !signal && first && !is_phone())
      void go(address(first.id), { ...at_once, replace: true });
  }, [on, ready, stays, signal, rows, go, address]);
  const at = rows.findIndex((row) => row.id === signal);
  const asked = useSignal(on && at < 0 ? signal : undefined);
  const row = at >= 0 ? rows[at] : asked.data;
  const is_ready = useCallback(() => set_ready(true), []);
  return {
    rows,
    set_rows,
    set_ready: is_ready,
    at,
    row,
    error: at < 0 ? asked.error : null,
    again: asked.refetch,
  };
}

function Missing({
  error,
  title,
  again,
  onBack,
}: {
  error: unknown;
  title: string;
  again: () => void;
  onBack: () => void;
}) {
  return (
    <ErrorState
      title={title}
      error={is_problem(error) ? error : problem_from(0, undefined)}
      onRetry={again}
    >
      <span className="o-only-ph">
        <Button onClick={onBack}>{word('ui.clip.back')}</Button>
      </span>
    </ErrorState>
  );
}

export function RecordPage() {
  const t = useT();
  const go = useNavigate();
  const client = useQueryClient();
  const { pathname, state } = useLocation();
  const { check: check_id, draw: draw_id } = useParams();
  const address = useInboxAddress();
  const seat = useSeat();
  const may_listen = useRight('listen');
  const may_manage = useRight('manage');
  const drawing = pathname.startsWith('/draws');
  const check = useCheck(check_id);
  const inbox = useInbox(address, !check_id && !drawing);
  const draw = useDraw(draw_id);
  const session = useSession();
  const move_signal = useMove(session.account_id);
  const clip_id = check_id ? check.data?.clip_id : drawing ? null : inbox.row?.clip_id;
  const clip = useClip(may_listen ? clip_id : null);
  const shown_draw = check_id ? check.data?.draw : draw.data;

  const queue = useQueue(address);
  const play_on = usePlayOn(seat.set_control);

  // A check stands in the queue where its signal does.
  const signal_id = clip.data?.signal.id;
  const place = check_id ? queue.place_of(signal_id) : null;
  const held: readonly Queued[] = place ? queue.rows : inbox.rows;
  const queued = check_id
    ? { rows: held, at: held.findIndex((row) => row.id === signal_id) }
    : inbox;
  useAhead(neighbour<Queued>(queued, 1)?.clip_id, seat.control);
  const here = useHere(
    clip.data ? { clip_id: clip.data.id } : check.data ? { check_id: check.data.id } : null,
    Boolean(check.data?.mine && check.data.state === 'draft'),
  );
  const walk_to = (step: number) => {
    const next = neighbour<Queued>(queued, step);
    return (
      next &&
      (() => {
        play_on.want(Boolean(seat.control?.state.playing));
        void go(address(next.id), { ...at_once, replace: !check_id });
      })
    );
  };
  const move = (state: SignalState, what?: string) => {
    const row = clip.data?.signal ?? inbox.row;
    if (!row) return;
    const next = neighbour(inbox, 1) ?? neighbour(inbox, -1);
    move_signal(row, state, what);
    void go(next && !is_phone() ? address(next.id) : address(), { ...at_once, replace: true });
  };
  useHotkeys([
    {
      keys: 'KeyZ',
      run: () => undo_last(),
      help: t('ui.inbox.key_undo'),
      group: t('ui.keys.list'),
    },
  ]);
  const open_check = (id: string) => {
    const begun = client.getQueryData<CheckView>(check_key(id));
    if (begun) queue.begin(inbox.rows, begun);
    void go(paths.check(id), at_once);
  };
  // Where the work was opened from, when that is another page than the list it stands in.
  const from = (state as { back?: string } | null)?.back;
  const close_check = (untouched = false) => {
    if (check.data) queue.leave(check.data, untouched);
    if (from) return void go(from);
    void go(clip_id && signal_id ? address(signal_id) : paths.checks());
  };
  const check_ended = () => {
    if (!check.data || !signal_id) return;
    play_on.want(true);
    void queue.next(signal_id, check.data).then((went) => play_on.want(went));
  };
  const origin = clip.data?.version ? seconds_of(clip.data.version.press_sample) : 0;
  const walk =
    queued.at >= 0
      ? { n: queued.at + 1, total: queued.rows.length, previous: walk_to(-1), next: walk_to(1) }
      : undefined;
  const open = Boolean(check_id || draw_id || inbox.row || inbox.error);
  const back = check_id ? () => close_check() : () => void go(drawing ? paths.checks() : address());
  const select = useCallback(
    (row: SignalRow) => void go(address(row.id), { ...at_once, replace: !is_phone() }),
    [go, address],
  );
  const start = useCallback((row: SignalRow) => select(row), [select]);

  const right = () => {
    if (shown_draw && may_listen) {
      return (
        <Suspense fallback={<Skeleton rows={8} />}>
          <DrawRecord
            draw={shown_draw}
            flags={seat.flags}
            onControl={play_on.on_control}
            onBack={back}
          >
            {!check_id && <DrawActions draw={shown_draw} onOpen={open_check} />}
          </DrawRecord>
        </Suspense>
      );
    }
    if (draw.error)
      return (
        <Missing
          onBack={back}
          error={draw.error}
          title={word('ui.draw.failed')}
          again={() => void draw.refetch()}
        />
      );
    if (inbox.error)
      return (
        <Missing
          onBack={back}
          error={inbox.error}
          title={word('ui.clip.no_list')}
          again={() => void inbox.again()}
        />
      );
    if (clip.data) {
      return (
        <Record
          key={clip.data.id}
          clip={clip.data}
          walk={walk}
          flags={seat.flags}
          onBack={back}
          onControl={play_on.on_control}
          link={paths.clip(clip.data.id)}
          check_link={paths.check}
          here={here}
          nudge_link={may_manage ? paths.nudge : undefined}
          looks_on={session.visitor}
        >
          {!check_id && (
            <Actions
              key={clip.data.signal.id}
              signal={clip.data.signal}
              clip={clip.data}
              move={move}
              onOpen={open_check}
            />
          )}
        </Record>
      );
    }
    if (clip.error)
      return <RecordFailed error={clip.error} onBack={back} onRetry={() => void clip.refetch()} />;
    if (inbox.row && !inbox.row.clip_id && !check_id) {
      return (
        <NoClip signal={inbox.row} walk={walk} onBack={back} link={address(inbox.row.id)}>
          <Actions key={inbox.row.id} signal={inbox.row} move={move} onOpen={open_check} />
        </NoClip>
      );
    }
    if (check.error || (check.data && !may_listen)) return null;
    return open ? <Skeleton rows={8} /> : null;
  };
  const left = () => {
    if (check_id) {
      if (check.data)
        return (
          <Left
            check={check.data}
            seat={seat}
            origin={origin}
            place={place}
            onEnded={check_ended}
            onClose={close_check}
          />
        );
      return (
        <section className="o-side">
          {check.error ? (
            <Missing
              onBack={back}
              error={check.error}
              title={t('ui.check.failed')}
              again={() => void check.refetch()}
            />
          ) : (
            <Skeleton rows={10} height={36} />
          )}
        </section>
      );
    }
    if (drawing) return <DrawSide draw={draw.data} onClose={() => void go(paths.checks())} />;
    return (
      <InboxList
        selected={inbox.row?.id ?? null}
        onSelect={select}
        onOpen={start}
        onRows={inbox.set_rows}
        setup_link={may_manage ? paths.first_day : undefined}
        views={<ViewsMenu list="inbox" may_share onReady={inbox.set_ready} />}
      />
    );
  };
  if (check_id && !may_listen) return <div className="o-only-check">{left()}</div>;
  return (
    <div className={cx('o-split', open && 'o-open', (check_id || drawing) && 'o-checking')}>
      {left()}
      <section className="o-rec" aria-label={t('ui.keys.player')}>
        {right()}
      </section>
    </div>
  );
}
