// Keeping what was recorded: a backup that shows how far it is and can be cancelled, and whether
// the disk is enough for what is planned.
import { IconAlertCircle, IconCheck, IconDatabaseExport } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get, send } from '../../api/call';
import type { Given } from '../../api/types';
import { t as word, useT } from '../../lib/lang';
import { number } from '../../lib/numbers';
import { exact, when } from '../../lib/times';
import { Button } from '../../ui/Button';
import { DataTable, type Column } from '../../ui/DataTable';
import { NumberField } from '../../ui/Fields';
import { Form } from '../../ui/Form';
import { Loaded } from '../../ui/Loaded';
import { StateWord } from '../../ui/StateWord';
import { complain, Part, useChange } from './kit';
import { usePoints } from './queries';

type Backups = Given<'BackupList'>;
type Run = Given<'BackupRunView'>;
type Kept = Given<'KeptBackupView'>;
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Bytes as a person compares them: gigabytes of 10⁹, below one in megabytes. */
export function size_words(bytes: number): string {
  const giga = bytes / 1e9;
  return giga >= 1
    ? word('ui.machine.size_gb', { n: number(giga, giga < 10 ? 1 : 0) })
    : word('ui.machine.size_mb', { n: number(bytes / 1e6, 0) });
}

const columns = (): Column<Kept>[] => [
  {
    id: 'at',
    head: word('ui.machine.backup_at'),
    cell: (one) => (
      <span title={exact(one.made_at, zone)}>{when(one.made_at, zone, Date.now(), true)}</span>
    ),
  },
  {
    id: 'size',
    head: word('ui.machine.backup_size'),
    numeric: true,
    cell: (one) => size_words(one.bytes),
  },
  {
    id: 'files',
    head: word('ui.machine.backup_files'),
    numeric: true,
    cell: (one) => number(one.files),
  },
];

function Running({ run }: { run: Run }) {
  const t = useT();
  const cancel = useChange(() => send('post', '/backups/cancel'), ['backup']);
  const counted = run.bytes_total > 0;
  return (
    <div className="o-row" role="status">
      <progress
        aria-label={t('ui.machine.backup')}
        max={1}
        {...(counted ? { value: run.bytes / run.bytes_total } : {})}
      />
      <span className="o-2">
        {counted
          ? t('ui.machine.backup_left', {
              done: size_words(run.bytes),
              total: size_words(run.bytes_total),
              left: size_words(run.bytes_total - run.bytes),
            })
          : t('ui.machine.backup_database')}
      </span>
      <Button
        busy={cancel.isPending}
        onClick={() => cancel.mutate(undefined, { onError: complain })}
      >
        {t('ui.machine.backup_cancel')}
      </Button>
    </div>
  );
}

function Ended({ run }: { run: Run }) {
  const t = useT();
  if (run.state === 'done')
    return (
      <StateWord icon={IconCheck} tone="green">
        {t('ui.machine.backup_done', { size: size_words(run.bytes) })}
      </StateWord>
    );
  if (run.state === 'cancelled') return <p className="o-2">{t('ui.machine.backup_cancelled')}</p>;
  return (
    <StateWord icon={IconAlertCircle} tone="red">
      {t('ui.machine.backup_failed', { why: run.reason ?? '' })}
    </StateWord>
  );
}

export function Backups() {
  const t = useT();
  const backups = useQuery({
    queryKey: ['backup'],
    queryFn: () => get<Backups>('/backups'),
    refetchInterval: ({ state }) => (state.data?.newest?.state === 'running' ? 500 : false),
  });
  const make = useChange(() => send('post', '/backups', {}), ['backup']);
  const run = backups.data?.newest;
  const running = run?.state === 'running';
  return (
    <Part
      title={t('ui.machine.backup')}
      what={backups.data && t('ui.machine.backup_what', { folder: backups.data.folder })}
      action={
        <Button
          icon={IconDatabaseExport}
          busy={make.isPending}
          disabled={running}
          onClick={() => make.mutate(undefined, { onError: complain })}
        >
          {t('ui.machine.backup_make')}
        </Button>
      }
    >
      <Loaded asking={backups} title={t('ui.set.failed')} rows={2}>
        {(data) => (
          <>
            {run && (running ? <Running run={run} /> : <Ended run={run} />)}
            {data.items.length > 0 ? (
              <DataTable
                columns={columns()}
                rows={data.items}
                id_of={(one) => one.name}
                label={t('ui.machine.backup_list')}
              />
            ) : (
              !running && <p className="o-3">{t('ui.machine.backup_none')}</p>
            )}
          </>
        )}
      </Loaded>
    </Part>
  );
}

const limits = { points: 10_000, hours: 24, days: 3650, channels: 2 } as const;
type Plan = Record<keyof typeof limits, number>;

export function Disk() {
  const t = useT();
  const points = usePoints().data?.items.filter((one) => !one.archived_at).length;
  const [typed, set_typed] = useState<Partial<Plan>>({});
  const plan: Plan = { points: points || 1, hours: 10, days: 90, channels: 1, ...typed };
  const asked = useQuery({
    queryKey: ['disk', plan],
    queryFn: () => get<Given<'DiskView'>>('/disk', plan),
    placeholderData: (before) => before,
  });
  return (
    <Part title={t('ui.machine.disk')} what={t('ui.machine.disk_what')}>
      <Form className="o-set-line o-set-disk" onSubmit={() => undefined}>
        {(Object.keys(limits) as (keyof Plan)[]).map((key) => (
          <NumberField
            key={key}
            path={key}
            label={t(`ui.machine.disk_${key}`)}
            value={plan[key]}
            min={0}
            max={limits[key]}
            allowDecimal={false}
            onChange={(value) =>
              set_typed({ ...typed, [key]: Math.min(Number(value) || 0, limits[key]) })
            }
          />
        ))}
      </Form>
      <Loaded asking={asked} title={t('ui.set.failed')} rows={2}>
        {(disk) => {
          const lack = disk.total_bytes - disk.free_bytes;
          return (
            <dl className="o-facts" aria-live="polite">
              <dt>{t('ui.machine.disk_month')}</dt>
              <dd>{size_words(disk.point_month_bytes)}</dd>
              <dt>{t('ui.machine.disk_total')}</dt>
              <dd>{size_words(disk.total_bytes)}</dd>
              <dt>{t('ui.machine.disk_free')}</dt>
              <dd>
                {size_words(disk.free_bytes)}{' '}
                {lack > 0 ? (
                  <StateWord icon={IconAlertCircle} tone="red">
                    {t('ui.machine.disk_short', { size: size_words(lack) })}
                  </StateWord>
                ) : (
                  <StateWord icon={IconCheck} tone="green">
                    {t('ui.machine.disk_fits')}
                  </StateWord>
                )}
              </dd>
            </dl>
          );
        }}
      </Loaded>
    </Part>
  );
}
