// The profile of a point: part of the site, what it is, how many customers come, open hours.
import { useState } from 'react';
import { id_part, send } from '../../api/call';
import { locale, useT } from '../../lib/lang';
import { CheckField, SelectField } from '../../ui/Fields';
import { TextField } from '../../ui/Form';
import { TimeField } from '../../ui/TimeField';
import { Editor, Part, said, useChange } from './kit';
import { hours_of_rows, rows_of_hours, types, flows, type DayHours } from './point_hours';
import { weekday_names } from './QuestionPlan';
import type { Point } from './queries';

function Day({
  name,
  day,
  at,
  put,
}: {
  name: string;
  day: DayHours;
  at: number;
  put: (next: DayHours) => void;
}) {
  const t = useT();
  const time = (key: 'opens' | 'closes', label: string) => (
    <TimeField
      path={`hours.${at}.${key}`}
      aria-label={label}
      disabled={!day.open}
      value={day[key]}
      onChange={(hour) => put({ ...day, [key]: hour })}
    />
  );
  return (
    <div className="o-set-hours">
      <CheckField
        path={`hours.${at}`}
        label={name}
        checked={day.open}
        onChange={(event) => put({ ...day, open: event.currentTarget.checked })}
      />
      {time('opens', t('ui.set.hours_from', { day: name }))}
      <span aria-hidden>–</span>
      {time('closes', t('ui.set.hours_to', { day: name }))}
    </div>
  );
}

export function PointProfile({ point }: { point: Point }) {
  const t = useT();
  const [area, set_area] = useState(point.area);
  const [type, set_type] = useState<Point['point_type']>(point.point_type);
  const [flow, set_flow] = useState<Point['flow_class']>(point.flow_class);
  const [week, set_week] = useState(() => hours_of_rows(point.hours));
  const change = useChange(
    () =>
      send(
        'put',
        `/points/${id_part(point.id)}`,
        {
          name: point.name,
          give_up_after_ms: point.give_up_after_ms,
          area,
          point_type: type,
          flow_class: flow,
          hours: rows_of_hours(week),
        },
        point.version,
      ),
    ['point'],
    said(t('ui.set.saved')),
  );
  return (
    <Part title={t('ui.set.profile')} what={t('ui.set.profile_what')}>
      <Editor
        change={change}
        paths={['area', 'point_type', 'flow_class']}
        onSubmit={() => change.mutate(undefined)}
      >
        <TextField
          path="area"
          label={t('ui.set.area')}
          description={t('ui.set.area_help')}
          value={area}
          maxLength={100}
          onChange={(event) => set_area(event.currentTarget.value)}
        />
        <SelectField
          path="point_type"
          label={t('ui.set.point_type')}
          value={type}
          data={types.map((one) => ({ value: one, label: t(`ui.set.type.${one}`) }))}
          onChange={(value) => set_type(value as Point['point_type'])}
        />
        <SelectField
          path="flow_class"
          label={t('ui.set.flow')}
          value={flow}
          data={flows.map((one) => ({ value: one, label: t(`ui.set.flow.${one}`) }))}
          onChange={(value) => set_flow(value as Point['flow_class'])}
        />
        <fieldset className="o-set-week">
          <legend>{t('ui.set.hours')}</legend>
          <p className="o-3 o-s">{t('ui.set.hours_help')}</p>
          {weekday_names(locale()).map((name, at) => (
            <Day
              key={at}
              name={name}
              at={at}
              day={week[at] as DayHours}
              put={(next) => set_week(week.map((one, i) => (i === at ? next : one)))}
            />
          ))}
        </fieldset>
      </Editor>
    </Part>
  );
}
