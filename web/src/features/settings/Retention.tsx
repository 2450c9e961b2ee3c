// How long sound is kept at each point, what goes next, the disk, and what is held.
import { IconAlertCircle, IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { get, id_part, send } from '../../api/call';
import type { Given } from '../../api/types';
import { t as word, text_of, useT } from '../../lib/lang';
import { number } from '../../lib/numbers';
import { clock, day_key, day_short, exact, local_instant, when } from '../../lib/times';
import { Button } from '../../ui/Button';
import { DataTable, type Column } from '../../ui/DataTable';
import { DayField } from '../../ui/DayField';
import { SelectField, SwitchField } from '../../ui/Fields';
import { Form, FormError, TextField } from '../../ui/Form';
import { Loaded } from '../../ui/Loaded';
import { StateWord } from '../../ui/StateWord';
import { toast } from '../../ui/Toast';
import { size_words } from './Keeping';
import { complain, Editor, Part, said, useChange } from './kit';
import type { SubjectLink } from './Machine';
import { usePoints, type Point } from './queries';

type Kept = Given<'RetentionView'>;
type Terms = Given<'TermsView'>;
type Hold = Given<'HoldView'>;
const day_ms = 86_400_000;

const disk_looks = {
  ample: { icon: IconCheck, tone: 'green' },
  low: { icon: IconAlertTriangle, tone: 'amber' },
  scarce: { icon: IconAlertCircle, tone: 'red' },
} as const;

function due_words(one: Terms): string {
  const parts = [
    one.due > 0 && word('ui.keep.due_n', { n: one.due }),
    one.clips_due > 0 && word('ui.keep.due_clips', { n: one.clips_due }),
  ];
  return parts.filter(Boolean).join(', ') || '–';
}

const term_columns = (point_link: (id: string) => string): Column<Terms>[] => [
  {
    id: 'point',
    head: word('ui.keep.point'),
    cell: (one) => (
      <Link className="o-link" to={point_link(one.point_id)}>
        {one.point_name}
      </Link>
    ),
  },
  {
    id: 'recordings',
    head: word('ui.keep.recording_days'),
    numeric: true,
    cell: (one) =>
      one.recording_days === null ? (
        <span className="o-amber">{word('ui.keep.no_card')}</span>
      ) : (
        number(one.recording_days)
      ),
  },
  {
    id: 'clips',
    head: word('ui.keep.clip_days'),
    numeric: true,
    className: 'o-hide-ph',
    cell: (one) => (one.clip_days === null ? '–' : number(one.clip_days)),
  },
  {
    id: 'files',
    head: word('ui.keep.original_days'),
    numeric: true,
    className: 'o-hide-ph',
    cell: (one) => (one.original_days === null ? '–' : number(one.original_days)),
  },
  {
    id: 'oldest',
    head: word('ui.keep.oldest'),
    className: 'o-hide-ph',
    cell: (one) =>
      one.oldest_at === null ? (
        '–'
      ) : (
        <span title={exact(one.oldest_at, one.zone)}>{day_short(one.oldest_at, one.zone)}</span>
      ),
  },
  {
    id: 'week',
    head: word('ui.keep.week'),
    numeric: true,
    className: 'o-hide-ph',
    cell: (one) => number(one.due_in_week),
  },
  { id: 'due', head: word('ui.keep.due'), cell: due_words },
];

function TermsPart({ data, point_link }: { data: Kept; point_link: (id: string) => string }) {
  const t = useT();
  const disk = disk_looks[data.disk];
  const begins = data.begins_at && Date.parse(data.begins_at) > Date.now() ? data.begins_at : null;
  return (
    <Part title={t('ui.keep.terms')} what={t('ui.keep.terms_what')}>
      {begins && (
        <p className="o-amber">
          {t('ui.keep.begins', {
            time: when(begins, data.points[0]?.zone ?? 'UTC', Date.now(), true),
          })}
        </p>
      )}
      {data.points.length === 0 ? (
        <p className="o-3">{t('ui.keep.points_none')}</p>
      ) : (
        <DataTable
          columns={term_columns(point_link)}
          rows={data.points}
          id_of={(one) => one.point_id}
          label={t('ui.keep.terms')}
        />
      )}
      <p className="o-row o-keep-disk">
        <span>
          {t('ui.keep.disk')}:{' '}
          {t('ui.keep.disk_free', {
            free: size_words(data.free_bytes),
            total: size_words(data.total_bytes),
          })}
        </span>
        <StateWord icon={disk.icon} tone={disk.tone}>
          {t(`ui.keep.${data.disk}`)}
        </StateWord>
      </p>
    </Part>
  );
}

function Release({ hold, onClose }: { hold: Hold; onClose: () => void }) {
  const t = useT();
  const [reason, set_reason] = useState('');
  const path = `/holds/${id_part(hold.id)}`;
  const restore = useChange(() => send('post', `${path}/restore`, {}), ['hold']);
  const change = useChange(
    () => send('post', `${path}/release`, { reason }),
    ['hold'],
    () => {
      toast({
        text: t('ui.keep.released_toast'),
        undo: () => restore.mutate(undefined, { onError: complain }),
      });
      onClose();
    },
  );
  return (
    <Form className="o-set-line" error={change.refused} onSubmit={() => change.mutate(undefined)}>
      <TextField
        path="reason"
        label={t('ui.keep.release_reason')}
        maxLength={500}
        value={reason}
        onChange={(event) => set_reason(event.currentTarget.value)}
      />
      <FormError paths={['reason']} />
      <Button type="submit" kind="danger" busy={change.isPending} disabled={!reason.trim()}>
        {t('ui.keep.release')}
      </Button>
      <Button kind="ghost" onClick={onClose}>
        {t('ui.cancel')}
      </Button>
    </Form>
  );
}

function HoldLine({ hold, link }: { hold: Hold; link: SubjectLink }) {
  const t = useT();
  const [releasing, set_releasing] = useState(false);
  const restore = useChange(() => send('post', `/holds/${id_part(hold.id)}/restore`, {}), ['hold']);
  const to = link(hold.subject_kind, hold.subject);
  const on = text_of(`ui.keep.made_on.${hold.subject_kind}`) ?? hold.subject_kind;
  const now = Date.now();
  const one_day = day_key(hold.begin_at, hold.zone) === day_key(hold.end_at, hold.zone);
  const can_restore =
    hold.released_at && hold.kept_until && Date.parse(hold.kept_until) > now ? true : false;
  return (
    <li>
      <div>
        <span className="o-m">{hold.reason}</span>
        <span>
          {to ? (
            <Link className="o-link" to={to}>
              {on}
            </Link>
          ) : (
            on
          )}
          , {hold.point_name}, {when(hold.begin_at, hold.zone, now, true)}–
          {one_day ? clock(hold.end_at, hold.zone) : when(hold.end_at, hold.zone, now, true)}
        </span>
        <span className="o-3">
          {t('ui.hold.by', {
            name: hold.made_by_name || t('ui.hold.console'),
            time: when(hold.made_at, hold.zone, now, true),
          })}
          {hold.released_at &&
            `; ${t('ui.keep.released', {
              time: when(hold.released_at, hold.zone, now, true),
              until: day_short(hold.kept_until ?? hold.released_at, hold.zone),
            })}: ${hold.release_reason ?? ''}`}
        </span>
        {!hold.released_at && !releasing && (
          <Button onClick={() => set_releasing(true)}>{t('ui.keep.release')}</Button>
        )}
        {can_restore && (
          <Button
            busy={restore.isPending}
            onClick={() => restore.mutate(undefined, { onError: complain })}
          >
            {t('ui.keep.restore')}
          </Button>
        )}
      </div>
      {releasing && <Release hold={hold} onClose={() => set_releasing(false)} />}
    </li>
  );
}

function HoldPeriod({ points, onClose }: { points: readonly Point[]; onClose: () => void }) {
  const t = useT();
  const [chosen, set_chosen] = useState(points[0]?.id ?? '');
  const zone = points.find((one) => one.id === chosen)?.zone ?? 'UTC';
  const today = day_key(Date.now(), zone);
  const [from, set_from] = useState(today);
  const [to, set_to] = useState(today);
  const [reason, set_reason] = useState('');
  const midnight = (day: string) => local_instant(day, '00:00', zone) ?? NaN;
  const body = () => ({
    point_id: chosen,
    reason,
    begin_at: new Date(midnight(from)).toISOString(),
    end_at: new Date(midnight(to) + day_ms).toISOString(),
  });
  const change = useChange(
    () => send('post', '/holds', body()),
    ['hold'],
    () => {
      said(t('ui.clip.hold_made'))();
      onClose();
    },
  );
  return (
    <Editor
      title={t('ui.keep.hold')}
      change={change}
      paths={['point_id', 'begin_at', 'end_at', 'reason']}
      save={t('ui.hold.make')}
      onSubmit={() => change.mutate(undefined)}
      onClose={onClose}
    >
      <SelectField
        path="point_id"
        label={t('ui.keep.point')}
        data={points.map((one) => ({ value: one.id, label: one.name }))}
        value={chosen}
        onChange={(value) => set_chosen(value ?? '')}
      />
      <div className="o-set-line">
        <DayField path="begin_at" label={t('ui.keep.hold_from')} value={from} onChange={set_from} />
        <DayField path="end_at" label={t('ui.keep.hold_to')} value={to} onChange={set_to} />
      </div>
      <TextField
        path="reason"
        label={t('ui.hold.reason')}
        placeholder={t('ui.hold.reason_like')}
        maxLength={500}
        value={reason}
        onChange={(event) => set_reason(event.currentTarget.value)}
      />
    </Editor>
  );
}

function Holds({ link }: { link: SubjectLink }) {
  const t = useT();
  const [all, set_all] = useState(false);
  const [holding, set_holding] = useState(false);
  const points = usePoints().data?.items ?? [];
  const asked = useQuery({
    queryKey: ['hold', 'list', all],
    queryFn: () => get<Given<'HoldList'>>('/holds', all ? { all: 1 } : {}),
    placeholderData: (before) => before,
  });
  return (
    <Part
      title={t('ui.keep.holds')}
      what={t('ui.keep.holds_what')}
      action={
        points.length > 0 &&
        !holding && <Button onClick={() => set_holding(true)}>{t('ui.keep.hold')}</Button>
      }
    >
      {holding && <HoldPeriod points={points} onClose={() => set_holding(false)} />}
      <SwitchField
        path="all"
        label={t('ui.keep.all')}
        checked={all}
        onChange={(event) => set_all(event.currentTarget.checked)}
      />
      <Loaded asking={asked} title={t('ui.set.failed')} rows={2}>
        {(data) =>
          data.items.length === 0 ? (
            <p className="o-3">{t('ui.keep.holds_none')}</p>
          ) : (
            <ul className="o-set-rows o-keep-holds">
              {data.items.map((hold) => (
                <HoldLine key={hold.id} hold={hold} link={link} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Part>
  );
}

export default function Retention({
  link,
  point_link,
}: {
  link: SubjectLink;
  point_link: (id: string) => string;
}) {
  const t = useT();
  const asked = useQuery({ queryKey: ['retention'], queryFn: () => get<Kept>('/retention') });
  return (
    <>
      <Loaded asking={asked} title={t('ui.set.failed')} rows={4}>
        {(data) => <TermsPart data={data} point_link={point_link} />}
      </Loaded>
      <Holds link={link} />
    </>
  );
}
