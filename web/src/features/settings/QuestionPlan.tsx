// Which shift asks which question: by point, days of the week and dates.
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { id_part, send } from '../../api/call';
import { locale, useT } from '../../lib/lang';
import { day_text } from '../../lib/times';
import { Button } from '../../ui/Button';
import { DayField } from '../../ui/DayField';
import { CheckField, SelectField } from '../../ui/Fields';
import { Loaded } from '../../ui/Loaded';
import { complain, Editor, Part, said, useChange } from './kit';
import { usePlan, usePoints, useQuestions, type Planned } from './queries';

const every_day = 127;

/** Short names of the days, Monday first: 1970-01-05 was one. */
export function weekday_names(tag: string): string[] {
  const form = new Intl.DateTimeFormat(tag, { weekday: 'short', timeZone: 'UTC' });
  return [0, 1, 2, 3, 4, 5, 6].map((day) => form.format(new Date(Date.UTC(1970, 0, 5 + day))));
}

function Line({ planned }: { planned: Planned }) {
  const t = useT();
  const drop = useChange(() => send('delete', `/question-plan/${id_part(planned.id)}`), ['plan']);
  const days =
    planned.weekdays === every_day
      ? t('ui.set.plan_daily')
      : weekday_names(locale())
          .filter((_, day) => ((planned.weekdays ?? every_day) >> day) & 1)
          .join(', ');
  const dates = [planned.day_from, planned.day_to]
    .filter((day) => day != null)
    .map(day_text)
    .join('–');
  return (
    <li>
      <div className="o-plan-line">
        <span>{planned.question_text}</span>
        <span className="o-2">{planned.point_name ?? t('ui.set.plan_everywhere')}</span>
        <span className="o-3">{[days, dates].filter(Boolean).join('; ')}</span>
        <Button
          kind="ghost"
          icon={IconTrash}
          label={t('ui.set.plan_drop', { text: planned.question_text })}
          onClick={() => drop.mutate(undefined, { onError: complain })}
        />
      </div>
    </li>
  );
}

export function QuestionPlan() {
  const t = useT();
  const plan = usePlan();
  const questions = useQuestions().data?.items ?? [];
  const points = usePoints().data?.items ?? [];
  const [question, set_question] = useState('');
  const [point, set_point] = useState('');
  const [weekdays, set_weekdays] = useState(every_day);
  const [from, set_from] = useState('');
  const [to, set_to] = useState('');
  const add = useChange(
    () =>
      send('post', '/question-plan', {
        question_id: question || questions[0]?.id,
        weekdays,
        ...(point ? { point_id: point } : {}),
        ...(from ? { day_from: from } : {}),
        ...(to ? { day_to: to } : {}),
      }),
    ['plan'],
    said(t('ui.set.saved')),
  );
  return (
    <Part title={t('ui.set.plan')} what={t('ui.set.plan_what')}>
      <Loaded asking={plan} title={t('ui.set.failed')}>
        {(data) => (
          <ul className="o-set-rows">
            {data.items.map((one) => (
              <Line key={one.id} planned={one} />
            ))}
            {data.items.length === 0 && <li className="o-3">{t('ui.set.plan_none')}</li>}
          </ul>
        )}
      </Loaded>
      {questions.length > 0 && (
        <Editor
          change={add}
          paths={['question_id', 'point_id', 'weekdays', 'day_from', 'day_to']}
          save={t('ui.set.plan_add')}
          onSubmit={() => add.mutate(undefined)}
        >
          <SelectField
            path="question_id"
            label={t('ui.set.question')}
            value={question || (questions[0]?.id ?? null)}
            data={questions.map((one) => ({ value: one.id, label: one.text }))}
            onChange={(value) => set_question(value ?? '')}
          />
          <SelectField
            path="point_id"
            label={t('ui.inbox.point')}
            value={point}
            data={[
              { value: '', label: t('ui.set.plan_everywhere') },
              ...points.map((one) => ({ value: one.id, label: one.name })),
            ]}
            onChange={(value) => set_point(value ?? '')}
          />
          <div className="o-set-days" role="group" aria-label={t('ui.set.plan_days')}>
            {weekday_names(locale()).map((name, day) => (
              <CheckField
                key={name}
                path={day === 0 ? 'weekdays' : `weekdays.${day}`}
                label={name}
                checked={Boolean((weekdays >> day) & 1)}
                onChange={() => set_weekdays(weekdays ^ (1 << day))}
              />
            ))}
          </div>
          <div className="o-set-line">
            <DayField
              path="day_from"
              label={t('ui.set.plan_from')}
              value={from}
              max={to || undefined}
              onChange={set_from}
            />
            <DayField
              path="day_to"
              label={t('ui.set.plan_to')}
              value={to}
              min={from || undefined}
              onChange={set_to}
            />
          </div>
        </Editor>
      )}
    </Part>
  );
}
