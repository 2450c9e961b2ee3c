// The one page a small firm works from: what is due left, the thing itself right.
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect } from 'react';
import { useNavigate, useNavigation, useSearchParams } from 'react-router';
import type { SignalState } from '../api/types';
import { useClip } from '../features/clips/queries';
import { Record, RecordFailed } from '../features/clips/Record';
import { NoClip } from '../features/clips/Silent';
import { DayList } from '../features/day/DayList';
import { DueSide } from '../features/day/DueSide';
import { drop_item, useDay, useMark, type Due } from '../features/day/queries';
import { useMove } from '../features/inbox/queries';
import { cx } from '../lib/cx';
import { useT } from '../lib/lang';
import { useHotkeys } from '../ui/hotkeys';
import { Skeleton } from '../ui/States';
import { undo_last } from '../ui/Toast';
import { paths } from './paths';
import { Actions } from './SignalActions';
import { useRight, useSession } from './session';

const is_phone = () => window.matchMedia('(max-width: 640px)').matches;

function alarm_action(due: Due, point: string): string {
  switch (due.reason) {
    case 'not_handed':
      return paths.points({ point, day: due.day, upload: 1 });
    case 'response':
      return paths.board({ point });
    case 'disk_low':
    case 'disk_scarce':
      return paths.settings('keeping');
    case 'mail':
      return paths.settings('mail');
    default:
      return paths.points({ point });
  }
}

/** Where the one action of a thing is done; a press is done right here. */
function action_of(due: Due): string {
  const point = due.point_id ?? '';
  switch (due.kind) {
    case 'draft':
    case 'own_check':
      return paths.check(due.id);
    case 'draw':
      return paths.draw(due.id);
    case 'upload':
      return paths.points({ point, day: due.day, upload: 1 });
    case 'sound':
      return paths.points({ point, day: due.day });
    case 'point':
      if (due.reason === 'no_recorder') return paths.settings('recorders');
      return due.reason === 'no_basis'
        ? `${paths.settings('sites')}/${encodeURIComponent(point)}`
        : paths.point_check(point);
    case 'shift':
      return `${paths.settings('sites')}/${encodeURIComponent(point)}`;
    case 'alarm':
      return alarm_action(due, point);
    case 'refusal':
      return `${paths.settings('devices')}/${encodeURIComponent(due.id)}`;
    case 'job':
      return paths.settings('machine');
    default:
      return paths.signal(due.id);
  }
}

function Press({
  due,
  walk,
  onMove,
  onBack,
}: {
  due: Due;
  walk: { n: number; total: number; previous?: () => void; next?: () => void };
  onMove: (state: SignalState, what?: string) => void;
  onBack: () => void;
}) {
  const go = useNavigate();
  const clip = useClip(due.signal?.clip_id);
  const open_check = (id: string) => void go(paths.check(id), { state: { back: paths.home } });
  if (!due.signal) return null;
  const actions = (
    <Actions
      key={due.id}
      signal={clip.data?.signal ?? due.signal}
      clip={clip.data}
      move={onMove}
      onOpen={open_check}
    />
  );
  if (!due.signal.clip_id)
    return (
      <NoClip signal={due.signal} walk={walk} onBack={onBack} link={paths.signal(due.id)}>
        {actions}
      </NoClip>
    );
  if (clip.data)
    return (
      <Record
        key={clip.data.id}
        clip={clip.data}
        walk={walk}
        onBack={onBack}
        link={paths.clip(clip.data.id)}
        check_link={paths.check}
      >
        {actions}
      </Record>
    );
  if (clip.error)
    return <RecordFailed error={clip.error} onBack={onBack} onRetry={() => void clip.refetch()} />;
  return <Skeleton rows={8} />;
}

export function DayPage() {
  const t = useT();
  const go = useNavigate();
  const client = useQueryClient();
  const stays = useNavigation().state === 'idle';
  const { account_id } = useSession();
  const may_listen = useRight('listen');
  const may_manage = useRight('manage');
  const [search, set_search] = useSearchParams();
  const day = useDay().data;
  const items = day?.items ?? [];
  const mark = useMark();
  const move_signal = useMove(account_id);
  const asked = search.get('item');
  const at = items.findIndex((one) => one.item === asked);
  const due = items[at];
  const show = useCallback(
    (item?: string, replace = true) => set_search(item ? { item } : {}, { replace }),
    [set_search],
  );
  const first = items[0]?.item;
  // On a desk something is always open; what was done elsewhere makes room for the first.
  useEffect(() => {
    if (stays && !due && first && !is_phone()) show(first);
  }, [stays, due, first, show]);
  const after_this = () => {
    const next = items[at + 1] ?? items[at - 1];
    show(is_phone() ? undefined : next?.item);
  };
  const walk_to = (step: number) => {
    const next = at < 0 ? undefined : items[at + step];
    return next && (() => show(next.item));
  };
  const act = (one: Due) => {
    if (one.kind === 'signal') return show(one.item, !is_phone());
    void go(action_of(one), { state: { back: paths.home } });
  };
  const select = useCallback((one: Due) => show(one.item, !is_phone()), [show]);
  useHotkeys([
    {
      keys: 'KeyZ',
      run: () => undo_last(),
      help: t('ui.inbox.key_undo'),
      group: t('ui.keys.list'),
    },
  ]);
  const side = () => {
    if (!due) return null;
    if (due.kind === 'signal')
      return (
        <Press
          key={due.item}
          due={due}
          walk={{
            n: at + 1,
            total: items.length,
            previous: walk_to(-1),
            next: walk_to(1),
          }}
          onMove={(state, what) => {
            if (due.signal) move_signal(due.signal, state, what);
            drop_item(client, due.item);
            after_this();
          }}
          onBack={() => show()}
        />
      );
    return (
      <DueSide
        due={due}
        here={day?.zone || 'UTC'}
        to={action_of(due)}
        onMark={(one) => {
          if (!one.mark) return;
          mark(one, one.mark);
          after_this();
        }}
        onBack={() => show()}
      />
    );
  };
  return (
    <div className={cx('o-split o-myday', due && 'o-open')}>
      <DayList
        selected={due?.item ?? null}
        onSelect={select}
        onAct={act}
        may_set={may_manage}
        first_day={may_manage ? paths.first_day : undefined}
        inbox={may_listen ? paths.inbox() : undefined}
      />
      <section className="o-rec" aria-label={t('ui.day.thing')}>
        {side()}
      </section>
    </div>
  );
}
