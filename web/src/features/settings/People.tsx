// People and their accounts; a password made by the server is shown once.
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { id_part, send } from '../../api/call';
import { text_of, useT } from '../../lib/lang';
import { Button } from '../../ui/Button';
import { ConfirmButton } from '../../ui/Confirm';
import { SelectField, SwitchField } from '../../ui/Fields';
import { TextField } from '../../ui/Form';
import { Loaded } from '../../ui/Loaded';
import { complain, Editor, ListExport, Part, said, Secret, useChange } from './kit';
import { useAccounts, usePeople, useUnits, type Account, type Person } from './queries';

const person_fields = [
  { path: 'name', label: 'ui.people.name' },
  { path: 'position', label: 'ui.people.position' },
  { path: 'personnel_number', label: 'ui.people.number' },
  { path: 'phone', label: 'ui.people.phone' },
  { path: 'email', label: 'ui.people.email' },
] as const;

const roles = ['administrator', 'checker', 'employee'] as const;

function PersonEditor({ person, onClose }: { person?: Person; onClose: () => void }) {
  const t = useT();
  const [typed, set_typed] = useState({
    name: person?.name ?? '',
    position: person?.position ?? '',
    personnel_number: person?.personnel_number ?? '',
    phone: person?.phone_shown ?? '',
    email: person?.email ?? '',
  });
  const put = (change: Partial<typeof typed>) => set_typed({ ...typed, ...change });
  const change = useChange(
    (more: { archived?: boolean }) => {
      const body = { ...typed, ...more };
      return person
        ? send('put', `/people/${id_part(person.id)}`, body)
        : send('post', '/people', body);
    },
    ['person', 'account'],
    () => {
      said(t('ui.set.saved'))();
      onClose();
    },
  );
  return (
    <Editor
      title={t(person ? 'ui.people.change' : 'ui.people.new')}
      change={change}
      paths={person_fields.map(({ path }) => path)}
      onSubmit={() => change.mutate({})}
      onClose={onClose}
    >
      {person_fields.map(({ path, label }) => (
        <TextField
          key={path}
          path={path}
          label={t(label)}
          value={typed[path]}
          onChange={(event) => put({ [path]: event.currentTarget.value })}
        />
      ))}
      {person && (
        <div>
          <Button
            kind="ghost"
            onClick={() => change.mutate({ archived: person.archived_at === null })}
          >
            {t(person.archived_at ? 'ui.set.unarchive' : 'ui.set.archive')}
          </Button>
        </div>
      )}
    </Editor>
  );
}

/** Digits that start a shift at a panel; they are shown to nobody afterwards. */
function Pin({ person }: { person: Person }) {
  const t = useT();
  const [pin, set_pin] = useState('');
  const change = useChange(
    (digits: string) => send('put', `/people/${id_part(person.id)}/pin`, { pin: digits }),
    ['person'],
    () => {
      set_pin('');
      said(t('ui.set.saved'))();
    },
  );
  return (
    <Editor
      change={change}
      paths={['pin']}
      save={t('ui.people.pin_set')}
      onSubmit={() => pin && change.mutate(pin)}
    >
      <TextField
        path="pin"
        label={t('ui.people.pin')}
        description={t(person.has_pin ? 'ui.people.pin_there' : 'ui.people.pin_what')}
        value={pin}
        inputMode="numeric"
        autoComplete="off"
        maxLength={8}
        onChange={(event) => set_pin(event.currentTarget.value)}
      />
      {person.has_pin && (
        <div>
          <Button kind="ghost" onClick={() => change.mutate('')}>
            {t('ui.people.pin_drop')}
          </Button>
        </div>
      )}
    </Editor>
  );
}

function usePlaces() {
  const t = useT();
  const units = useUnits().data?.items ?? [];
  const root = units.find((one) => !one.parent_id);
  return [
    { value: '', label: t('ui.people.whole_company') },
    ...units.filter((one) => one !== root).map((one) => ({ value: one.id, label: one.name })),
  ];
}

function AccountEditor({
  account,
  people,
  onSecret,
  onClose,
}: {
  account?: Account;
  people: readonly Person[];
  onSecret: (password: string) => void;
  onClose: () => void;
}) {
  const t = useT();
  const places = usePlaces();
  const known = account?.units.map((one) => one.unit) ?? [];
  const held = known.find((unit) => places.some((one) => one.value === unit)) ?? '';
  const [typed, set_typed] = useState({
    person_id: account?.person_id ?? '',
    login: account?.login ?? '',
    role: account?.role ?? 'checker',
    language: account?.language ?? 'ru',
    unit: held,
    disabled: Boolean(account?.disabled_at),
  });
  const put = (change: Partial<typeof typed>) => set_typed({ ...typed, ...change });
  const { unit, disabled, person_id, login, ...rest } = typed;
  // Several units stay as they are until the choice here is changed.
  const units = unit === held && account ? account.units : unit ? [{ unit }] : [];
  const change = useChange(
    async () => {
      if (account) {
        const body = { ...rest, units, disabled };
        await send('put', `/accounts/${id_part(account.id)}`, body, account.version);
        return '';
      }
      const body = { ...rest, person_id, login, units };
      return (await send<{ password: string }>('post', '/accounts', body)).data.password;
    },
    ['account'],
    (password) => {
      if (password) onSecret(password);
      else said(t('ui.set.saved'))();
      onClose();
    },
  );
  return (
    <Editor
      title={t(account ? 'ui.people.account_change' : 'ui.people.account_new')}
      change={change}
      paths={['person_id', 'login', 'role', 'language', 'units', 'disabled']}
      onSubmit={() => change.mutate(undefined)}
      onClose={onClose}
    >
      {!account && (
        <>
          <SelectField
            path="person_id"
            label={t('ui.people.who')}
            searchable
            value={person_id || null}
            data={people
              .filter((one) => !one.archived_at)
              .map((one) => ({ value: one.id, label: one.name }))}
            onChange={(value) => put({ person_id: value ?? '' })}
          />
          <TextField
            path="login"
            label={t('ui.first_run.login')}
            value={login}
            autoComplete="off"
            onChange={(event) => put({ login: event.currentTarget.value })}
          />
        </>
      )}
      <SelectField
        path="role"
        label={t('ui.people.role')}
        description={text_of(`ui.people.role_help.${typed.role}`)}
        value={typed.role}
        data={roles.map((value) => ({ value, label: t(`ui.role.${value}`) }))}
        onChange={(value) => put({ role: (value ?? 'employee') as Account['role'] })}
      />
      <SelectField
        path="units"
        label={t('ui.people.units')}
        value={unit}
        data={places}
        onChange={(value) => put({ unit: value ?? '' })}
      />
      <SelectField
        path="language"
        label={t('ui.account.language')}
        value={typed.language}
        data={[
          { value: 'ru', label: t('ui.lang.ru') },
          { value: 'en', label: t('ui.lang.en') },
        ]}
        onChange={(value) => put({ language: (value ?? 'ru') as Account['language'] })}
      />
      {account && (
        <SwitchField
          path="disabled"
          label={t('ui.people.disabled_label')}
          checked={disabled}
          onChange={(event) => put({ disabled: event.currentTarget.checked })}
        />
      )}
    </Editor>
  );
}

