// How soon things are to be done: the few numbers that make a row late.
import { useState } from 'react';
import { refusal_of } from '../../api/refusal';
import { useT } from '../../lib/lang';
import { Button } from '../../ui/Button';
import { Form, FormError, TextField } from '../../ui/Form';
import { useSetGoals, type Goals as GoalsOf } from './queries';

const names = ['complaint_min', 'signal_min', 'check_min'] as const;
const hour = 60;
/** Hours as people say them: 4, 0,5; the server keeps minutes. */
const shown = (minutes: number) =>
  String(Math.round((minutes / hour) * 100) / 100).replace('.', ',');
const minutes_of = (text: string) => Math.round(Number(text.replace(',', '.')) * hour);

export function Goals({ goals, onClose }: { goals: GoalsOf; onClose: () => void }) {
  const t = useT();
  const [typed, set_typed] = useState(() =>
    Object.fromEntries(names.map((name) => [name, shown(goals[name])])),
  );
  const [response, set_response] = useState(String(goals.response_percent ?? ''));
  const save = useSetGoals(onClose);
  const wrong = names.find((name) => !(minutes_of(typed[name] ?? '') >= 1));
  const refused = refusal_of(save.error);
  return (
    <Form
      className="o-day-goals"
      error={refused}
      onSubmit={() => {
        if (wrong) return;
        save.mutate({
          complaint_min: minutes_of(typed.complaint_min ?? ''),
          signal_min: minutes_of(typed.signal_min ?? ''),
          check_min: minutes_of(typed.check_min ?? ''),
          response_percent: response ? Number(response) : null,
        });
      }}
    >
      {names.map((name) => (
        <TextField
          key={name}
          path={name}
          label={t(`ui.day.goal.${name}`)}
          inputMode="decimal"
          value={typed[name]}
          maxLength={6}
          onChange={(event) => {
            const { value } = event.currentTarget;
            set_typed((now) => ({ ...now, [name]: value }));
          }}
        />
      ))}
      <TextField
        path="response_percent"
        label={t('ui.day.goal.response_percent')}
        inputMode="numeric"
        value={response}
        maxLength={3}
        onChange={(event) => set_response(event.currentTarget.value.replace(/\D/g, ''))}
      />
      <FormError paths={[...names, 'response_percent']} />
      <div className="o-row">
        <Button
          kind="primary"
          type="submit"
          busy={save.isPending}
          reason={wrong ? t('ui.day.goal_wrong') : undefined}
        >
          {t('ui.day.save')}
        </Button>
        <Button kind="ghost" onClick={onClose}>
          {t('ui.cancel')}
        </Button>
      </div>
    </Form>
  );
}
