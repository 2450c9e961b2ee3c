// Exactly the rows behind a number; a row opens its record.
import { IconX } from '@tabler/icons-react';
import { useEffect, useRef, type ReactNode } from 'react';
import { Link } from 'react-router';
import { why_of } from '../../api/refusal';
import { useT } from '../../lib/lang';
import { nbsp, number } from '../../lib/numbers';
import { exact, when } from '../../lib/times';
import { Button } from '../../ui/Button';
import { ExportButton } from '../../ui/ExportButton';
import { Loaded } from '../../ui/Loaded';
import type { Asked, RowsAsked } from './asked';
import { figure_rows_file, useFigureRows, usePoints, type FigureRow } from './queries';

export interface Links {
  signal: (id: string) => string;
  clip: (id: string) => string;
  check: (id: string) => string;
}

function link_of(row: FigureRow, links: Links): string {
  if (row.kind === 'clip') return links.clip(row.id);
  if (row.kind === 'check') return links.check(row.id);
  return row.kind === 'signal' ? links.signal(row.id) : row.path;
}

/** A contact has no page of its own. */
function RowLine({ to, children }: { to: string; children: ReactNode }) {
  return to ? <Link to={to}>{children}</Link> : <span className="o-board-row">{children}</span>;
}

/** Rows name their point first; the clock is that point's. */
function useZones(): (title: string) => string {
  const points = usePoints().data?.items ?? [];
  const usual = points[0]?.zone ?? 'UTC';
  return (title) => points.find((one) => title.startsWith(one.name))?.zone ?? usual;
}

export function Rows({
  asked,
  rows,
  title,
  links,
  onClose,
}: {
  asked: Asked;
  rows: RowsAsked;
  title: string;
  links: Links;
  onClose: () => void;
}) {
  const t = useT();
  const query = useFigureRows(asked, rows);
  const zone_of = useZones();
  const box = useRef<HTMLElement>(null);
  const address = JSON.stringify(rows);
  useEffect(() => {
    box.current?.focus({ preventScroll: true });
    box.current?.scrollIntoView({ block: 'nearest' });
  }, [address]);
  const total = query.data?.pages[0]?.total ?? 0;
  return (
    <section
      ref={box}
      tabIndex={-1}
      className="o-board-rows"
      aria-label={title}
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
    >
      <div className="o-row">
        <h2>{title}</h2>
        {query.data && <span className="o-3">{t('ui.board.rows_n', { n: total })}</span>}
        <span className="o-sp" />
        <ExportButton make={(format) => figure_rows_file(asked, rows, format)} why_of={why_of} />
        <Button kind="ghost" icon={IconX} label={t('ui.close')} onClick={onClose} />
      </div>
      <Loaded asking={query} title={t('ui.board.rows_failed')} rows={4} height={32}>
        {(data) => (
          <ul>
            {data.pages
              .flatMap((page) => page.items)
              .map((row) => (
                <li key={row.id}>
                  <RowLine to={link_of(row, links)}>
                    <span className="o-3 o-nw" title={exact(row.at, zone_of(row.title))}>
                      {when(row.at, zone_of(row.title), Date.now(), true)}
                    </span>
                    <span className="o-cut">{row.title}</span>
                    {row.missing_text && <span className="o-3 o-nw">{row.missing_text}</span>}
                    {row.value !== null && (
                      <span className="o-nw">
                        {number(row.value, 1)}
                        {nbsp}%
                      </span>
                    )}
                  </RowLine>
                </li>
              ))}
            {total === 0 && <li className="o-3">{t('ui.board.rows_none')}</li>}
          </ul>
        )}
      </Loaded>
      {query.hasNextPage && (
        <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t('ui.checks.more')}
        </Button>
      )}
    </section>
  );
}
