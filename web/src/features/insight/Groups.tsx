// Figures by point, by person and by button; every cell opens its rows.
import { useMemo } from 'react';
import { useT } from '../../lib/lang';
import { number } from '../../lib/numbers';
import { kind_look } from '../../lib/signal';
import { DataTable, type Column } from '../../ui/DataTable';
import { StateWord } from '../../ui/StateWord';
import type { Open } from './Figures';
import type { Figure, FigureGroup } from './queries';
import { change_of, share, told_of } from './words';

interface Line {
  key: string;
  label: string;
  of: Map<string, FigureGroup>;
}

/** One line per group; the figures of a group side by side. */
export function lines_of(figures: readonly Figure[]): Line[] {
  const lines = new Map<string, Line>();
  for (const figure of figures) {
    for (const group of figure.groups) {
      const line = lines.get(group.key) ?? { key: group.key, label: group.label, of: new Map() };
      line.of.set(figure.name, group);
      lines.set(group.key, line);
    }
  }
  const signals = (line: Line) => line.of.get('signals')?.n ?? 0;
  return [...lines.values()].sort(
    (a, b) => signals(b) - signals(a) || a.label.localeCompare(b.label),
  );
}

function Cell({
  figure,
  group,
  label,
  open,
  by,
}: {
  figure: Figure;
  group?: FigureGroup;
  label: string;
  open: Open;
  by: string;
}) {
  const t = useT();
  const count = figure.unit === 'count';
  if (!group || (count && group.n === 0))
    return <span className="o-3">{count ? number(0) : t('ui.board.no_data')}</span>;
  const told = told_of(group, figure.unit, figure.n_wanted);
  const change = change_of(group.change, figure.unit, group.few);
  return (
    <button
      type="button"
      className="o-cell"
      onClick={() => open({ figure: figure.name, by, group: group.key })}
    >
      {/* Not a label in their place: who speaks to the screen says what is seen on it. */}
      <span className="o-vh">
        {label}, {figure.title}:{' '}
      </span>
      {told.number ?? <span className="o-2">{told.words}</span>}
      {told.n && <span className="o-3"> · {told.n}</span>}
      {change && change.trend !== 'same' && (
        <span className={`o-s o-cell-change o-tone-${change.tone}`}>{change.text}</span>
      )}
    </button>
  );
}

export function Groups({
  figures,
  by,
  title,
  head,
  open,
}: {
  figures: readonly Figure[];
  by: 'point' | 'button' | 'person';
  title: string;
  head: string;
  open: Open;
}) {
  const t = useT();
  const lines = useMemo(() => lines_of(figures), [figures]);
  // A staff check hangs on no button.
  const shown = figures.filter((one) => by !== 'button' || one.name !== 'check_score_standard');
  const columns: Column<Line>[] = [
    {
      id: 'label',
      head,
      cell: (line) => {
        const look = by === 'button' ? kind_look(line.key.split(':')[0] ?? null) : null;
        return look && line.key !== 'none' ? (
          <StateWord icon={look.icon} tone="text">
            {line.label}
          </StateWord>
        ) : (
          line.label
        );
      },
    },
    ...shown.map((figure): Column<Line> => ({
      id: figure.name,
      head: figure.title,
      numeric: true,
      cell: (line) => (
        <Cell
          figure={figure}
          group={line.of.get(figure.name)}
          label={line.label}
          open={open}
          by={by}
        />
      ),
    })),
  ];
  return (
    <section className="o-board-part">
      <h2>{title}</h2>
      {lines.length === 0 ? (
        <p className="o-3">{t('ui.board.no_groups')}</p>
      ) : (
        <DataTable columns={columns} rows={lines} id_of={(line) => line.key} label={title} />
      )}
    </section>
  );
}

interface Lack {
  id: string;
  text: string;
  part: number;
  whole: number;
  rows: Parameters<Open>[0];
}
export function lacks_of(figures: readonly Figure[], t: ReturnType<typeof useT>): Lack[] {
  const of = (name: string) => figures.find((one) => one.name === name);
  const all = of('signals')?.n ?? 0;
  const clips = (name: 'signals_waiting' | 'signals_failed'): Lack => ({
    id: name,
    text: t(`ui.board.lack.${name}`),
    part: of(name)?.n ?? 0,
    whole: all,
    rows: { figure: name },
  });
  const checks = (name: 'check_score_standard' | 'check_score_signal'): Lack => ({
    id: name,
    text: t(`ui.board.lack.${name}`),
    part: of(name)?.missing ?? 0,
    whole: (of(name)?.n ?? 0) + (of(name)?.missing ?? 0),
    rows: { figure: name, part: 'missing' },
  });
  return [
    clips('signals_waiting'),
    clips('signals_failed'),
    checks('check_score_standard'),
    checks('check_score_signal'),
  ];
}

/** What the figures above do not see. */
export function Lacks({ figures, open }: { figures: readonly Figure[]; open: Open }) {
  const t = useT();
  return (
    <section className="o-board-part">
      <h2>
        {t('ui.board.lacks')} <span className="o-3">{t('ui.board.lacks_where')}</span>
      </h2>
      <dl className="o-lacks">
        {lacks_of(figures, t).map((lack) => (
          <div key={lack.id}>
            <dt>{lack.text}</dt>
            <dd>
              {lack.part > 0 ? (
                <button type="button" className="o-cell" onClick={() => open(lack.rows)}>
                  {t('ui.board.of', { n: number(lack.part), total: number(lack.whole) })}
                </button>
              ) : (
                <span className="o-3">
                  {t('ui.board.of', { n: number(0), total: number(lack.whole) })}
                </span>
              )}
              <span className="o-3">{share(lack.part, lack.whole)}</span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
