// The only form a fresh server shows: company, point, lawful basis, administrator.
import { useState } from 'react';
import { refusal_of } from '../../api/refusal';
import { lang, t as word, useT } from '../../lib/lang';
import { Button } from '../../ui/Button';
import { AreaField, NumberField, SelectField } from '../../ui/Fields';
import { Form, FormError, PasswordField, TextField } from '../../ui/Form';
import { Skeleton } from '../../ui/States';
import { Badge } from '../../ui/StateWord';
import { Gate } from './Gate';
import './first_run.css';
import { useFirstRun, useZones, type FirstRun } from './queries';
import { browser_zone, likely_zone, zone_choices } from './zones';

const texts = ['company_name', 'site_name', 'point_name'] as const;
const labels = {
  company_name: 'ui.first_run.company',
  site_name: 'ui.first_run.site',
  point_name: 'ui.first_run.point',
} as const;
const helps = {
  company_name: undefined,
  site_name: 'ui.first_run.site_help',
  point_name: 'ui.first_run.point_help',
} as const;
const grounds = ['ground', 'notice', 'signage', 'consent'] as const;

function blank(): FirstRun {
  return {
    setup_code: new URLSearchParams(window.location.search).get('code') ?? '',
    company_name: '',
    site_name: '',
    zone: '',
    point_name: '',
    person_name: '',
    login: '',
    password: '',
    language: lang(),
    basis: {
      ground: word('ui.first_run.ground_text'),
      notice: word('ui.first_run.notice_text'),
      signage: word('ui.first_run.signage_text'),
      consent: word('ui.first_run.consent_text'),
      retention_days: 90,
    },
  };
}
const all_paths = [
  'setup_code',
  ...texts,
  'zone',
  'person_name',
  'login',
  'password',
  ...[...grounds, 'retention_days'].map((name) => `basis.${name}`),
];

interface Part {
  typed: FirstRun;
  put: (change: Partial<FirstRun>) => void;
}

function Place({ typed, put }: Part) {
  const t = useT();
  const zones = useZones();
  const items = zones.data?.items ?? [];
  return (
    <fieldset>
      <legend>{t('ui.first_run.place')}</legend>
      {texts.map((name) => (
        <TextField
          key={name}
          path={name}
          label={t(labels[name])}
          description={helps[name] && t(helps[name])}
          value={typed[name]}
          onChange={(event) => put({ [name]: event.currentTarget.value })}
        />
      ))}
      {zones.isPending ? (
        <Skeleton rows={1} height={60} />
      ) : (
        <SelectField
          path="zone"
          label={t('ui.first_run.zone')}
          data={zone_choices(items)}
          value={typed.zone || likely_zone(items, browser_zone()) || null}
          searchable
          limit={200}
          nothingFoundMessage={t('ui.first_run.zone_none')}
          onChange={(zone) => put({ zone: zone ?? '' })}
        />
      )}
    </fieldset>
  );
}

function Basis({ typed, put }: Part) {
  const t = useT();
  const set = (change: Partial<FirstRun['basis']>) => put({ basis: { ...typed.basis, ...change } });
  return (
    <fieldset>
      <legend>
        {t('ui.first_run.basis')} <Badge>{t('ui.first_run.lawyer')}</Badge>
      </legend>
      <p className="o-2">{t('ui.first_run.basis_why')}</p>
      {grounds.map((name) => (
        <AreaField
          key={name}
          path={`basis.${name}`}
          label={t(`ui.first_run.${name}`)}
          value={typed.basis[name]}
          onChange={(event) => set({ [name]: event.currentTarget.value })}
        />
      ))}
      <NumberField
        path="basis.retention_days"
        label={t('ui.first_run.days')}
        value={typed.basis.retention_days}
        min={1}
        max={3650}
        allowDecimal={false}
        onChange={(days) => set({ retention_days: Number(days) || 0 })}
      />
    </fieldset>
  );
}

function Administrator({ typed, put }: Part) {
  const t = useT();
  return (
    <fieldset>
      <legend>{t('ui.first_run.person')}</legend>
      <TextField
        path="person_name"
        label={t('ui.first_run.person_name')}
        value={typed.person_name}
        autoComplete="name"
        onChange={(event) => put({ person_name: event.currentTarget.value })}
      />
      <TextField
        path="login"
        label={t('ui.first_run.login')}
        value={typed.login}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        onChange={(event) => put({ login: event.currentTarget.value })}
      />
      <PasswordField
        path="password"
        label={t('ui.first_run.password')}
        description={t('ui.first_run.password_help')}
        value={typed.password}
        autoComplete="new-password"
        onChange={(event) => put({ password: event.currentTarget.value })}
        visibilityToggleButtonProps={{ 'aria-label': t('ui.sign_in.show') }}
      />
    </fieldset>
  );
}

/** The first field left empty, as the server would name it. */
export function first_empty(typed: FirstRun): string | null {
  const basis = grounds.find((name) => typed.basis[name].trim() === '');
  const own = (['setup_code', ...texts, 'zone', 'person_name', 'login', 'password'] as const).find(
    (name) => typed[name].trim() === '',
  );
  return own ?? (basis ? `basis.${basis}` : null);
}

export function FirstRunPage({ onDone }: { onDone: () => void }) {
  const t = useT();
  const zones = useZones();
  const [typed, set_typed] = useState(blank);
  const [empty, set_empty] = useState<string | null>(null);
  const making = useFirstRun(onDone);
  const put = (change: Partial<FirstRun>) => set_typed((now) => ({ ...now, ...change }));
  const submit = () => {
    const zone = typed.zone || likely_zone(zones.data?.items ?? [], browser_zone());
    const whole = { ...typed, zone, language: lang() };
    const missing = first_empty(whole);
    set_empty(missing);
    if (!missing) making.mutate(whole);
  };
  const error = empty
    ? { title: t('ui.first_run.all_needed'), field: empty }
    : refusal_of(making.error);
  return (
    <Gate title={t('ui.first_run.title')} what={t('ui.first_run.what')} wide>
      <Form onSubmit={submit} error={error} className="o-first">
        <TextField
          path="setup_code"
          label={t('ui.first_run.code')}
          description={t('ui.first_run.code_help')}
          value={typed.setup_code}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => put({ setup_code: event.currentTarget.value })}
        />
        <Place typed={typed} put={put} />
        <Basis typed={typed} put={put} />
        <Administrator typed={typed} put={put} />
        <FormError paths={all_paths} />
        <Button kind="primary" type="submit" grow busy={making.isPending}>
          {t('ui.first_run.create')}
        </Button>
      </Form>
    </Gate>
  );
}
