// For whoever looks after the server: what waits for a person, and the journal of who did what.
import { IconCheck, IconAlertCircle } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { list_file, get, id_part, send } from '../../api/call';
import { why_of } from '../../api/refusal';
import type { Given } from '../../api/types';
import { t as word, text_of, useT } from '../../lib/lang';
import { number } from '../../lib/numbers';
import { exact, when } from '../../lib/times';
import { Button } from '../../ui/Button';
import { ExportButton } from '../../ui/ExportButton';
import { DataTable, type Column } from '../../ui/DataTable';
import { Loaded } from '../../ui/Loaded';
import { StateWord } from '../../ui/StateWord';
import { Backups, Disk } from './Keeping';
import { complain, Part, said, useChange } from './kit';
import {
  useAccounts,
  useDevices,
  useForms,
  useParked,
  usePeople,
  usePoints,
  useQuestions,
  useRecorders,
  useSites,
  type AuditEntry,
  type ParkedJob,
  type Verdict,
} from './queries';

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

function Job({ job }: { job: ParkedJob }) {
  const t = useT();
  const retry = useChange(
    () => send('post', `/jobs/${id_part(job.id)}/retry`),
    ['job'],
    said(t('ui.machine.retried')),
  );
  const why = text_of(`error.${job.reason_code}`) ?? job.reason_code;
  return (
    <li>
      <div>
        <span className="o-m">{text_of(`ui.machine.stage.${job.stage}`) ?? job.stage}</span>
        <span className="o-red o-set-why" title={job.reason_detail}>
          {why}
        </span>
        <span className="o-3" title={exact(job.parked_at, zone)}>
          {when(job.parked_at, zone, Date.now(), true)},{' '}
          {t('ui.machine.tries', { n: job.failures + job.crashes })}
        </span>
        <Button
          busy={retry.isPending}
          onClick={() => retry.mutate(undefined, { onError: complain })}
        >
          {t('ui.error.retry')}
        </Button>
      </div>
    </li>
  );
}

function Parked() {
  const t = useT();
  const parked = useParked();
  return (
    <Part title={t('ui.machine.parked')} what={t('ui.machine.parked_what')}>
      <Loaded asking={parked} title={t('ui.set.failed')} rows={2}>
        {(data) =>
          data.items.length === 0 ? (
            <p className="o-3">{t('ui.machine.none')}</p>
          ) : (
            <ul className="o-set-rows">
              {data.items.map((job) => (
                <Job key={job.id} job={job} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Part>
  );
}

/** What a restore took from the journal, so that a shorter chain explains itself. */
export function restore_words(one: Verdict['restores'][number], at = zone): string {
  const told = {
    at: when(one.restored_at, at, Date.now(), true),
    of: when(one.backup_at, at, Date.now(), true),
    n: one.lost_to - one.head,
  };
  return word(told.n > 0 ? 'ui.machine.restored_lost' : 'ui.machine.restored_whole', told);
}

function Verify() {
  const t = useT();
  const verify = useChange(() => get<Verdict>('/audit/verify'), []);
  const found = verify.data;
  const line = (
    <div className="o-row o-set-buttons">
      <Button
        busy={verify.isPending}
        onClick={() => verify.mutate(undefined, { onError: complain })}
      >
        {t('ui.machine.verify')}
      </Button>
      {found &&
        (found.reason === '' ? (
          <StateWord icon={IconCheck} tone="green">
            {t('ui.machine.whole', { n: number(found.sealed) })}
          </StateWord>
        ) : (
          <StateWord icon={IconAlertCircle} tone="red">
            {t('ui.machine.broken', { why: found.reason })}
          </StateWord>
        ))}
      <span className="o-sp" />
      <ExportButton make={(format) => list_file('/audit', format)} why_of={why_of} />
    </div>
  );
  if (!found || found.restores.length === 0) return line;
  return (
    <>
      {line}
      <ul className="o-2" aria-label={t('ui.machine.restores')}>
        {found.restores.map((one) => (
          <li key={one.restored_at}>{restore_words(one)}</li>
        ))}
      </ul>
    </>
  );
}

function useJournal() {
  return useInfiniteQuery({
    queryKey: ['audit', 'list'],
    queryFn: ({ pageParam }) => get<Given<'AuditEntryList'>>('/audit', { before: pageParam }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    staleTime: 0,
  });
}

/** Names of what the journal tells of; ids mean nothing to a reader. */
function useNames(): (id: string) => string | undefined {
  const lists = [usePoints(), useSites(), useDevices(), useRecorders(), usePeople(), useForms()];
  const names = new Map<string, string>();
  for (const { data } of lists) for (const one of data?.items ?? []) names.set(one.id, one.name);
  for (const one of useAccounts().data?.items ?? []) names.set(one.id, one.person_name);
  for (const one of useQuestions().data?.items ?? []) names.set(one.id, one.text);
  return (id) => names.get(id);
}

function Journal({ link }: { link: SubjectLink }) {
  const t = useT();
  const journal = useJournal();
  const name_of = useNames();
  const actor_of = (actor: string) =>
    actor.startsWith('console:')
      ? t('ui.machine.console', { name: actor.slice('console:'.length) })
      : (name_of(actor) ?? t('ui.machine.unknown'));
  const subject_of = ({ subject_kind, subject }: AuditEntry) => {
    const to = link(subject_kind, subject);
    const name = name_of(subject);
    if (to)
      return (
        <Link className="o-link" to={to}>
          {name ?? t('ui.machine.open')}
        </Link>
      );
    return name && <span className="o-3">{name}</span>;
  };
  const columns: Column<AuditEntry>[] = [
    {
      id: 'at',
      head: t('ui.machine.at'),
      cell: (one) => (
        <span className="o-nw" title={exact(one.at, zone)}>
          {when(one.at, zone, Date.now(), true)}
        </span>
      ),
    },
    { id: 'who', head: t('ui.machine.who'), cell: (one) => actor_of(one.actor) },
    {
      id: 'what',
      head: t('ui.machine.what'),
      cell: (one) => text_of(`ui.verb.${one.verb}`) ?? one.verb,
    },
    {
      id: 'subject',
      className: 'o-hide-ph',
      head: t('ui.machine.subject'),
      cell: subject_of,
    },
  ];
  return (
    <Part title={t('ui.machine.journal')} what={t('ui.machine.journal_what')}>
      <Verify />
      <Loaded asking={journal} title={t('ui.set.failed')}>
        {(data) => (
          <DataTable
            columns={columns}
            rows={data.pages.flatMap((page) => page.items)}
            id_of={(one) => one.id}
            label={t('ui.machine.journal')}
          />
        )}
      </Loaded>
      {journal.hasNextPage && (
        <Button busy={journal.isFetchingNextPage} onClick={() => void journal.fetchNextPage()}>
          {t('ui.checks.more')}
        </Button>
      )}
    </Part>
  );
}

/** Where a thing of the journal is seen, if it has a page. */
export type SubjectLink = (kind: string, id: string) => string | undefined;

export function Machine({ link }: { link: SubjectLink }) {
  return (
    <>
      <Parked />
      <Backups />
      <Disk />
      <Journal link={link} />
    </>
  );
}
