// «Исправить»: another time, recorder or point for one recording or several; what it would change
// is shown first, then done at once, and can be undone.
import { IconChevronLeft } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { is_problem } from '../../../api/problem';
import { refusal_of } from '../../../api/refusal';
import { useT } from '../../../lib/lang';
import { clock_seconds, day_key, day_short, clock } from '../../../lib/times';
import { Button, ButtonLink } from '../../../ui/Button';
import { DayField } from '../../../ui/DayField';
import { AreaField, SelectField } from '../../../ui/Fields';
import { Form, FormError, TextField } from '../../../ui/Form';
import { Loaded } from '../../../ui/Loaded';
import { TimeField } from '../../../ui/TimeField';
import { usePoints, useRecorders, type RecordingPage } from '../queries';
import { instant_of } from '../windows';
import { Preview, type RepairLinks } from './Preview';
import { usePreview, useRepair, useSeveral } from './queries';
import {
  body_of,
  seconds_typed,
  sources,
  wants_nothing,
  type Body,
  type Source,
  type TimeHow,
  type Typed,
} from './wish';
import './repair.css';

const hows: readonly TimeHow[] = ['as_is', 'begins', 'shift', 'heard', 'nudge'];

type Put = (change: Partial<Typed>) => void;

function Doubt({
  typed,
  put,
  wrong,
}: {
  typed: Typed;
  put: Put;
  wrong: (text: string) => string | undefined;
}) {
  const t = useT();
  return (
    <TextField
      path="heard_uncertainty_ms"
      label={t('ui.upload.doubt')}
      value={typed.doubt_s}
      error={wrong(typed.doubt_s)}
      onChange={(event) => put({ doubt_s: event.currentTarget.value })}
    />
  );
}

function TimeFields({ typed, put, one }: { typed: Typed; put: Put; one: boolean }) {
  const t = useT();
  const wrong = (text: string) =>
    text !== '' && seconds_typed(text) === undefined ? t('ui.repair.no_length') : undefined;
  return (
    <fieldset className="o-repair-set">
      <legend>{t('ui.repair.time')}</legend>
      <SelectField
        path="how"
        label={t('ui.repair.how')}
        value={typed.how}
        onChange={(how) => put({ how: (how ?? 'as_is') as TimeHow })}
        data={hows
          .filter((how) => one || how === 'as_is' || how === 'shift')
          .map((how) => ({ value: how, label: t(`ui.repair.how_${how}`) }))}
      />
      {(typed.how === 'heard' || typed.how === 'nudge') && (
        <TextField
          path="heard_sample"
          label={t('ui.repair.place')}
          placeholder="0:00"
          value={typed.place}
          error={wrong(typed.place)}
          onChange={(event) => put({ place: event.currentTarget.value })}
        />
      )}
      {(typed.how === 'shift' || typed.how === 'nudge') && (
        <div className="o-repair-row">
          <SelectField
            path="direction"
            label={t('ui.repair.direction')}
            value={typed.later ? 'later' : 'earlier'}
            onChange={(way) => put({ later: way === 'later' })}
            data={[
              { value: 'later', label: t('ui.repair.later') },
              { value: 'earlier', label: t('ui.repair.earlier') },
            ]}
          />
          <TextField
            path="shift_ms"
            label={t('ui.repair.by')}
            placeholder="1:00:00"
            value={typed.by}
            error={wrong(typed.by)}
            onChange={(event) => put({ by: event.currentTarget.value })}
          />
          {typed.how === 'nudge' && <Doubt typed={typed} put={put} wrong={wrong} />}
        </div>
      )}
      {(typed.how === 'begins' || typed.how === 'heard') && (
        <div className="o-repair-row">
          <DayField
            path="heard_at"
            label={t(typed.how === 'begins' ? 'ui.upload.day' : 'ui.repair.day')}
            value={typed.day}
            onChange={(day) => put({ day })}
          />
          <TimeField
            path="time"
            seconds
            label={t(typed.how === 'begins' ? 'ui.upload.time' : 'ui.repair.clock')}
            value={typed.time}
            onChange={(time) => put({ time })}
          />
          <Doubt typed={typed} put={put} wrong={wrong} />
          {typed.how === 'heard' && (
            <SelectField
              path="heard_source"
              label={t('ui.repair.source')}
              value={typed.source}
              onChange={(source) => put({ source: (source ?? 'person') as Source })}
              data={sources.map((one) => ({ value: one, label: t(`ui.repair.source_${one}`) }))}
            />
          )}
        </div>
      )}
      {(typed.how === 'nudge' || (typed.how === 'heard' && typed.source !== 'person')) && (
        <p className="o-3 o-s">{t('ui.repair.weighed')}</p>
      )}
    </fieldset>
  );
}

