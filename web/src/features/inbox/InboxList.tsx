// What did customers say? The newest unsorted signals, as sentences.
import { IconArrowUp, IconInbox } from '@tabler/icons-react';
import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useLocation, useSearchParams } from 'react-router';
import { list_file } from '../../api/call';
import { is_problem, problem_from } from '../../api/problem';
import { why_of } from '../../api/refusal';
import type { SignalRow as Signal } from '../../api/types';
import { text_of, useLang, useT, type Key } from '../../lib/lang';
import { number } from '../../lib/numbers';
import {
  button_name,
  clip_look,
  extras_of,
  kind_look,
  kind_names,
  sentence_of,
} from '../../lib/signal';
import { clock, day_heading, day_key, day_short, duration, exact } from '../../lib/times';
import { Button, ButtonLink } from '../../ui/Button';
import { ExportButton } from '../../ui/ExportButton';
import { Filter } from '../../ui/Filter';
import { List, type Group } from '../../ui/List';
import { EmptyState, ErrorState, Skeleton } from '../../ui/States';
import { Tabs } from '../../ui/Tabs';
import { BulkBar } from './BulkBar';
import { asked_of, changed, day_choices, gather, is_narrow, tabs } from './filters';
import { SignalRow } from './SignalRow';
import { useCounts, usePoints, useSignals, type Asked } from './queries';

const browser_zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const day_words: Record<(typeof day_choices)[number], Key> = {
  '': 'ui.inbox.all',
  today: 'ui.inbox.today',
  yesterday: 'ui.inbox.yesterday',
  '7': 'ui.inbox.week',
  '30': 'ui.inbox.month',
};

function useAsked(): { asked: Asked; search: URLSearchParams } {
  const [search] = useSearchParams();
  const points = usePoints();
  const zone = points.data?.items[0]?.zone ?? browser_zone;
  const asked = useMemo(() => asked_of(search, zone), [search, zone]);
  return { asked, search };
}

function Head({
  asked,
  search,
  filled,
  views,
}: {
  asked: Asked;
  search: URLSearchParams;
  filled: boolean;
  views?: ReactNode;
}) {
  const t = useT();
  const [, set_search] = useSearchParams();
  const points = usePoints();
  const { state, ...rest } = asked;
  const counts = useCounts(rest).data;
  const put = (change: Record<string, string>) =>
    set_search((now) => changed(now, change), { replace: true });
  const own_days = search.has('from') || search.has('to');
  const own = `${search.get('from') ?? ''}…${search.get('to') ?? ''}`;
  const day_text = (day: string) => (day ? day_short(`${day}T12:00:00Z`, 'UTC') : '');
  return (
    <div className="o-side-head">
      <div className="o-row">
        <h1>{t('ui.place.inbox')}</h1>
        <span className="o-sp" />
        {views}
        {filled && (
          <ExportButton
            make={(format) => list_file('/signals', format, { ...asked })}
            why_of={why_of}
          />
        )}
      </div>
      <div className="o-filters">
        <Filter
          name={t('ui.inbox.point')}
          value={asked.point}
          onChange={(point) => put({ point })}
          choices={[
            { value: '', label: t('ui.inbox.all') },
            ...(points.data?.items ?? []).map((one) => ({ value: one.id, label: one.name })),
          ]}
        />
        <Filter
          name={t('ui.inbox.kind')}
          value={asked.kind}
          onChange={(kind) => put({ kind, button: '' })}
          choices={['', ...kind_names].map((kind) => ({
            value: kind,
            label: kind ? kind_look(kind).text : t('ui.inbox.all'),
          }))}
        />
        <Filter
          name={t('ui.inbox.days')}
          value={own_days ? own : (search.get('days') ?? '')}
          onChange={(days) => put({ days, from: '', to: '' })}
          choices={[
            ...day_choices.map((value) => ({ value: value as string, label: t(day_words[value]) })),
            ...(own_days
              ? [{ value: own, label: `${day_text(asked.from)}–${day_text(asked.to)}` }]
              : []),
          ]}
        />
      </div>
      <Tabs
        label={t('ui.place.inbox')}
        current={state}
        tabs={tabs.map((tab) => ({
          id: tab,
          label: t(`ui.inbox.tab.${tab}`),
          to: `?${changed(search, { tab: tab === 'new' ? '' : tab }).toString()}`,
          count: counts && number(counts[tab]),
        }))}
      />
    </div>
  );
}

function look_of(signal: Signal) {
  const kind = kind_look(signal.kind);
  const { text, spoken } = sentence_of(signal);
  return {
    icon: kind.icon,
    kind: button_name(signal),
    kind_tone: kind.tone,
    sentence: text,
    spoken,
    point: signal.point_name,
    extra: extras_of(signal),
    time: clock(signal.at, signal.zone),
    time_exact: exact(signal.at, signal.zone, signal.uncertainty_ms),
    length: signal.length_ms ? duration(signal.length_ms / 1000) : undefined,
    state: clip_look(signal),
  };
}

function by_day(rows: readonly Signal[]): Group<Signal>[] {
  const days = new Map<string, Signal[]>();
  for (const row of rows) {
    const day = day_key(row.at, row.zone);
    const held = days.get(day);
    if (held) held.push(row);
    else days.set(day, [row]);
  }
  return [...days].map(([day, held]) => ({
    id: day,
    heading: held[0] && day_heading(held[0].at, held[0].zone),
    count: number(held.length),
    rows: held,
  }));
}