function AccountRow({
  account,
  people,
  onSecret,
}: {
  account: Account;
  people: readonly Person[];
  onSecret: (password: string) => void;
}) {
  const t = useT();
  const [open, set_open] = useState(false);
  const renew = useChange(
    () => send<{ password: string }>('post', `/accounts/${id_part(account.id)}/password`),
    ['account'],
    ({ data }) => onSecret(data.password),
  );
  return (
    <li>
      <div>
        <span className="o-m o-cut">{account.person_name}</span>
        <span className="o-2 o-cut">
          {account.login}, {text_of(`ui.role.${account.role}`) ?? account.role}
        </span>
        {account.disabled_at && <span className="o-amber">{t('ui.people.disabled')}</span>}
        <span className="o-set-do">
          <ConfirmButton
            kind="ghost"
            question={t('ui.people.renew_ask')}
            yes={t('ui.people.renew')}
            onConfirm={() => renew.mutate(undefined, { onError: complain })}
          >
            {t('ui.people.renew')}
          </ConfirmButton>
          <Button kind="ghost" onClick={() => set_open(!open)} aria-expanded={open}>
            {t('ui.set.change')}
          </Button>
        </span>
      </div>
      {open && (
        <AccountEditor
          key={account.version}
          account={account}
          people={people}
          onSecret={onSecret}
          onClose={() => set_open(false)}
        />
      )}
    </li>
  );
}

function Accounts({ people }: { people: readonly Person[] }) {
  const t = useT();
  const accounts = useAccounts();
  const [adding, set_adding] = useState(false);
  const [secret, set_secret] = useState('');
  return (
    <Part
      title={t('ui.people.accounts')}
      what={t('ui.people.accounts_what')}
      action={
        <Button icon={IconPlus} onClick={() => set_adding(true)}>
          {t('ui.people.account_add')}
        </Button>
      }
    >
      {secret && (
        <Secret
          title={t('ui.people.password')}
          what={t('ui.people.password_once')}
          text={secret}
          label={t('ui.copy')}
          onClose={() => set_secret('')}
        />
      )}
      {adding && (
        <AccountEditor people={people} onSecret={set_secret} onClose={() => set_adding(false)} />
      )}
      <Loaded asking={accounts} title={t('ui.set.failed')}>
        {(data) => (
          <ul className="o-set-rows">
            {data.items.map((account) => (
              <AccountRow
                key={account.id}
                account={account}
                people={people}
                onSecret={set_secret}
              />
            ))}
          </ul>
        )}
      </Loaded>
    </Part>
  );
}

export function People() {
  const t = useT();
  const people = usePeople();
  const [open, set_open] = useState<string | null>(null);
  const close = () => set_open(null);
  return (
    <>
      <Part
        title={t('ui.people.title')}
        what={t('ui.people.what')}
        action={
          <span className="o-row">
            <ListExport path="/people" />
            <Button icon={IconPlus} onClick={() => set_open('')}>
              {t('ui.people.add')}
            </Button>
          </span>
        }
      >
        {open === '' && <PersonEditor onClose={close} />}
        <Loaded asking={people} title={t('ui.set.failed')}>
          {(data) => (
            <ul className="o-set-rows">
              {data.items.map((person) => (
                <li key={person.id}>
                  <div>
                    <span className="o-m o-cut" title={person.name}>
                      {person.name}
                    </span>
                    <span className="o-2 o-cut">
                      {[person.position, person.phone_shown].filter(Boolean).join(', ')}
                    </span>
                    {person.archived_at && <span className="o-3">{t('ui.set.archived')}</span>}
                    <span className="o-set-do">
                      <Button kind="ghost" onClick={() => set_open(person.id)}>
                        {t('ui.set.change')}
                      </Button>
                    </span>
                  </div>
                  {open === person.id && (
                    <>
                      <PersonEditor person={person} onClose={close} />
                      <Pin person={person} />
                    </>
                  )}
                </li>
              ))}
            </ul>
          )}
        </Loaded>
      </Part>
      <Accounts people={people.data?.items ?? []} />
    </>
  );
}
