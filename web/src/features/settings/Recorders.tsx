// Recorders and where they stand.
import { IconMicrophone, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { id_part, send } from '../../api/call';
import { useT } from '../../lib/lang';
import { number } from '../../lib/numbers';
import { day_key, local_instant, when } from '../../lib/times';
import { Button } from '../../ui/Button';
import { DayField } from '../../ui/DayField';
import { SelectField } from '../../ui/Fields';
import { TextField } from '../../ui/Form';
import { Loaded } from '../../ui/Loaded';
import { EmptyState } from '../../ui/States';
import { TimeField } from '../../ui/TimeField';
import { AgentPart } from './AgentPart';
import { Editor, ListExport, Part, said, useChange } from './kit';
import { usePoints, useRecorders, type Point, type Recorder } from './queries';

const pickups = ['upload', 'folder', 'stream', 'agent'] as const;

function RecorderEditor({
  recorder,
  points,
  onClose,
}: {
  recorder?: Recorder;
  points: readonly Point[];
  onClose: () => void;
}) {
  const t = useT();
  const [typed, set_typed] = useState({
    name: recorder?.name ?? '',
    model: recorder?.model ?? '',
    clock_source: recorder?.clock_source ?? '',
    channels: recorder?.channels ?? 1,
    pickup: recorder?.pickup || 'upload',
  });
  const [point, set_point] = useState('');
  const put = (change: Partial<typeof typed>) => set_typed({ ...typed, ...change });
  const change = useChange(
    () =>
      recorder
        ? send('put', `/recorders/${id_part(recorder.id)}`, typed, recorder.version)
        : send('post', '/recorders', { ...typed, ...(point ? { point_id: point } : {}) }),
    ['recorder'],
    () => {
      said(t('ui.set.saved'))();
      onClose();
    },
  );
  return (
    <Editor
      title={t(recorder ? 'ui.set.recorder_change' : 'ui.set.recorder_new')}
      change={change}
      paths={['name', 'model', 'clock_source', 'channels', 'pickup', 'point_id']}
      onSubmit={() => change.mutate(undefined)}
      onClose={onClose}
    >
      <TextField
        path="name"
        label={t('ui.set.name')}
        value={typed.name}
        onChange={(event) => put({ name: event.currentTarget.value })}
      />
      <TextField
        path="model"
        label={t('ui.set.model')}
        value={typed.model}
        onChange={(event) => put({ model: event.currentTarget.value })}
      />
      <TextField
        path="clock_source"
        label={t('ui.set.clock')}
        description={t('ui.set.clock_help')}
        value={typed.clock_source}
        onChange={(event) => put({ clock_source: event.currentTarget.value })}
      />
      <SelectField
        path="channels"
        label={t('ui.set.channels')}
        value={String(typed.channels)}
        data={[
          { value: '1', label: t('ui.set.channels_1') },
          { value: '2', label: t('ui.set.channels_2') },
        ]}
        onChange={(value) => put({ channels: Number(value) })}
      />
      <SelectField
        path="pickup"
        label={t('ui.set.pickup')}
        value={typed.pickup}
        data={pickups.map((value) => ({ value, label: t(`ui.set.pickup_of.${value}`) }))}
        onChange={(value) => put({ pickup: value ?? 'upload' })}
      />
      {!recorder && (
        <SelectField
          path="point_id"
          label={t('ui.set.stands_at')}
          value={point}
          data={[
            { value: '', label: t('ui.set.nowhere') },
            ...points.map((one) => ({ value: one.id, label: one.name })),
          ]}
          onChange={(value) => set_point(value ?? '')}
        />
      )}
    </Editor>
  );
}

function Placement({
  recorder,
  points,
  onClose,
}: {
  recorder: Recorder;
  points: readonly Point[];
  onClose: () => void;
}) {
  const t = useT();
  const [point, set_point] = useState(recorder.point_id ?? '');
  const zone = points.find((one) => one.id === point)?.zone ?? 'UTC';
  const [day, set_day] = useState(day_key(Date.now(), zone));
  const [time, set_time] = useState('');
  const at = time ? local_instant(day, time, zone) : undefined;
  const change = useChange(
    () =>
      send('put', `/recorders/${id_part(recorder.id)}/placement`, {
        point_id: point,
        ...(at === undefined ? {} : { begin_at: new Date(at).toISOString() }),
      }),
    ['recorder', 'coverage'],
    () => {
      said(t('ui.set.saved'))();
      onClose();
    },
  );
  return (
    <Editor
      title={t('ui.set.place_title', { name: recorder.name })}
      change={change}
      paths={['point_id', 'begin_at']}
      onSubmit={() => change.mutate(undefined)}
      onClose={onClose}
    >
      <SelectField
        path="point_id"
        label={t('ui.inbox.point')}
        value={point || null}
        data={points.map((one) => ({ value: one.id, label: one.name }))}
        onChange={(value) => set_point(value ?? '')}
      />
      <div className="o-set-line">
        <DayField path="day" label={t('ui.set.place_day')} value={day} onChange={set_day} />
        <TimeField
          path="begin_at"
          label={t('ui.set.duty_time')}
          description={t('ui.set.place_now')}
          value={time}
          onChange={set_time}
        />
      </div>
    </Editor>
  );
}

export function Recorders() {
  const t = useT();
  const recorders = useRecorders();
  const points = (usePoints().data?.items ?? []).filter((one) => !one.archived_at);
  const [open, set_open] = useState<{ id: string; what: 'change' | 'place' | 'agent' } | null>(
    null,
  );
  const close = () => set_open(null);
  const add = (
    <Button icon={IconPlus} onClick={() => set_open({ id: '', what: 'change' })}>
      {t('ui.points.add_recorder')}
    </Button>
  );
  return (
    <Part
      title={t('ui.set.recorders')}
      what={t('ui.set.recorders_what')}
      action={
        <>
          <ListExport path="/recorders" />
          {add}
        </>
      }
    >
      {open?.id === '' && <RecorderEditor points={points} onClose={close} />}
      <Loaded asking={recorders} title={t('ui.set.failed')}>
        {(data) =>
          data.items.length === 0 ? (
            <EmptyState
              icon={IconMicrophone}
              title={t('ui.set.no_recorders')}
              what={t('ui.set.no_recorders_what')}
            />
          ) : (
            <ul className="o-set-rows">
              {data.items.map((one) => {
                const zone = points.find((point) => point.id === one.point_id)?.zone ?? 'UTC';
                return (
                  <li key={one.id}>
                    <div>
                      <span className="o-m o-cut">{one.name}</span>
                      <span className="o-2 o-cut">
                        {one.point_name ?? <span className="o-amber">{t('ui.set.nowhere')}</span>}
                      </span>
                      <span className="o-3 o-hide-ph">
                        {t('ui.set.sessions_n', { n: one.sessions_count })}
                        {one.newest_end_at &&
                          `, ${when(one.newest_end_at, zone, Date.now(), true)}`}
                      </span>
                      <span className="o-set-do">
                        <Button
                          kind="ghost"
                          onClick={() => set_open({ id: one.id, what: 'place' })}
                        >
                          {t('ui.set.place')}
                        </Button>
                        <Button
                          kind="ghost"
                          onClick={() => set_open({ id: one.id, what: 'agent' })}
                        >
                          {t('ui.set.agent')}
                        </Button>
                        <Button
                          kind="ghost"
                          onClick={() => set_open({ id: one.id, what: 'change' })}
                        >
                          {t('ui.set.change')}
                        </Button>
                      </span>
                    </div>
                    {open?.id === one.id && open.what === 'agent' && (
                      <AgentPart recorder={one} zone={zone} />
                    )}
                    {open?.id === one.id &&
                      open.what !== 'agent' &&
                      (open.what === 'place' ? (
                        <Placement recorder={one} points={points} onClose={close} />
                      ) : (
                        <RecorderEditor
                          key={one.version}
                          recorder={one}
                          points={points}
                          onClose={close}
                        />
                      ))}
                  </li>
                );
              })}
            </ul>
          )
        }
      </Loaded>
      {Boolean(recorders.data?.items.length) && (
        <p className="o-3 o-s">
          {t('ui.set.recorders_n', { n: number(recorders.data?.items.length ?? 0) })}
        </p>
      )}
    </Part>
  );
}
