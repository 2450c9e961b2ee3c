// What must I do now? Late things first, each with one action.
import { IconAlertCircle, IconChecks, IconClock } from '@tabler/icons-react';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useLocation } from 'react-router';
import { is_problem, problem_from } from '../../api/problem';
import { cx } from '../../lib/cx';
import { useLang, useT } from '../../lib/lang';
import { number } from '../../lib/numbers';
import { day_long, exact, when } from '../../lib/times';
import { Button, ButtonLink } from '../../ui/Button';
import { List, type Group as ListGroup } from '../../ui/List';
import { EmptyState, ErrorState, Skeleton } from '../../ui/States';
import { StateWord } from '../../ui/StateWord';
import './day.css';
import { useDay, type Day, type Due } from './queries';
import { group_of, lateness, look_of, type Group } from './words';

// Opened seldom: apart from the first page.
const Goals = lazy(async () => ({ default: (await import('./Goals')).Goals }));

const groups = ['late', 'today', 'soon'] as const satisfies readonly Group[];
const row_height = 56;

function DueRow({
  due,
  now,
  here,
  onAct,
}: {
  due: Due;
  now: number;
  /** The zone of the reader's day, for what stands at no point. */
  here: string;
  onAct: (due: Due) => void;
}) {
  const look = look_of(due);
  const late = Date.parse(due.due_at) <= now;
  const zone = due.zone || here;
  return (
    <div className="o-due">
      <span className={`o-tone-${look.tone}`}>
        <look.icon size={20} aria-hidden />
      </span>
      <div className="o-due-main">
        <div className={look.spoken ? 'o-due-title' : 'o-due-title o-2'} title={look.title}>
          {look.title}
        </div>
        <div className="o-due-aside o-3" title={look.aside.join(' · ')}>
          {look.aside.join(' · ')}
        </div>
      </div>
      <div className={cx('o-due-when', late && 'o-red')} title={exact(due.due_at, zone)}>
        <StateWord icon={late ? IconAlertCircle : IconClock} tone={late ? 'red' : 'quiet'} small>
          {when(due.due_at, zone, now, true)}
        </StateWord>
        <span className="o-3 o-s">{lateness(due, now)}</span>
      </div>
      {/* The row is the button for readers; this is where the eye looks for it. */}
      <span
        className="o-btn o-btn-plain o-due-act o-hide-ph"
        onClick={(event) => {
          event.stopPropagation();
          onAct(due);
        }}
      >
        {look.act}
      </span>
    </div>
  );
}

function Head({ day, may_set }: { day?: Day; may_set: boolean }) {
  const t = useT();
  const [setting, set_setting] = useState(false);
  return (
    <div className="o-side-head o-day-head">
      <div className="o-row">
        <h1>{t('ui.place.day')}</h1>
        {day && <span className="o-3 o-cut">{day_long(`${day.day}T12:00:00Z`, 'UTC')}</span>}
        <span className="o-sp" />
        {day && day.signals_done + day.checks_done > 0 && (
          <span className="o-2 o-s">
            {t('ui.day.done', { signals: day.signals_done, checks: day.checks_done })}
          </span>
        )}
        {day && may_set && (
          <Button kind="ghost" pressed={setting} onClick={() => set_setting((now) => !now)}>
            {t('ui.day.goals')}
          </Button>
        )}
      </div>
      {day && setting && (
        <Suspense>
          <Goals goals={day.goals} onClose={() => set_setting(false)} />
        </Suspense>
      )}
    </div>
  );
}

function grouped(day: Day, now: number, heading: (group: Group) => string): ListGroup<Due>[] {
  return groups.map((id) => {
    const rows = day.items.filter((due) => group_of(due, day.zone, day.day, now) === id);
    return { id, heading: heading(id), count: number(rows.length), rows };
  });
}

function Nothing({ day, first_day, inbox }: { day: Day; first_day?: string; inbox?: string }) {
  const t = useT();
  const fresh = day.signals_done + day.checks_done === 0;
  return (
    <EmptyState
      icon={IconChecks}
      title={t('ui.day.empty')}
      what={t(inbox ? 'ui.day.empty_what' : 'ui.day.empty_own')}
      action={
        fresh && first_day ? (
          <ButtonLink kind="primary" to={first_day}>
            {t('ui.inbox.empty_do')}
          </ButtonLink>
        ) : (
          inbox && <ButtonLink to={inbox}>{t('ui.day.to_inbox')}</ButtonLink>
        )
      }
    />
  );
}

export interface DayListProps {
  selected: string | null;
  onSelect: (due: Due) => void;
  /** The one action of a row. */
  onAct: (due: Due) => void;
  may_set: boolean;
  first_day?: string;
  inbox?: string;
}

export function DayList({ selected, onSelect, onAct, may_set, first_day, inbox }: DayListProps) {
  const t = useT();
  const language = useLang();
  const query = useDay();
  const place = useLocation().key;
  const day = query.data;
  const now = query.dataUpdatedAt;
  const lists = useMemo(
    () => (day ? grouped(day, now, (id) => t(`ui.day.group.${id}`)) : []),
    [day, now, language, t],
  );
  const rest = day ? day.total - day.items.length : 0;
  return (
    <section className="o-side" aria-label={t('ui.place.day')}>
      <Head day={day} may_set={may_set} />
      {query.isPending && <Skeleton rows={8} height={row_height} />}
      {query.error && !day && (
        <ErrorState
          title={t('ui.day.failed')}
          error={is_problem(query.error) ? query.error : problem_from(0, undefined)}
          onRetry={() => void query.refetch()}
        />
      )}
      {day?.total === 0 && <Nothing day={day} first_day={first_day} inbox={inbox} />}
      {day && day.items.length > 0 && (
        <List
          groups={lists}
          id_of={(due) => due.item}
          selected={selected}
          onSelect={onSelect}
          onOpen={onAct}
          render={(due) => <DueRow due={due} now={now} here={day.zone} onAct={onAct} />}
          row_height={row_height}
          label={t('ui.place.day')}
          place={place}
        />
      )}
      {rest > 0 && <p className="o-day-rest o-3 o-s">{t('ui.day.rest', { n: rest })}</p>}
    </section>
  );
}
