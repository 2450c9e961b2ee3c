// Minutes lost by cause and point: today, and over seven days.
import { useState } from 'react';
import { text_of, useT } from '../../lib/lang';
import { number, percent } from '../../lib/numbers';
import { DataTable, type Column } from '../../ui/DataTable';
import { Filter } from '../../ui/Filter';
import { Loaded } from '../../ui/Loaded';
import { minutes_of } from './coverage';
import { losses_by_cause, shown_share, work_lines, type CauseLine, type WorkLine } from './losses';
import { useLosses, type Point } from './queries';

const columns_max = 6; // points side by side; of more only the sum

export function Losses({ day, points }: { day: string; points: readonly Point[] }) {
  const t = useT();
  const [days, set_days] = useState<'1' | '7'>('7');
  const asked = useLosses(day, Number(days));
  return (
    <section className="o-points-part">
      <div className="o-row o-points-filters">
        <h2>{t('ui.points.losses')}</h2>
        <span className="o-sp" />
        <Filter
          name={t('ui.points.losses_span')}
          value={days}
          onChange={set_days}
          choices={[
            { value: '1', label: t('ui.points.losses_day') },
            { value: '7', label: t('ui.points.losses_week') },
          ]}
        />
      </div>
      <Loaded asking={asked} title={t('ui.points.losses_failed')} rows={3}>
        {(data) => (
          <>
            <Table lines={losses_by_cause(data.items)} points={points} />
            <Working lines={work_lines(data.work, points)} />
          </>
        )}
      </Loaded>
    </section>
  );
}

function Table({ lines, points }: { lines: readonly CauseLine[]; points: readonly Point[] }) {
  const t = useT();
  if (lines.length === 0) return <p className="o-3">{t('ui.points.losses_none')}</p>;
  const some = points.filter((point) => lines.some((line) => line.of.has(point.id)));
  const whole: CauseLine = {
    cause: '',
    total: lines.reduce((sum, line) => sum + line.total, 0),
    of: new Map(
      some.map((point) => [
        point.id,
        lines.reduce((sum, line) => sum + (line.of.get(point.id) ?? 0), 0),
      ]),
    ),
  };
  const cell = (ms: number) =>
    ms > 0 ? number(minutes_of(ms)) : <span className="o-3">{number(0)}</span>;
  const columns: Column<CauseLine>[] = [
    {
      id: 'cause',
      head: t('ui.points.losses_cause'),
      cell: (line) =>
        line.cause ? (
          (text_of(`clip.gap.${line.cause}`) ?? t('ui.points.losses_other'))
        ) : (
          <b>{t('ui.board.all')}</b>
        ),
    },
    ...(some.length <= columns_max ? some : []).map((point): Column<CauseLine> => ({
      id: point.id,
      head: point.name,
      numeric: true,
      className: 'o-hide-ph',
      cell: (line) => cell(line.of.get(point.id) ?? 0),
    })),
    {
      id: 'total',
      head: t('ui.points.losses_min'),
      numeric: true,
      cell: (line) => <b>{cell(line.total)}</b>,
    },
  ];
  return (
    <DataTable
      columns={columns}
      rows={[...lines, whole]}
      id_of={(line) => line.cause}
      label={t('ui.points.losses')}
    />
  );
}

/** How much of its open hours each point has recorded. */
function Working({ lines }: { lines: WorkLine[] }) {
  const t = useT();
  if (lines.length === 0) return <p className="o-3">{t('ui.points.work_no_hours')}</p>;
  const columns: Column<WorkLine>[] = [
    { id: 'point', head: t('ui.points.work_point'), cell: (line) => line.name },
    {
      id: 'share',
      head: t('ui.points.work_share'),
      numeric: true,
      cell: (line) => {
        const share = shown_share(line);
        return share === undefined ? (
          <span className="o-3">{t('ui.points.work_closed')}</span>
        ) : (
          <b>{percent(share, 0)}</b>
        );
      },
    },
    {
      id: 'missing',
      head: t('ui.points.work_missing'),
      numeric: true,
      cell: (line) => number(minutes_of(line.missing_ms)),
    },
    {
      id: 'expected',
      head: t('ui.points.work_hours'),
      numeric: true,
      className: 'o-hide-ph',
      cell: (line) => number(line.expected_ms / 3_600_000, 1),
    },
  ];
  return (
    <>
      <h2 className="o-points-work">{t('ui.points.work')}</h2>
      <DataTable
        columns={columns}
        rows={lines}
        id_of={(line) => line.id}
        label={t('ui.points.work')}
      />
    </>
  );
}
