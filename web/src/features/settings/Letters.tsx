// Which letters I want, and after how long something is an alarm.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get, send } from '../../api/call';
import type { Given } from '../../api/types';
import { useT } from '../../lib/lang';
import { CheckField, NumberField, SwitchField } from '../../ui/Fields';
import { Loaded } from '../../ui/Loaded';
import { Editor, Part, said, useChange } from './kit';

type Choices = Given<'ChoicesView'>;
type Choice = Choices['items'][number];
type Topic = Choice['topic'];
type Rules = Given<'RulesView'>;
const topics: readonly Topic[] = ['recording', 'files', 'sound', 'cleared', 'response'];
const limits = {
  stopped_min: [1, 240],
  not_started_min: [1, 720],
  file_min: [10, 2880],
  sound_min: [10, 240],
  clear_min: [0, 60],
} as const;
type Limit = keyof typeof limits;

function Mine({ held, may_operate }: { held: Choices; may_operate: boolean }) {
  const t = useT();
  const [items, set_items] = useState<Choice[]>(held.items);
  const save = useChange(
    () => send('put', '/me/notices', { items }),
    ['notices'],
    said(t('ui.set.saved')),
  );
  const put = (topic: Topic, on: boolean, at_night: boolean) =>
    set_items([
      ...items.filter((one) => one.topic !== topic),
      ...(on ? [{ topic, at_night }] : []),
    ]);
  const where = held.address
    ? t('ui.set.letters_to', { address: held.address })
    : t('ui.set.letters_no_address');
  return (
    <Part title={t('ui.set.letters_mine')} what={where}>
      {!held.mail_is_set && <p className="o-amber">{t('ui.set.letters_no_mail')}</p>}
      <Editor change={save} paths={[]} onSubmit={() => save.mutate(undefined)}>
        {(may_operate ? [...topics, 'server' as const] : topics).map((topic) => {
          const chosen = items.find((one) => one.topic === topic);
          return (
            <div key={topic} className="o-set-letter">
              <CheckField
                path={topic}
                label={t(`ui.set.letters_${topic}`)}
                checked={Boolean(chosen)}
                disabled={!held.address}
                onChange={(event) =>
                  put(topic, event.currentTarget.checked, chosen?.at_night ?? false)
                }
              />
              {chosen && (
                <CheckField
                  path={`${topic}_night`}
                  label={t('ui.set.letters_at_night')}
                  checked={chosen.at_night}
                  onChange={(event) => put(topic, true, event.currentTarget.checked)}
                />
              )}
            </div>
          );
        })}
      </Editor>
    </Part>
  );
}

function Limits({ held }: { held: Rules }) {
  const t = useT();
  const [rules, set_rules] = useState(held);
  const names = Object.keys(limits) as Limit[];
  const save = useChange(
    () => send('put', '/settings/alarms', rules),
    ['alarm_rules', 'alarm'],
    said(t('ui.set.saved')),
  );
  return (
    <Part title={t('ui.set.alarms')} what={t('ui.set.alarms_what')}>
      <Editor change={save} paths={names} onSubmit={() => save.mutate(undefined)}>
        <SwitchField
          path="on"
          label={t('ui.set.alarms_on')}
          checked={rules.on}
          onChange={(event) => {
            const { checked } = event.currentTarget;
            set_rules({ ...rules, on: checked });
          }}
        />
        {names.map((name) => (
          <NumberField
            key={name}
            path={name}
            label={t(`ui.set.alarms_${name}`)}
            value={rules[name]}
            min={limits[name][0]}
            max={limits[name][1]}
            allowDecimal={false}
            onChange={(value) => set_rules({ ...rules, [name]: Number(value) || 0 })}
          />
        ))}
      </Editor>
    </Part>
  );
}

export function LettersPart({
  may_manage,
  may_operate,
}: {
  may_manage: boolean;
  may_operate: boolean;
}) {
  const t = useT();
  const mine = useQuery({
    queryKey: ['notices'],
    queryFn: () => get<Choices>('/me/notices'),
  });
  const rules = useQuery({
    queryKey: ['alarm_rules'],
    queryFn: () => get<Rules>('/settings/alarms'),
    enabled: may_manage,
  });
  return (
    <>
      <Loaded asking={mine} title={t('ui.set.failed')} rows={4} height={44}>
        {(held) => <Mine key={JSON.stringify(held.items)} held={held} may_operate={may_operate} />}
      </Loaded>
      {may_manage && (
        <Loaded asking={rules} title={t('ui.set.failed')} rows={4} height={44}>
          {(held) => <Limits key={JSON.stringify(held)} held={held} />}
        </Loaded>
      )}
    </>
  );
}
