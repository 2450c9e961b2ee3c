// What the keys of a device mean, by versions: an old press keeps its old meaning.
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { id_part, send } from '../../api/call';
import { useT } from '../../lib/lang';
import { number } from '../../lib/numbers';
import { kind_look, kind_names } from '../../lib/signal';
import { day_key, exact, local_instant } from '../../lib/times';
import { Button } from '../../ui/Button';
import { DayField } from '../../ui/DayField';
import { DataTable, type Column } from '../../ui/DataTable';
import { AreaField, CheckField, NumberField, SelectField } from '../../ui/Fields';
import { TextField } from '../../ui/Form';
import { Loaded } from '../../ui/Loaded';
import { StateWord } from '../../ui/StateWord';
import { TimeField } from '../../ui/TimeField';
import { Editor, ms_of, Part, said, useChange } from './kit';
import { useButtonMaps, useQuestions, type ButtonMap, type MapButton } from './queries';

function Shown({ map, zone }: { map: ButtonMap; zone: string }) {
  const t = useT();
  const columns: Column<ButtonMap['buttons'][number]>[] = [
    { id: 'key', head: t('ui.set.key'), cell: (one) => one.key },
    {
      id: 'label',
      head: t('ui.set.label'),
      cell: (one) => {
        const look = kind_look(one.kind);
        return (
          <>
            <StateWord icon={look.icon} tone={look.tone}>
              {one.label}
            </StateWord>
            {(one.question_text || one.merge) && (
              <span className="o-only-ph o-under">
                {[one.question_text, one.merge && t('ui.set.merge_label')]
                  .filter(Boolean)
                  .join('; ')}
              </span>
            )}
          </>
        );
      },
    },
    {
      id: 'question',
      head: t('ui.set.question'),
      className: 'o-hide-ph',
      cell: (one) => one.question_text ?? '',
    },
    {
      id: 'window',
      head: t('ui.set.window'),
      numeric: true,
      cell: (one) =>
        t('ui.set.window_of', {
          before: number(one.window_before_ms / 1000),
          after: number(one.window_after_ms / 1000),
        }),
    },
    {
      id: 'merge',
      head: t('ui.set.merge'),
      className: 'o-hide-ph',
      cell: (one) => (one.merge ? t('ui.set.yes') : t('ui.set.no')),
    },
  ];
  const since = Date.parse(map.valid_from);
  // The first map of a device holds for all presses there ever were.
  const always = since < Date.UTC(2005, 0, 1);
  const title = t('ui.set.map_n', { n: map.number });
  return (
    <div className="o-set-map">
      <h3>
        {title}{' '}
        <span className="o-3">
          {always ? t('ui.set.from_start') : t('ui.set.valid_from', { time: exact(since, zone) })}
        </span>
      </h3>
      <DataTable columns={columns} rows={map.buttons} id_of={(one) => one.key} label={title} />
    </div>
  );
}

function Row({
  button,
  at,
  put,
  onRemove,
}: {
  button: MapButton;
  at: number;
  put: (change: Partial<MapButton>) => void;
  onRemove: () => void;
}) {
  const t = useT();
  const questions = useQuestions().data?.items ?? [];
  const path = (name: string) => `buttons[${at}].${name}`;
  return (
    <fieldset className="o-set-button">
      <legend className="o-vh">{t('ui.set.button_n', { n: at + 1 })}</legend>
      <TextField
        path={path('key')}
        label={t('ui.set.key')}
        value={button.key}
        onChange={(event) => put({ key: event.currentTarget.value })}
      />
      <TextField
        path={path('label')}
        label={t('ui.set.label')}
        value={button.label}
        onChange={(event) => put({ label: event.currentTarget.value })}
      />
      <SelectField
        path={path('kind')}
        label={t('ui.inbox.kind')}
        value={button.kind}
        data={kind_names.map((value) => ({ value, label: kind_look(value).text }))}
        onChange={(value) => put({ kind: (value ?? 'answer') as MapButton['kind'] })}
      />
      <SelectField
        path={path('question_id')}
        label={t('ui.set.question')}
        value={button.question_id ?? ''}
        data={[
          { value: '', label: t('ui.set.no_question') },
          ...questions.map((one) => ({ value: one.id, label: one.text })),
        ]}
        onChange={(value) => put({ question_id: value || null })}
      />
      <NumberField
        path={path('window_before_ms')}
        label={t('ui.set.before_s')}
        value={button.window_before_ms / 1000}
        min={0}
        max={600}
        onChange={(value) => put({ window_before_ms: ms_of(value, 1000) })}
      />
      <NumberField
        path={path('window_after_ms')}
        label={t('ui.set.after_s')}
        value={button.window_after_ms / 1000}
        min={0}
        max={600}
        onChange={(value) => put({ window_after_ms: ms_of(value, 1000) })}
      />
      <CheckField
        path={path('merge')}
        label={t('ui.set.merge_label')}
        checked={button.merge}
        onChange={(event) => put({ merge: event.currentTarget.checked })}
      />
      <CheckField
        path={path('score_pad')}
        label={t('ui.set.score_pad')}
        checked={button.score_pad}
        onChange={(event) => put({ score_pad: event.currentTarget.checked })}
      />
      <AreaField
        path={path('prompts')}
        label={t('ui.set.prompts')}
        description={t('ui.set.prompts_what')}
        value={button.prompts}
        onChange={(event) => put({ prompts: event.currentTarget.value })}
      />
      <TextField
        path={path('code')}
        label={t('ui.set.pad_key')}
        description={t('ui.set.pad_key_what')}
        value={button.code}
        onKeyDown={(event) => {
          if (event.key === 'Tab') return;
          // The pad types here: its key is what is wanted, not its letter.
          event.preventDefault();
          put({ code: event.key === 'Backspace' ? '' : event.code });
        }}
        readOnly
      />
      <Button
        kind="ghost"
        icon={IconTrash}
        label={t('ui.set.button_remove', { name: button.label || button.key })}
        onClick={onRemove}
      />
    </fieldset>
  );
}

