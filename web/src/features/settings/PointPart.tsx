// One point: its name and patience, the lawful basis of recording there, who is on duty.
import { useState } from 'react';
import { Link } from 'react-router';
import { id_part, send } from '../../api/call';
import type { Basis } from '../../api/types';
import { useT } from '../../lib/lang';
import { day_key, exact, local_instant, when } from '../../lib/times';
import { Button, ButtonLink } from '../../ui/Button';
import { DayField } from '../../ui/DayField';
import { ConfirmButton } from '../../ui/Confirm';
import { AreaField, NumberField, SelectField } from '../../ui/Fields';
import { TextField } from '../../ui/Form';
import { Loaded } from '../../ui/Loaded';
import { Badge } from '../../ui/StateWord';
import { TimeField } from '../../ui/TimeField';
import { complain, Editor, ms_of, Part, said, useChange } from './kit';
import { PointProfile } from './PointProfile';
import { zone_words } from './Sites';
import { useBasis, useDuties, usePeople, usePoints, type Point } from './queries';

const hour_ms = 3_600_000;
const path_of = (point: Point) => `/points/${id_part(point.id)}`;

function Main({ point }: { point: Point }) {
  const t = useT();
  const [name, set_name] = useState(point.name);
  const [hours, set_hours] = useState<string | number>(point.give_up_after_ms / hour_ms);
  const body = { name, give_up_after_ms: ms_of(hours, hour_ms) };
  const change = useChange(
    (more: { archived?: boolean }) =>
      send('put', path_of(point), { ...body, ...more }, point.version),
    ['point', 'coverage'],
    said(t('ui.set.saved')),
  );
  return (
    <Part title={t('ui.set.point')} what={`${point.site_name}, ${zone_words(point.zone)}`}>
      <Editor
        change={change}
        paths={['name', 'give_up_after_ms']}
        onSubmit={() => change.mutate({})}
      >
        <TextField
          path="name"
          label={t('ui.set.point_name')}
          value={name}
          onChange={(event) => set_name(event.currentTarget.value)}
        />
        <NumberField
          path="give_up_after_ms"
          label={t('ui.set.give_up')}
          description={t('ui.set.give_up_help')}
          value={hours}
          min={0}
          max={24 * 90}
          onChange={set_hours}
        />
      </Editor>
      {point.archived_at ? (
        <Button onClick={() => change.mutate({ archived: false })}>{t('ui.set.unarchive')}</Button>
      ) : (
        <ConfirmButton
          kind="ghost"
          question={t('ui.set.archive_point')}
          yes={t('ui.set.archive')}
          onConfirm={() => change.mutate({ archived: true })}
        >
          {t('ui.set.archive')}
        </ConfirmButton>
      )}
    </Part>
  );
}

const grounds = ['ground', 'notice', 'signage', 'consent'] as const;
const terms = ['retention_days', 'clip_days', 'original_days'] as const;
type Typed = Record<(typeof grounds)[number], string> & Record<(typeof terms)[number], number>;

function Card({ point, basis }: { point: Point; basis?: Basis }) {
  const t = useT();
  const [typed, set_typed] = useState<Typed>(() => ({
    ground: basis?.ground ?? t('ui.first_run.ground_text'),
    notice: basis?.notice ?? t('ui.first_run.notice_text'),
    signage: basis?.signage ?? t('ui.first_run.signage_text'),
    consent: basis?.consent ?? t('ui.first_run.consent_text'),
    retention_days: basis?.retention_days ?? 90,
    clip_days: basis?.clip_days ?? 90,
    original_days: basis?.original_days ?? 30,
  }));
  const labels = {
    retention_days: t('ui.first_run.days'),
    clip_days: t('ui.set.clip_days'),
    original_days: t('ui.set.original_days'),
  };
  const stale = ['basis', 'point', 'retention'];
  const change = useChange(
    () => send('put', `${path_of(point)}/basis`, typed),
    stale,
    said(t('ui.set.basis_saved')),
  );
  const revoke = useChange(() => send('delete', `${path_of(point)}/basis`), stale);
  return (
    <>
      <Editor
        change={change}
        paths={[...grounds, ...terms]}
        save={t('ui.set.basis_confirm')}
        onSubmit={() => change.mutate(undefined)}
      >
        {grounds.map((name) => (
          <AreaField
            key={name}
            path={name}
            label={t(`ui.first_run.${name}`)}
            value={typed[name]}
            onChange={(event) => set_typed({ ...typed, [name]: event.currentTarget.value })}
          />
        ))}
        {terms.map((name) => (
          <NumberField
            key={name}
            path={name}
            label={labels[name]}
            description={name === 'original_days' && t('ui.set.original_days_help')}
            value={typed[name]}
            min={1}
            max={3650}
            allowDecimal={false}
            onChange={(days) => set_typed({ ...typed, [name]: Number(days) || 0 })}
          />
        ))}
      </Editor>
      {basis && (
        <ConfirmButton
          kind="ghost"
          question={t('ui.set.basis_revoke_ask')}
          yes={t('ui.set.basis_revoke')}
          onConfirm={() => revoke.mutate(undefined, { onError: complain })}
        >
          {t('ui.set.basis_revoke')}
        </ConfirmButton>
      )}
    </>
  );
}

