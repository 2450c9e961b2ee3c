// How the company sends mail, a letter to try it, and what became of the last letters.
import { IconAlertCircle, IconCheck, IconClock, IconMailForward } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get, send } from '../../api/call';
import type { Given } from '../../api/types';
import { t as word, text_of, useT } from '../../lib/lang';
import { exact, when } from '../../lib/times';
import { Button } from '../../ui/Button';
import { AreaField, NumberField, SelectField, SwitchField } from '../../ui/Fields';
import { Form, FormError, PasswordField, TextField } from '../../ui/Form';
import { Loaded } from '../../ui/Loaded';
import { StateWord } from '../../ui/StateWord';
import { TimeField } from '../../ui/TimeField';
import { Editor, Part, said, useChange } from './kit';

type Mail = Given<'MailView'>;
type Tried = Given<'MailTestView'>;
type Line = Given<'OutboxRow'>;
type Tls = Mail['tls'];
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

const ports: Record<Tls, number> = { starttls: 587, implicit: 465, none: 25 };
const fields = [
  'host',
  'port',
  'tls',
  'login',
  'password',
  'from_address',
  'from_name',
  'desk_url',
  'quiet_begin_min',
  'quiet_end_min',
  'authority',
] as const;

const clock_of = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
const minutes_of = (clock: string) => {
  const [hours = '0', minutes = '0'] = clock.split(':');
  return Number(hours) * 60 + Number(minutes);
};

/** What happened and what to do, by the code of the server. */
const told_of = (code: string) => text_of(`ui.set.mail_code.${code}`) ?? code;

function start_of(mail: Mail) {
  const fresh = {
    host: '',
    port: ports.starttls,
    tls: 'starttls' as Tls,
    login: '',
    from_address: '',
    from_name: word('ui.set.mail_from_usual'),
    desk_url: window.location.origin,
    quiet_begin_min: 22 * 60,
    quiet_end_min: 8 * 60,
    sends: true,
    authority: '',
  };
  return mail.is_set ? mail : fresh;
}

function MailForm({ mail }: { mail: Mail }) {
  const t = useT();
  const [typed, set_typed] = useState(() => ({ ...start_of(mail), password: '' }));
  const put = (change: Partial<typeof typed>) => set_typed((held) => ({ ...held, ...change }));
  const text = (name: 'host' | 'login' | 'from_address' | 'from_name' | 'desk_url') => ({
    path: name,
    label: t(`ui.set.mail_${name}`),
    value: typed[name],
    onChange: (event: { currentTarget: { value: string } }) => {
      put({ [name]: event.currentTarget.value });
    },
  });
  const save = useChange(
    () => {
      const body = {
        host: typed.host,
        port: typed.port,
        tls: typed.tls,
        login: typed.login,
        authority: typed.authority,
        from_address: typed.from_address,
        from_name: typed.from_name,
        desk_url: typed.desk_url,
        quiet_begin_min: typed.quiet_begin_min,
        quiet_end_min: typed.quiet_end_min,
        sends: typed.sends,
        ...(typed.password || !typed.login ? { password: typed.password } : {}),
      };
      return send('put', '/settings/mail', body, mail.is_set ? mail.version : undefined);
    },
    ['mail'],
    said(t('ui.set.saved')),
  );
  return (
    <Editor change={save} paths={fields} onSubmit={() => save.mutate(undefined)}>
      <TextField {...text('host')} placeholder="smtp.yandex.ru" maxLength={253} />
      <SelectField
        path="tls"
        label={t('ui.set.mail_tls')}
        data={(Object.keys(ports) as Tls[]).map((value) => ({
          value,
          label: t(`ui.set.mail_tls_${value}`),
        }))}
        value={typed.tls}
        onChange={(value) => put({ tls: value as Tls, port: ports[value as Tls] })}
      />
      <NumberField
        path="port"
        label={t('ui.set.mail_port')}
        value={typed.port}
        min={1}
        max={65_535}
        allowDecimal={false}
        onChange={(value) => put({ port: Number(value) || 0 })}
      />
      <TextField {...text('login')} autoComplete="off" maxLength={254} />
      <PasswordField
        path="password"
        label={t('ui.set.mail_password')}
        description={mail.has_password ? t('ui.set.mail_password_kept') : undefined}
        value={typed.password}
        autoComplete="new-password"
        maxLength={500}
        onChange={(event) => put({ password: event.currentTarget.value })}
      />
      <TextField {...text('from_address')} type="email" maxLength={254} />
      <TextField {...text('from_name')} maxLength={100} />
      <TextField {...text('desk_url')} description={t('ui.set.mail_desk_url_what')} />
      <TimeField
        path="quiet_begin_min"
        label={t('ui.set.mail_quiet_begin')}
        description={t('ui.set.mail_quiet_what')}
        value={clock_of(typed.quiet_begin_min)}
        onChange={(time) => time && put({ quiet_begin_min: minutes_of(time) })}
      />
      <TimeField
        path="quiet_end_min"
        label={t('ui.set.mail_quiet_end')}
        value={clock_of(typed.quiet_end_min)}
        onChange={(time) => time && put({ quiet_end_min: minutes_of(time) })}
      />
      <details>
        <summary>{t('ui.set.mail_own_server')}</summary>
        <AreaField
          path="authority"
          label={t('ui.set.mail_authority')}
          description={t('ui.set.mail_authority_what')}
          value={typed.authority}
          maxRows={8}
          onChange={(event) => put({ authority: event.currentTarget.value })}
        />
      </details>
      <SwitchField
        path="sends"
        label={t('ui.set.mail_sends')}
        checked={typed.sends}
        onChange={(event) => put({ sends: event.currentTarget.checked })}
      />
    </Editor>
  );
}

