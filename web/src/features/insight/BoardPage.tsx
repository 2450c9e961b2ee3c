// Are we getting better? Figures with interval and n, then the days, then where and what.
import { IconChartLine } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { t as word, useT } from '../../lib/lang';
import { number } from '../../lib/numbers';
import { clock, day_key, day_long, day_short } from '../../lib/times';
import { ButtonLink } from '../../ui/Button';
import { DayField } from '../../ui/DayField';
import { DataTable, type Column } from '../../ui/DataTable';

import { Filter } from '../../ui/Filter';
import { Loaded } from '../../ui/Loaded';
import { EmptyState } from '../../ui/States';
import {
  asked_of,
  changed,
  days_between,
  periods,
  rows_of,
  with_rows,
  type Asked,
  type RowsAsked,
} from './asked';
import { colour_of, DayChart } from './DayChart';
import { Figures, type Open } from './Figures';
import { Groups, Lacks } from './Groups';
import './insight.css';
import { useBoard, useFigures, usePoints, type BoardCell, type Figure } from './queries';
import { Rows, type Links } from './Rows';
import { day_label, series_of, totals_of, type Series } from './series';

const browser_zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const day_text = (day: string) => (day ? day_short(`${day}T12:00:00Z`, 'UTC') : '');

function useAsked() {
  const [search, set_search] = useSearchParams();
  const points = usePoints();
  const zone = points.data?.items[0]?.zone ?? browser_zone;
  const asked = useMemo(() => asked_of(search, zone), [search, zone]);
  return { asked, search, set_search, points, zone };
}

function Head({ asked, zone }: { asked: Asked; zone: string }) {
  const t = useT();
  const [, set_search] = useSearchParams();
  const points = usePoints();
  const put = (change: Record<string, string>) =>
    set_search((now) => changed(now, change), { replace: true });
  const own = asked.period === '';
  const choices = periods.map((value) => ({
    value: value as string,
    label: value === 'month' ? t('ui.board.month') : t('ui.board.days_n', { n: Number(value) }),
  }));
  const range = `${day_text(asked.from)}–${day_text(asked.to)}`;
  return (
    <div className="o-top o-board-top">
      <h1>{t('ui.place.board')}</h1>
      <span className="o-sp" />
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
        name={t('ui.board.period')}
        value={own ? 'own' : asked.period}
        onChange={(value) =>
          value === 'own'
            ? put({ days: '', from: asked.from, to: asked.to })
            : put({ days: value, from: '', to: '' })
        }
        choices={[...choices, { value: 'own', label: own ? range : t('ui.board.own_days') }]}
      />
      {own && (
        <div className="o-board-days">
          <DayField
            path="from"
            aria-label={t('ui.draw.from')}
            value={asked.from}
            max={asked.to}
            onChange={(next) => put({ from: next })}
          />
          <DayField
            path="to"
            aria-label={t('ui.draw.to')}
            value={asked.to}
            min={asked.from}
            max={day_key(Date.now(), zone)}
            onChange={(next) => put({ to: next })}
          />
        </div>
      )}
    </div>
  );
}

function DayTable({
  days,
  series,
  open,
}: {
  days: readonly string[];
  series: readonly Series[];
  open: Open;
}) {
  const t = useT();
  const totals = totals_of(series, days.length);
  const cell = (n: number, name: string, rows: Partial<RowsAsked>) =>
    n > 0 ? (
      <button
        type="button"
        className="o-cell"
        aria-label={`${name}: ${number(n)}`}
        onClick={() => open({ figure: 'signals', by: 'day', ...rows })}
      >
        {number(n)}
      </button>
    ) : (
      <span className="o-3">0</span>
    );
  const lines = days.map((day, i) => ({ day, i }));
  const columns: Column<{ day: string; i: number }>[] = [
    { id: 'day', head: t('ui.board.day'), cell: ({ day }) => day_label(day) },
    ...series.map((one): Column<{ day: string; i: number }> => ({
      id: one.id,
      head: one.name,
      numeric: true,
      cell: ({ day, i }) =>
        cell(one.values[i] ?? 0, `${day_label(day)}, ${one.name}`, { group: day, point: one.id }),
    })),
    {
      id: 'all',
      head: t('ui.board.all'),
      numeric: true,
      cell: ({ day, i }) => cell(totals[i] ?? 0, day_label(day), { group: day }),
    },
  ];
  return (
    <details className="o-as-table">
      <summary>{t('ui.board.as_table')}</summary>
      <DataTable
        columns={columns}
        rows={lines}
        id_of={({ day }) => day}
        label={t('ui.board.by_day')}
      />
    </details>
  );
}