function Nothing({
  asked,
  setup_link,
  onReset,
}: {
  asked: Asked;
  setup_link?: string;
  onReset: () => void;
}) {
  const t = useT();
  const { state, ...rest } = asked;
  const counts = useCounts(rest).data;
  // Nothing was ever pressed: that is not an empty queue but a place not set up yet.
  const pressed = counts && counts.new + counts.later + counts.done + counts.undone;
  const unused = state === 'new' && pressed === 0;
  if (is_narrow(asked)) {
    return (
      <EmptyState
        icon={IconInbox}
        title={t('ui.inbox.empty_filtered')}
        action={<Button onClick={onReset}>{t('ui.inbox.reset')}</Button>}
      />
    );
  }
  return (
    <EmptyState
      icon={IconInbox}
      title={text_of(`ui.inbox.empty.${asked.state}`) ?? ''}
      what={text_of(`ui.inbox.empty_what.${asked.state}`)}
      why={unused ? t('ui.inbox.empty_why') : undefined}
      action={
        unused &&
        setup_link && (
          <ButtonLink kind="primary" to={setup_link}>
            {t('ui.inbox.empty_do')}
          </ButtonLink>
        )
      }
    />
  );
}

/** Rows as a person sees them: what came meanwhile waits behind a line until asked for. */
function useGathered(asked: Asked, rows: readonly Signal[]) {
  const seen = useRef({ asked, ids: new Set<string>() });
  const [, redraw] = useState(0);
  if (seen.current.asked !== asked) seen.current = { asked, ids: new Set() };
  const { shown: now, fresh } = gather(rows, seen.current.ids);
  // One list as long as every row is the same: who is told of it is told of each change, also of
  // one without a new version, as when a press gets its clip.
  const held = useRef(now);
  if (now.length !== held.current.length || now.some((row, i) => row !== held.current[i]))
    held.current = now;
  const shown = held.current;
  for (const row of shown) seen.current.ids.add(row.id);
  const show = useCallback(() => {
    for (const row of fresh) seen.current.ids.add(row.id);
    redraw((n) => n + 1);
  }, [fresh]);
  return { shown, fresh: fresh.length, show };
}

export interface InboxListProps {
  selected: string | null;
  onSelect: (row: Signal) => void;
  onOpen: (row: Signal) => void;
  /** The rows in force, so that the record can walk to its neighbours. */
  onRows: (rows: readonly Signal[]) => void;
  /** Where a first device is added, for those who may. */
  setup_link?: string;
  /** The saved views of this list. */
  views?: ReactNode;
}

const none_chosen: ReadonlySet<string> = new Set();
/** What is chosen holds while the filters do; a row that left the list is chosen no more. */
function useChosen(asked: Asked, rows: readonly Signal[]) {
  const [held, set_held] = useState({ asked, ids: none_chosen });
  const ids = useMemo(() => {
    if (held.asked !== asked || held.ids.size === 0) return none_chosen;
    return new Set(rows.flatMap((row) => (held.ids.has(row.id) ? [row.id] : [])));
  }, [held, asked, rows]);
  const onChoose = useCallback(
    (next: ReadonlySet<string>) => set_held({ asked, ids: next }),
    [asked],
  );
  return useMemo(() => ({ ids, onChoose }), [ids, onChoose]);
}
const id_of = (row: Signal) => row.id;

export function InboxList({
  selected,
  onSelect,
  onOpen,
  onRows,
  setup_link,
  views,
}: InboxListProps) {
  const t = useT();
  const language = useLang();
  const { asked, search } = useAsked();
  const [, set_search] = useSearchParams();
  const query = useSignals(asked);
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const { shown, fresh, show } = useGathered(asked, rows);
  useEffect(() => onRows(shown), [shown, onRows]);
  // The language makes the headings.
  const groups = useMemo(() => by_day(shown), [shown, language]);
  const on_end = useCallback(() => {
    if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage();
  }, [query.hasNextPage, query.isFetchingNextPage, query.fetchNextPage]);
  const place = useLocation().key;
  const chosen = useChosen(asked, shown);
  // A page may hold nothing that fits while more of them follow.
  useEffect(() => {
    if (rows.length === 0) on_end();
  }, [rows.length, query.data, on_end]);
  const failed = query.error && !query.data;
  return (
    <section className="o-side" aria-label={t('ui.place.inbox')}>
      <Head asked={asked} search={search} filled={rows.length > 0} views={views} />
      <BulkBar
        asked={asked}
        rows={shown}
        chosen={chosen.ids}
        onClear={() => chosen.onChoose(none_chosen)}
      />
      {fresh > 0 && (
        <button type="button" className="o-fresh" onClick={show}>
          <IconArrowUp size={16} aria-hidden />
          {t('ui.inbox.fresh', { n: fresh })}
          <span className="o-link">{t('ui.inbox.show_fresh')}</span>
        </button>
      )}
      {query.isPending && <Skeleton rows={8} />}
      {failed && (
        <ErrorState
          title={t('ui.inbox.failed')}
          error={is_problem(query.error) ? query.error : problem_from(0, undefined)}
          onRetry={() => void query.refetch()}
        />
      )}
      {query.data && shown.length === 0 && !query.hasNextPage && (
        <Nothing
          asked={asked}
          setup_link={setup_link}
          onReset={() =>
            set_search(
              changed(search, { point: '', kind: '', button: '', days: '', from: '', to: '' }),
            )
          }
        />
      )}
      {shown.length > 0 && (
        <List
          groups={groups}
          id_of={id_of}
          selected={selected}
          onSelect={onSelect}
          onOpen={onOpen}
          onEnd={on_end}
          render={(row) => <SignalRow {...look_of(row)} />}
          label={t('ui.place.inbox')}
          place={place}
          chosen={chosen}
        />
      )}
    </section>
  );
}