const fresh = (n: number): MapButton => ({
  key: String(n),
  label: '',
  kind: 'answer',
  question_id: null,
  window_before_ms: 60_000,
  window_after_ms: 60_000,
  merge: false,
  prompts: '',
  code: '',
  score_pad: false,
});

function MapEditor({
  device,
  map,
  zone,
  onClose,
}: {
  device: string;
  map?: ButtonMap;
  zone: string;
  onClose: () => void;
}) {
  const t = useT();
  const [buttons, set_buttons] = useState<MapButton[]>(map?.buttons ?? [fresh(1)]);
  const [day, set_day] = useState(day_key(Date.now(), zone));
  const [time, set_time] = useState('');
  const at = time ? local_instant(day, time, zone) : undefined;
  const change = useChange(
    () =>
      send('post', `/devices/${id_part(device)}/button-maps`, {
        buttons: buttons.map(({ key, label, kind, question_id, window_before_ms, ...rest }) => ({
          key,
          label,
          kind,
          ...(question_id ? { question_id } : {}),
          window_before_ms,
          window_after_ms: rest.window_after_ms,
          merge: rest.merge,
          prompts: rest.prompts,
          code: rest.code,
          score_pad: rest.score_pad,
        })),
        ...(at === undefined ? {} : { valid_from: new Date(at).toISOString() }),
      }),
    ['device'],
    () => {
      said(t('ui.set.saved'))();
      onClose();
    },
  );
  const names = Object.keys(fresh(1));
  return (
    <div className="o-set-wide">
      <Editor
        title={t('ui.set.map_new')}
        change={change}
        paths={['valid_from', ...buttons.flatMap((_, i) => names.map((n) => `buttons[${i}].${n}`))]}
        onSubmit={() => change.mutate(undefined)}
        onClose={onClose}
      >
        <p className="o-2">{t('ui.set.gestures')}</p>
        {buttons.map((button, i) => (
          <Row
            key={i}
            button={button}
            at={i}
            put={(part) =>
              set_buttons(buttons.map((one, k) => (k === i ? { ...one, ...part } : one)))
            }
            onRemove={() => set_buttons(buttons.filter((_, k) => k !== i))}
          />
        ))}
        <div>
          <Button
            icon={IconPlus}
            onClick={() => set_buttons([...buttons, fresh(buttons.length + 1)])}
          >
            {t('ui.set.button_add')}
          </Button>
        </div>
        <div className="o-set-line">
          <DayField path="day" label={t('ui.set.valid_day')} value={day} onChange={set_day} />
          <TimeField
            path="valid_from"
            label={t('ui.set.duty_time')}
            description={t('ui.set.place_now')}
            value={time}
            onChange={set_time}
          />
        </div>
      </Editor>
    </div>
  );
}

export function ButtonMaps({ device, zone }: { device: string; zone: string }) {
  const t = useT();
  const maps = useButtonMaps(device);
  const [editing, set_editing] = useState(false);
  return (
    <Part
      title={t('ui.set.buttons')}
      what={t('ui.set.map_keeps')}
      action={<Button onClick={() => set_editing(true)}>{t('ui.set.map_new')}</Button>}
    >
      <Loaded asking={maps} title={t('ui.set.failed')} rows={4}>
        {(data) => (
          <>
            {editing && (
              <MapEditor
                device={device}
                map={data.items[0]}
                zone={zone}
                onClose={() => set_editing(false)}
              />
            )}
            {data.items.map((map) => (
              <Shown key={map.number} map={map} zone={zone} />
            ))}
          </>
        )}
      </Loaded>
    </Part>
  );
}