function PlaceFields({ typed, put }: { typed: Typed; put: Put }) {
  const t = useT();
  const recorders = useRecorders().data?.items ?? [];
  const points = usePoints().data?.items ?? [];
  return (
    <fieldset className="o-repair-set">
      <legend>{t('ui.repair.where')}</legend>
      <div className="o-repair-row">
        <SelectField
          path="recorder_id"
          label={t('ui.repair.recorder')}
          value={typed.recorder}
          onChange={(recorder) => put({ recorder: recorder ?? '' })}
          searchable={recorders.length > 12}
          data={[
            { value: '', label: t('ui.repair.as_it_is') },
            ...recorders.map((one) => ({ value: one.id, label: one.name })),
          ]}
        />
        <SelectField
          path="point_id"
          label={t('ui.repair.point')}
          value={typed.point}
          onChange={(point) => put({ point: point ?? '' })}
          searchable={points.length > 12}
          data={[
            { value: '', label: t('ui.repair.by_recorder') },
            ...points.map((one) => ({ value: one.id, label: one.name })),
          ]}
        />
      </div>
      <p className="o-3 o-s">{t('ui.repair.by_recorder_what')}</p>
    </fieldset>
  );
}

function zone_of(typed: Typed, recordings: readonly RecordingPage[], points: readonly Zoned[]) {
  return points.find((one) => one.id === typed.point)?.zone ?? recordings[0]?.zone ?? 'UTC';
}
interface Zoned {
  id: string;
  zone: string;
}

/** The typed form; a preview belongs to what was typed when it was asked for. */
function useTyped(recordings: readonly RecordingPage[], sample: number, nudges: boolean) {
  const first = recordings[0];
  const zone = first?.zone ?? 'UTC';
  const at = first ? Date.parse(first.begin_at) : 0;
  const place = sample / 48_000;
  const [typed, set_typed] = useState<Typed>({
    how: nudges ? 'nudge' : sample > 0 ? 'heard' : 'as_is',
    day: day_key(at, zone),
    time: clock_seconds(at + place * 1000, zone),
    doubt_s: nudges ? '0.2' : '1',
    place: String(Math.round(place * 1000) / 1000),
    source: 'person',
    later: true,
    by: '',
    recorder: '',
    point: '',
  });
  return [typed, (change: Partial<Typed>) => set_typed((now) => ({ ...now, ...change }))] as const;
}

function Heads({ recordings }: { recordings: readonly RecordingPage[] }) {
  return (
    <ul className="o-repair-heads">
      {recordings.map((one) => (
        <li key={one.id}>
          <b>{one.point_name}</b>, {day_short(one.begin_at, one.zone)}{' '}
          {clock(one.begin_at, one.zone)}–{clock(one.end_at, one.zone)}{' '}
          <span className="o-3">{one.recorder_name}</span>
        </li>
      ))}
    </ul>
  );
}

interface Fixed {
  recordings: readonly RecordingPage[];
  undo: string | null;
  sample: number;
  nudges: boolean;
  links: RepairLinks;
  back: string;
}

