// Asks for a draw: where, from which days, how long. The interval itself cannot be chosen.
import { useState } from 'react';
import { useT } from '../../lib/lang';
import { day_key, start_of_day } from '../../lib/times';
import { Button } from '../../ui/Button';
import { DayField } from '../../ui/DayField';
import { NumberField, SelectField } from '../../ui/Fields';
import { Form, FormError } from '../../ui/Form';
import { is_problem } from '../../api/problem';
import './checks.css';
import { useMakeDraw, usePoints } from './queries';

const browser_zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const day_ms = 86_400_000;

export function DrawForm({ onDrawn, again }: { onDrawn: (id: string) => void; again?: boolean }) {
  const t = useT();
  const points = usePoints().data?.items ?? [];
  const [point, set_point] = useState('');
  const chosen = points.find((one) => one.id === point);
  const zone = chosen?.zone ?? points[0]?.zone ?? browser_zone;
  const today = day_key(Date.now(), zone);
  const [days, set_days] = useState<{ from?: string; to?: string }>({});
  const from = days.from ?? day_key(Date.now() - 6 * day_ms, zone);
  const to = days.to ?? today;
  const [minutes, set_minutes] = useState<number>(2);
  const draw = useMakeDraw(onDrawn);
  const submit = () =>
    draw.mutate({
      point_id: point || null,
      from: new Date(start_of_day(from, zone)).toISOString(),
      to: new Date(Math.min(start_of_day(to, zone, 1), Date.now())).toISOString(),
      length_ms: Math.round(minutes * 60_000),
    });
  const error = is_problem(draw.error)
    ? draw.error.offline
      ? { title: t('ui.error.offline') }
      : draw.error
    : null;
  return (
    <Form onSubmit={submit} error={error} className="o-fields o-draw-form">
      <SelectField
        path="point_id"
        label={t('ui.draw.point')}
        value={point}
        data={[
          { value: '', label: t('ui.draw.any_point') },
          ...points.map((one) => ({ value: one.id, label: one.name })),
        ]}
        onChange={(value) => set_point(value ?? '')}
      />
      <div className="o-draw-row">
        <DayField
          path="from"
          label={t('ui.draw.from')}
          value={from}
          max={to}
          onChange={(next) => set_days({ ...days, from: next || undefined })}
        />
        <DayField
          path="to"
          label={t('ui.draw.to')}
          value={to}
          min={from}
          max={today}
          onChange={(next) => set_days({ ...days, to: next || undefined })}
        />
      </div>
      <NumberField
        path="length_ms"
        label={t('ui.draw.length')}
        value={minutes}
        min={0.5}
        max={30}
        decimalScale={1}
        onChange={(value) => set_minutes(Number(value) || 2)}
      />
      <FormError paths={['point_id', 'from', 'to', 'length_ms']} />
      <div>
        <Button kind={again ? 'plain' : 'primary'} type="submit" busy={draw.isPending}>
          {t(again ? 'ui.draw.again' : 'ui.draw.go')}
        </Button>
      </div>
    </Form>
  );
}
