// Recordings of a day or of all days, by point and recorder.
import { IconTool } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { useT } from '../../lib/lang';
import { clock, day_short, doubt, duration } from '../../lib/times';
import { Button } from '../../ui/Button';
import { DataTable, type Column } from '../../ui/DataTable';
import { Filter } from '../../ui/Filter';
import { Loaded } from '../../ui/Loaded';
import { put_in } from './address';
import { useRecorders, useRecordings, type RecordingRow } from './queries';
import { Link } from 'react-router';

function choosing(
  chosen: ReadonlySet<string>,
  set_chosen: (next: ReadonlySet<string>) => void,
  t: ReturnType<typeof useT>,
): Column<RecordingRow> {
  return {
    id: 'choose',
    head: <span className="o-3">{chosen.size || ''}</span>,
    cell: (row) => (
      <input
        type="checkbox"
        aria-label={t('ui.repair.choose_one', { time: clock(row.begin_at, row.zone) })}
        checked={chosen.has(row.id)}
        onClick={(event) => event.stopPropagation()}
        onChange={(event) => {
          const next = new Set(chosen);
          if (event.currentTarget.checked) next.add(row.id);
          else next.delete(row.id);
          set_chosen(next);
        }}
      />
    ),
  };
}

export function Recordings({
  day,
  link,
  may_import,
  views,
  repair_link,
}: {
  day: string;
  link: (id: string) => string;
  may_import: boolean;
  views?: ReactNode;
  /** For those who may put recordings right. */
  repair_link?: (ids: string) => string;
}) {
  const t = useT();
  const go = useNavigate();
  const [search, set_search] = useSearchParams();
  const put = (change: Record<string, string>) =>
    set_search((now) => put_in(now, change), { replace: true });
  const recorders = useRecorders().data?.items ?? [];
  const all_days = search.get('all') === '1';
  const recorder = search.get('recorder') ?? '';
  const of_point = search.get('of') ?? '';
  const query = useRecordings({
    point: of_point,
    recorder,
    from: all_days ? '' : day,
    to: all_days ? '' : day,
  });
  const places = new Map(recorders.map((one) => [one.point_id ?? '', one.point_name ?? '']));
  places.delete('');
  // null: nobody is choosing.
  const [chosen, set_chosen] = useState<ReadonlySet<string> | null>(null);
  const choice: Column<RecordingRow>[] = chosen ? [choosing(chosen, set_chosen, t)] : [];
  const columns: Column<RecordingRow>[] = [
    ...choice,
    {
      id: 'time',
      head: t('ui.recordings.time'),
      cell: (row) => (
        <Link to={link(row.id)} onClick={(event) => event.stopPropagation()}>
          {all_days ? `${day_short(row.begin_at, row.zone)} ` : ''}
          {clock(row.begin_at, row.zone)}–{clock(row.end_at, row.zone)}
        </Link>
      ),
    },
    {
      id: 'point',
      head: t('ui.inbox.point'),
      cell: (row) => (
        <>
          {row.point_name}
          <span className="o-only-ph o-under">{row.recorder_name}</span>
        </>
      ),
    },
    {
      id: 'recorder',
      head: t('ui.upload.recorder'),
      className: 'o-hide-ph',
      cell: (row) => row.recorder_name,
    },
    {
      id: 'file',
      head: t('ui.recordings.file'),
      className: 'o-cut o-col-file o-hide-ph',
      cell: (row) => <span title={row.original_name ?? ''}>{row.original_name}</span>,
    },
    {
      id: 'doubt',
      head: t('ui.recordings.clocks'),
      numeric: true,
      className: 'o-hide-ph',
      cell: (row) => <span className="o-3">{doubt(row.uncertainty_ms)}</span>,
    },
    {
      id: 'length',
      head: t('ui.recordings.length'),
      numeric: true,
      cell: (row) =>
        row.silent ? (
          <span className="o-red">{t('ui.recordings.silent')}</span>
        ) : (
          duration(row.length_ms / 1000)
        ),
    },
  ];
  return (
    <section className="o-points-part">
      <div className="o-row o-points-filters">
        <h2>{t('ui.recordings.title')}</h2>
        <span className="o-sp" />
        {views}
        {repair_link && !chosen && (
          <Button icon={IconTool} onClick={() => set_chosen(new Set())}>
            {t('ui.repair.choose')}
          </Button>
        )}
        {repair_link && chosen && (
          <>
            <Button
              kind="primary"
              icon={IconTool}
              reason={chosen.size === 0 ? t('ui.repair.choose_first') : undefined}
              onClick={() => void go(repair_link([...chosen].join(',')))}
            >
              {t('ui.repair.chosen', { n: chosen.size })}
            </Button>
            <Button onClick={() => set_chosen(null)}>{t('ui.cancel')}</Button>
          </>
        )}
        <Filter
          name={t('ui.inbox.point')}
          value={of_point}
          onChange={(of) => put({ of })}
          choices={[
            { value: '', label: t('ui.inbox.all') },
            ...[...places].map(([value, label]) => ({ value, label })),
          ]}
        />
        <Filter
          name={t('ui.upload.recorder')}
          value={recorder}
          onChange={(value) => put({ recorder: value })}
          choices={[
            { value: '', label: t('ui.inbox.all') },
            ...recorders.map((one) => ({ value: one.id, label: one.name })),
          ]}
        />
        <Filter
          name={t('ui.inbox.days')}
          value={all_days ? '1' : ''}
          onChange={(all) => put({ all })}
          choices={[
            { value: '', label: t('ui.recordings.this_day') },
            { value: '1', label: t('ui.inbox.all') },
          ]}
        />
      </div>
      <Loaded asking={query} title={t('ui.recordings.failed')} rows={4}>
        {(data) => {
          const rows = data.pages.flatMap((page) => page.items);
          if (rows.length === 0)
            return (
              <p className="o-2 o-points-none">
                {t('ui.recordings.none')} {may_import && t('ui.recordings.none_do')}
              </p>
            );
          return (
            <DataTable
              columns={columns}
              rows={rows}
              id_of={(row) => row.id}
              onRow={(row) => void go(link(row.id))}
              label={t('ui.recordings.title')}
            />
          );
        }}
      </Loaded>
      {query.hasNextPage && (
        <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t('ui.checks.more')}
        </Button>
      )}
    </section>
  );
}