function Fix({ recordings, undo, sample, nudges, links, back }: Fixed) {
  const t = useT();
  const go = useNavigate();
  const points = usePoints().data?.items ?? [];
  const [typed, put_typed] = useTyped(recordings, sample, nudges);
  const [reason, set_reason] = useState(undo ? t('ui.repair.undo_reason') : '');
  const preview = usePreview();
  const repair = useRepair();
  const body = (): Body | undefined =>
    undo
      ? { recordings: [], undo: [{ repair_id: undo }] }
      : body_of(recordings, typed, zone_of(typed, recordings, points), (at) =>
          recordings[0] ? instant_of(recordings[0].map_points, recordings[0].begin_at, at) : 0,
        );
  const put: Put = (change) => {
    preview.reset();
    repair.reset();
    put_typed(change);
  };
  const look = () => {
    repair.reset();
    const asked = body();
    if (asked) preview.mutate(asked);
  };
  // An undo has nothing to be typed: it is looked at as soon as the page stands.
  useEffect(() => {
    if (undo) look();
  }, [undo]);
  const apply = () => {
    const asked = body();
    if (asked)
      repair.mutate({ ...asked, reason }, { onSuccess: () => void go(back, { replace: true }) });
  };
  const stale = is_problem(repair.error) && repair.error.status === 409;
  const unready = !undo && (wants_nothing(typed) || !body());
  return (
    <>
      <Heads recordings={recordings} />
      <Form
        className="o-repair-form"
        error={refusal_of(repair.error ?? preview.error)}
        onSubmit={preview.data ? apply : look}
      >
        {!undo && (
          <>
            <TimeFields typed={typed} put={put} one={recordings.length === 1} />
            <PlaceFields typed={typed} put={put} />
          </>
        )}
        {preview.data && (
          <>
            <Preview shown={preview.data} links={links} />
            <AreaField
              path="reason"
              label={t('ui.repair.reason')}
              placeholder={t('ui.repair.reason_like')}
              value={reason}
              onChange={(event) => set_reason(event.currentTarget.value)}
            />
          </>
        )}
        <FormError paths={['reason', 'heard_sample', 'heard_at', 'recorder_id', 'point_id']} />
        <div className="o-row">
          {preview.data ? (
            <Button
              kind="primary"
              type="submit"
              busy={repair.isPending}
              reason={reason.trim() ? undefined : t('ui.repair.reason_first')}
            >
              {undo
                ? t('ui.repair.undo_do')
                : t('ui.repair.do', { n: preview.data.recordings.length })}
            </Button>
          ) : (
            <Button
              kind="primary"
              type="submit"
              busy={preview.isPending}
              reason={unready ? t('ui.repair.state_first') : undefined}
            >
              {t('ui.repair.look')}
            </Button>
          )}
          {stale && <Button onClick={look}>{t('ui.repair.look_again')}</Button>}
          <ButtonLink to={back}>{t('ui.cancel')}</ButtonLink>
        </div>
      </Form>
    </>
  );
}

export function RepairPage({
  links,
  points,
}: {
  links: RepairLinks;
  /** Where a selection came from. */
  points: string;
}) {
  const t = useT();
  const [search] = useSearchParams();
  const ids = (search.get('ids') ?? '').split(',').filter(Boolean).slice(0, 50);
  const undo = search.get('undo');
  const back = ids.length === 1 && ids[0] ? links.recording(ids[0]) : points;
  const asking = useSeveral(ids);
  return (
    <div className="o-repair">
      <div className="o-rec-head">
        <ButtonLink kind="ghost" icon={IconChevronLeft} label={t('ui.clip.back')} to={back} />
        <h1>{t(undo ? 'ui.repair.undo_title' : 'ui.repair.title')}</h1>
      </div>
      {ids.length === 0 ? (
        <p className="o-2 o-points-none">{t('ui.repair.none')}</p>
      ) : (
        <Loaded asking={asking} title={t('ui.clip.no_list')} rows={6} height={52}>
          {(recordings) => (
            <Fix
              recordings={recordings}
              undo={undo}
              sample={Math.max(0, Number(search.get('sample')) || 0)}
              nudges={search.get('how') === 'nudge'}
              links={links}
              back={back}
            />
          )}
        </Loaded>
      )}
    </div>
  );
}
