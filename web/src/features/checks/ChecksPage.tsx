// Checks as a table: one's own, drafts, finished. An employee sees those of their own work.
import { IconClipboardCheck, IconDice5 } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { list_file } from '../../api/call';
import { is_problem, problem_from } from '../../api/problem';
import { why_of } from '../../api/refusal';
import type { CheckRow } from '../../api/types';
import { useT, type Key } from '../../lib/lang';
import { nbsp, number } from '../../lib/numbers';
import { day_short, when } from '../../lib/times';
import { Button, ButtonLink } from '../../ui/Button';
import { ExportButton } from '../../ui/ExportButton';
import { DataTable, type Column } from '../../ui/DataTable';
import { EmptyState, ErrorState, Skeleton } from '../../ui/States';
import { Tabs } from '../../ui/Tabs';
import './checks.css';
import { useChecks, useOwnChecks, type CheckShelf } from './queries';

const shelves = ['mine', 'drafts', 'done', 'unassessed'] as const;
type ShelfName = (typeof shelves)[number];
const asked: Record<ShelfName, CheckShelf> = {
  mine: { mine: 1 },
  drafts: { state: 'draft' },
  done: { state: 'done' },
  unassessed: { state: 'done', outcome: 'cannot_assess' },
};
const words: Record<ShelfName, { tab: Key; none: Key }> = {
  mine: { tab: 'ui.checks.mine', none: 'ui.checks.none.mine' },
  drafts: { tab: 'ui.checks.drafts', none: 'ui.checks.none.drafts' },
  done: { tab: 'ui.checks.done', none: 'ui.checks.none.done' },
  unassessed: { tab: 'ui.checks.unassessed', none: 'ui.checks.none.unassessed' },
};

/** Every link of the desk is made above; a feature is given the few it needs. */
export interface CheckLinks {
  check: (id: string) => string;
  draw: string;
  inbox: string;
}

/** Of one's own checks everybody knows who was checked. */
function useColumns(links: CheckLinks, own?: boolean): Column<CheckRow>[] {
  const t = useT();
  return [
    {
      id: 'form',
      head: t('ui.checks.form'),
      cell: (row) => (
        <>
          <Link to={links.check(row.id)} className="o-m">
            {row.form_name}
          </Link>
          <span className="o-only-ph o-under">
            {[own ? null : row.person_name, row.point_name].filter(Boolean).join(' · ')}
          </span>
        </>
      ),
    },
    {
      id: 'point',
      head: t('ui.checks.point'),
      cell: (row) => row.point_name,
      className: 'o-hide-ph',
    },
    ...(own
      ? []
      : [
          {
            id: 'person',
            head: t('ui.checks.person'),
            cell: (row: CheckRow) => row.person_name ?? '',
            className: 'o-hide-ph',
          },
        ]),
    {
      id: 'checker',
      head: t('ui.checks.checker'),
      cell: (row) => row.checker_name,
      className: 'o-hide-ph o-hide-narrow',
    },
    {
      id: 'day',
      head: t('ui.checks.day'),
      cell: (row) => day_short(`${row.local_day}T12:00:00Z`, 'UTC'),
    },
    {
      id: 'state',
      head: t('ui.checks.state'),
      cell: (row) =>
        [
          row.reason_text ?? t(`ui.checks.state_of.${row.state}`),
          row.done_at && when(row.done_at, row.zone, Date.now(), true),
        ]
          .filter(Boolean)
          .join(', '),
      className: 'o-hide-ph',
    },
    {
      id: 'score',
      head: t('ui.checks.score'),
      numeric: true,
      cell: (row) => (row.percent === null ? '' : `${number(row.percent, 1)}${nbsp}%`),
    },
  ];
}

function Rows({
  rows,
  links,
  own,
}: {
  rows: readonly CheckRow[];
  links: CheckLinks;
  own?: boolean;
}) {
  const t = useT();
  const go = useNavigate();
  const columns = useColumns(links, own);
  return (
    <DataTable
      columns={columns}
      rows={rows}
      id_of={(row) => row.id}
      onRow={(row) => void go(links.check(row.id))}
      label={t('ui.place.checks')}
    />
  );
}

function Failed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const t = useT();
  return (
    <ErrorState
      title={t('ui.checks.failed')}
      error={is_problem(error) ? error : problem_from(0, undefined)}
      onRetry={onRetry}
    />
  );
}

function OwnChecks({ links }: { links: CheckLinks }) {
  const t = useT();
  const query = useOwnChecks(true);
  return (
    <div className="o-checks-page">
      <div className="o-top">
        <h1>{t('ui.checks.own')}</h1>
        <span className="o-sp" />
        {Boolean(query.data?.items.length) && (
          <ExportButton make={(format) => list_file('/me/checks', format)} why_of={why_of} />
        )}
      </div>
      {query.isPending && <Skeleton rows={6} height={36} />}
      {query.error && !query.data && (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.data?.items.length === 0 && (
        <EmptyState
          icon={IconClipboardCheck}
          title={t('ui.checks.own_none')}
          what={t('ui.checks.own_what')}
        />
      )}
      {query.data && query.data.items.length > 0 && (
        <div className="o-page">
          <Rows rows={query.data.items} links={links} own />
        </div>
      )}
    </div>
  );
}

function AllChecks({ links, views }: { links: CheckLinks; views?: ReactNode }) {
  const t = useT();
  const [search] = useSearchParams();
  const shelf = shelves.find((one) => one === search.get('tab')) ?? 'mine';
  const query = useChecks(asked[shelf], true);
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="o-checks-page">
      <div className="o-top">
        <h1>{t('ui.place.checks')}</h1>
        <span className="o-sp" />
        {views}
        {rows.length > 0 && (
          <ExportButton
            make={(format) => list_file('/checks', format, { ...asked[shelf] })}
            why_of={why_of}
          />
        )}
        <ButtonLink icon={IconDice5} to={links.draw}>
          {t('ui.draw.title')}
        </ButtonLink>
      </div>
      <div className="o-checks-tabs">
        <Tabs
          label={t('ui.place.checks')}
          current={shelf}
          tabs={shelves.map((one) => ({
            id: one,
            label: t(words[one].tab),
            to: one === 'mine' ? '?' : `?tab=${one}`,
          }))}
        />
      </div>
      {query.isPending && <Skeleton rows={8} height={36} />}
      {query.error && !query.data && (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.data && rows.length === 0 && (
        <EmptyState
          icon={IconClipboardCheck}
          title={t(words[shelf].none)}
          what={t('ui.checks.none_what')}
          action={
            <ButtonLink kind="primary" to={links.inbox}>
              {t('ui.day.to_inbox')}
            </ButtonLink>
          }
        />
      )}
      {rows.length > 0 && (
        <div className="o-page">
          <Rows rows={rows} links={links} />
          {query.hasNextPage && (
            <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              {t('ui.checks.more')}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

export function ChecksPage({
  own,
  links,
  views,
}: {
  own: boolean;
  links: CheckLinks;
  /** The saved views of this list. */
  views?: ReactNode;
}) {
  return own ? <OwnChecks links={links} /> : <AllChecks links={links} views={views} />;
}