function Days({
  asked,
  zone,
  cells,
  open,
}: {
  asked: Asked;
  zone: string;
  cells: readonly BoardCell[];
  open: Open;
}) {
  const t = useT();
  const { from, to } = asked;
  const days = useMemo(() => days_between(from, to), [from, to]);
  const series = useMemo(() => series_of(cells, days), [cells, days]);
  const all = series.reduce((sum, one) => sum + one.total, 0);
  return (
    <section className="o-board-part">
      <div className="o-board-legend">
        <h2>
          {t('ui.board.by_day')} <span className="o-3">{t('ui.board.total', { n: all })}</span>
        </h2>
        <span className="o-sp" />
        {series.map((one, i) => (
          <button
            key={one.id}
            type="button"
            className="o-legend"
            onClick={() => open({ figure: 'signals', by: 'point', group: one.id })}
          >
            <i style={{ background: `var(${colour_of(i)})` }} />
            {one.name}, {number(one.total)}
          </button>
        ))}
      </div>
      <DayChart
        days={days}
        series={series}
        unfinished={days.indexOf(day_key(Date.now(), zone))}
        until={clock(Date.now(), zone)}
        onPick={(day, point) => open({ figure: 'signals', by: 'day', group: day, point })}
      />
      <DayTable days={days} series={series} open={open} />
    </section>
  );
}

/** Words for the open rows: the figure, its group, its part. */
function title_of(
  rows: RowsAsked,
  figures: readonly Figure[],
  points: readonly { id: string; name: string }[],
): string {
  const figure = figures.find((one) => one.name === rows.figure);
  const group =
    rows.by === 'day'
      ? day_long(`${rows.group}T12:00:00Z`, 'UTC')
      : rows.by === 'point'
        ? points.find((one) => one.id === rows.group)?.name
        : rows.group === 'none'
          ? figure?.groups.find((one) => one.key === 'none')?.label
          : rows.group.split(':').slice(1).join(':');
  const part =
    rows.part === 'missing'
      ? (figure?.missing_by.find((one) => one.reason === rows.reason)?.text ??
        word('ui.board.part.missing'))
      : rows.part === 'left_out'
        ? word('ui.board.part.left_out')
        : '';
  const point = points.find((one) => one.id === rows.point)?.name;
  return [figure?.title ?? rows.figure, group, point, part].filter(Boolean).join(', ');
}

function Body({
  by_point,
  by_button,
  by_person,
  asked,
  zone,
  links,
}: {
  by_point: readonly Figure[];
  by_button: readonly Figure[];
  by_person: readonly Figure[];
  asked: Asked;
  zone: string;
  links: Links;
}) {
  const t = useT();
  const [search, set_search] = useSearchParams();
  const points = usePoints().data?.items ?? [];
  const board = useBoard(asked);
  const rows = rows_of(search);
  const open: Open = (wanted) => set_search((now) => with_rows(now, wanted));
  const close = () => set_search((now) => with_rows(now, null));
  return (
    <>
      <p className="o-3 o-s o-board-days-told">
        {t(asked.period === 'month' ? 'ui.board.against_month' : 'ui.board.against', {
          days: `${day_text(asked.from)}–${day_text(asked.to)}`,
          before: `${day_text(asked.with_from)}–${day_text(asked.with_to)}`,
        })}
      </p>
      <Figures figures={by_point} open={open} />
      {rows && (
        <Rows
          asked={asked}
          rows={rows}
          title={title_of(rows, [...by_button, ...by_person, ...by_point], points)}
          links={links}
          onClose={close}
        />
      )}
      <div className="o-board-two">
        <Loaded asking={board} title={t('ui.board.failed')} rows={6} height={44}>
          {(data) => <Days asked={asked} zone={zone} cells={data.signals_by_day} open={open} />}
        </Loaded>
        <Lacks figures={by_point} open={open} />
      </div>
      <Groups
        figures={by_point}
        by="point"
        title={t('ui.board.by_point')}
        head={t('ui.inbox.point')}
        open={open}
      />
      <Groups
        figures={by_button}
        by="button"
        title={t('ui.board.by_button')}
        head={t('ui.clip.button')}
        open={open}
      />
      <Groups
        figures={by_person}
        by="person"
        title={t('ui.board.by_person')}
        head={t('ui.board.person')}
        open={open}
      />
      <p className="o-3 o-s o-board-note">{t('ui.board.note')}</p>
    </>
  );
}

export function BoardPage({ links, points_link }: { links: Links; points_link: string }) {
  const t = useT();
  const { asked, zone, points } = useAsked();
  // The zone decides which day is today, so points are asked first.
  const by_point = useFigures(asked, 'point');
  const by_button = useFigures(asked, 'button');
  const by_person = useFigures(asked, 'person');
  const none = points.data?.items.length === 0;
  return (
    <>
      <Head asked={asked} zone={zone} />
      <div className="o-page o-board">
        {none ? (
          <EmptyState
            icon={IconChartLine}
            title={t('ui.board.empty')}
            what={t('ui.board.empty_what')}
            action={
              <ButtonLink kind="primary" to={points_link}>
                {t('ui.points.to')}
              </ButtonLink>
            }
          />
        ) : (
          <Loaded asking={by_point} title={t('ui.board.failed')} rows={5} height={96}>
            {(first) => (
              <Body
                by_point={first.items}
                by_button={by_button.data?.items ?? []}
                by_person={by_person.data?.items ?? []}
                asked={asked}
                zone={zone}
                links={links}
              />
            )}
          </Loaded>
        )}
      </div>
    </>
  );
}