function BasisPart({ point, papers }: { point: Point; papers: string }) {
  const t = useT();
  const basis = useBasis(point.id, point.basis_confirmed);
  const missing = !point.basis_confirmed;
  return (
    <Part
      title={t('ui.first_run.basis')}
      what={t('ui.set.basis_what')}
      action={!missing && <ButtonLink to={papers}>{t('ui.paper.title')}</ButtonLink>}
    >
      <p className="o-set-what">
        <Badge>{t('ui.first_run.lawyer')}</Badge>{' '}
        {basis.data ? (
          <span className="o-3">
            {t('ui.set.basis_by', {
              name: basis.data.confirmed_by_name,
              time: when(basis.data.confirmed_at, point.zone, Date.now(), true),
            })}
          </span>
        ) : (
          missing && <span className="o-red">{t('ui.points.no_basis')}</span>
        )}
      </p>
      {(missing || basis.data) && (
        <Card
          key={basis.data?.confirmed_at ?? 'none'}
          point={point}
          basis={missing ? undefined : basis.data}
        />
      )}
    </Part>
  );
}

function Begin({ point }: { point: Point }) {
  const t = useT();
  const people = usePeople().data?.items ?? [];
  const [person, set_person] = useState('');
  const [day, set_day] = useState('');
  const [time, set_time] = useState('');
  const at = local_instant(day || day_key(Date.now(), point.zone), time, point.zone);
  const change = useChange(
    () =>
      send('post', `${path_of(point)}/duty`, {
        person_id: person,
        ...(time && at !== undefined ? { begin_at: new Date(at).toISOString() } : {}),
      }),
    ['duty'],
    said(t('ui.set.duty_begun')),
  );
  return (
    <Editor
      change={change}
      paths={['person_id', 'begin_at']}
      save={t('ui.set.duty_begin')}
      onSubmit={() => change.mutate(undefined)}
    >
      <SelectField
        path="person_id"
        label={t('ui.set.duty_who')}
        searchable
        value={person || null}
        data={people
          .filter((one) => !one.archived_at)
          .map((one) => ({ value: one.id, label: one.name }))}
        onChange={(value) => set_person(value ?? '')}
      />
      <div className="o-set-line">
        <DayField
          path="day"
          label={t('ui.set.duty_day')}
          value={day || day_key(Date.now(), point.zone)}
          onChange={set_day}
        />
        <TimeField
          path="begin_at"
          label={t('ui.set.duty_time')}
          description={t('ui.set.duty_now')}
          value={time}
          onChange={set_time}
        />
      </div>
    </Editor>
  );
}

function DutyPart({ point }: { point: Point }) {
  const t = useT();
  const duties = useDuties(point.id);
  const end = useChange(
    () => send('post', `${path_of(point)}/duty/end`, {}),
    ['duty'],
    said(t('ui.set.duty_ended')),
  );
  const now = Date.now();
  return (
    <Part title={t('ui.set.duty')} what={t('ui.set.duty_what')}>
      <Begin point={point} />
      <Loaded asking={duties} title={t('ui.set.failed')} rows={3}>
        {(data) => (
          <ul className="o-set-rows">
            {[...data.items].reverse().map((duty) => {
              const open = !duty.end_at && Date.parse(duty.begin_at) <= now;
              return (
                <li key={duty.id}>
                  <div>
                    <span className="o-m o-cut">{duty.person_name}</span>
                    <span className="o-3" title={exact(duty.begin_at, point.zone)}>
                      {when(duty.begin_at, point.zone, now, true)}
                      {duty.end_at && `–${when(duty.end_at, point.zone, now, true)}`}
                    </span>
                    {open && (
                      <Button
                        busy={end.isPending}
                        onClick={() => end.mutate(undefined, { onError: complain })}
                      >
                        {t('ui.set.duty_end')}
                      </Button>
                    )}
                  </div>
                </li>
              );
            })}
            {data.items.length === 0 && <li className="o-3">{t('ui.set.duty_none')}</li>}
          </ul>
        )}
      </Loaded>
    </Part>
  );
}

export function PointPart({ id, back, papers }: { id: string; back: string; papers: string }) {
  const t = useT();
  const points = usePoints();
  return (
    <Loaded asking={points} title={t('ui.set.failed')}>
      {(data) => {
        const point = data.items.find((one) => one.id === id);
        if (!point) return <p className="o-2">{t('ui.set.no_such')}</p>;
        return (
          <>
            <p>
              <Link className="o-link" to={back}>
                {t('ui.set.sites')}
              </Link>
              <span className="o-3"> / {point.name}</span>
            </p>
            <Main key={point.version} point={point} />
            <PointProfile key={`${point.version} profile`} point={point} />
            <BasisPart point={point} papers={papers} />
            <DutyPart point={point} />
          </>
        );
      }}
    </Loaded>
  );
}