function Answer({ tried }: { tried: Tried }) {
  const t = useT();
  return (
    <div role="status" className="o-set-answer">
      <StateWord
        icon={tried.sent ? IconCheck : IconAlertCircle}
        tone={tried.sent ? 'green' : 'red'}
      >
        {told_of(tried.code)}
      </StateWord>
      {tried.words && (
        <p className="o-2">
          {t('ui.set.mail_words')} <code>{tried.words}</code>
        </p>
      )}
    </div>
  );
}

function Trial({ mail }: { mail: Mail }) {
  const t = useT();
  const [to, set_to] = useState(mail.own_address);
  const trial = useChange(
    async () => (await send<Tried>('post', '/settings/mail/test', { to })).data,
    ['mail'],
  );
  return (
    <Part title={t('ui.set.mail_trial')} what={t('ui.set.mail_trial_what')}>
      <Form
        className="o-set-line o-set-trial"
        error={trial.refused}
        onSubmit={() => trial.mutate(undefined)}
      >
        <TextField
          path="to"
          label={t('ui.set.mail_to')}
          type="email"
          value={to}
          maxLength={254}
          onChange={(event) => set_to(event.currentTarget.value)}
        />
        <Button type="submit" icon={IconMailForward} busy={trial.isPending}>
          {t('ui.set.mail_try')}
        </Button>
        <FormError paths={['to']} />
      </Form>
      {trial.data && !trial.isPending && <Answer tried={trial.data} />}
    </Part>
  );
}

const state_looks = {
  waiting: { icon: IconClock, tone: 'amber' },
  sending: { icon: IconClock, tone: 'amber' },
  sent: { icon: IconCheck, tone: 'green' },
  failed: { icon: IconAlertCircle, tone: 'red' },
  dropped: { icon: IconCheck, tone: 'quiet' },
} as const;

function Sent({ line }: { line: Line }) {
  const look = state_looks[line.state];
  return (
    <li className="o-mail-line">
      <StateWord icon={look.icon} tone={look.tone} small>
        {word(`ui.set.mail_state_${line.state}`)}
      </StateWord>
      <span className="o-3 o-s" title={exact(line.made_at, zone)}>
        {when(line.made_at, zone, Date.now(), true)} · {line.to_name}
      </span>
      <span className="o-mail-what">{line.line}</span>
      {line.reason && (
        <span className="o-2 o-s o-mail-what" title={line.reason_words}>
          {told_of(line.reason)}
        </span>
      )}
    </li>
  );
}

function Outbox() {
  const t = useT();
  const asked = useQuery({
    queryKey: ['mail', 'outbox'],
    queryFn: () => get<Given<'OutboxView'>>('/settings/mail/outbox'),
    refetchInterval: 15_000,
  });
  return (
    <Part title={t('ui.set.mail_outbox')}>
      <Loaded asking={asked} title={t('ui.set.failed')} rows={2}>
        {({ items }) =>
          items.length > 0 ? (
            <ul className="o-mail-lines" aria-label={t('ui.set.mail_outbox')}>
              {items.map((one) => (
                <Sent key={one.id} line={one} />
              ))}
            </ul>
          ) : (
            <p className="o-3">{t('ui.set.mail_outbox_none')}</p>
          )
        }
      </Loaded>
    </Part>
  );
}

function Trouble({ mail }: { mail: Mail }) {
  const t = useT();
  if (!mail.trouble_code || !mail.trouble_since) return null;
  return (
    <div className="o-set-answer" role="alert">
      <StateWord icon={IconAlertCircle} tone="red">
        {t('ui.set.mail_trouble', {
          at: when(mail.trouble_since, zone, Date.now(), true),
          what: told_of(mail.trouble_code),
        })}
      </StateWord>
      {mail.trouble_words && (
        <p className="o-2">
          {t('ui.set.mail_words')} <code>{mail.trouble_words}</code>
        </p>
      )}
    </div>
  );
}

export function MailPart() {
  const t = useT();
  const asked = useQuery({
    queryKey: ['mail', 'server'],
    queryFn: () => get<Mail>('/settings/mail'),
  });
  return (
    <Loaded asking={asked} title={t('ui.set.failed')} rows={6} height={44}>
      {(mail) => (
        <>
          <Part title={t('ui.set.mail_server')} what={t('ui.set.mail_what')}>
            <Trouble mail={mail} />
            <MailForm key={mail.version} mail={mail} />
          </Part>
          {mail.is_set && <Trial mail={mail} />}
          {mail.is_set && <Outbox />}
        </>
      )}
    </Loaded>
  );
}
