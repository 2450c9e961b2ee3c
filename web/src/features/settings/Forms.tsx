// Checklists: the list, ready ones to begin with, the editor of a new version.
import { IconClipboardCheck, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { id_part, send } from '../../api/call';
import type { FormBody, Purpose } from '../../api/types';
import { t as word, text_of, useT } from '../../lib/lang';
import { ButtonLink } from '../../ui/Button';
import { ConfirmButton } from '../../ui/Confirm';
import { SelectField } from '../../ui/Fields';
import { TextField } from '../../ui/Form';
import { Loaded } from '../../ui/Loaded';
import { EmptyState } from '../../ui/States';
import { body_to_send, new_body } from './form_body';
import { FormDefaults } from './FormDefaults';
import { BodyEditor } from './FormEditor';
import { FormTemplates } from './FormTemplates';
import { complain, Editor, ListExport, Part, said, useChange } from './kit';
import { useForm, useForms, useStarters, type FormView, type Starter } from './queries';

type LinkTo = (id?: string) => string;

/** Sets of trades under their own headings; what fits everybody first. */
function by_trade(starters: readonly Starter[]) {
  return [...new Set(starters.map((one) => one.trade ?? ''))].sort().map((trade) => ({
    group: (trade && text_of(`ui.trade.${trade}`)) || word('ui.form.starter_all'),
    items: starters
      .filter((one) => (one.trade ?? '') === trade)
      .map((one) => ({ value: one.key, label: one.name })),
  }));
}

function NewForm({ link }: { link: LinkTo }) {
  const t = useT();
  const go = useNavigate();
  const starters = useStarters(true).data?.items ?? [];
  const [name, set_name] = useState('');
  const [purpose, set_purpose] = useState<Purpose>('signal');
  const [body, set_body] = useState<FormBody>(new_body);
  const make = useChange(
    () => send<FormView>('post', '/forms', { name, purpose, body: body_to_send(body) }),
    ['form'],
    ({ data }) => {
      said(t('ui.form.made'))();
      void go(link(data.id), { replace: true });
    },
  );
  const begin_with = (key: string | null) => {
    const starter = starters.find((one) => one.key === key);
    if (!starter) return;
    set_name(starter.name);
    set_purpose(starter.purpose);
    set_body(starter.body);
  };
  return (
    <Part title={t('ui.form.new')} what={t('ui.form.purpose_what')}>
      <div className="o-set-wide">
        <Editor change={make} paths={['name', 'purpose']} onSubmit={() => make.mutate(undefined)}>
          <SelectField
            path="starter"
            label={t('ui.form.starter')}
            placeholder={t('ui.form.starter_none')}
            data={by_trade(starters)}
            onChange={begin_with}
          />
          <TextField
            path="name"
            label={t('ui.set.name')}
            value={name}
            onChange={(event) => set_name(event.currentTarget.value)}
          />
          <SelectField
            path="purpose"
            label={t('ui.form.purpose')}
            description={t(`ui.form.purpose_help.${purpose}`)}
            value={purpose}
            data={(['signal', 'standard'] as const).map((value) => ({
              value,
              label: t(`ui.check.purpose.${value}`),
            }))}
            onChange={(value) => set_purpose(value as Purpose)}
          />
          <BodyEditor body={body} put={set_body} />
        </Editor>
      </div>
    </Part>
  );
}

function OneForm({ form, link }: { form: FormView; link: LinkTo }) {
  const t = useT();
  const go = useNavigate();
  const [body, set_body] = useState(form.body);
  const path = `/forms/${id_part(form.id)}`;
  const save = useChange(
    () => send('post', `${path}/versions`, { body: body_to_send(body) }),
    ['form'],
    said(t('ui.form.version_made')),
  );
  const purpose = t(`ui.check.purpose.${form.purpose}`);
  const version = t('ui.check.version', { n: form.number });
  const what = `${purpose}, ${version}. ${t(`ui.form.purpose_help.${form.purpose}`)}`;
  const archive = useChange(
    () => send('delete', path),
    ['form'],
    () => void go(link(), { replace: true }),
  );
  return (
    <Part title={form.name} what={what}>
      <div className="o-set-wide">
        <Editor
          change={save}
          paths={[]}
          save={t('ui.form.save_version')}
          onSubmit={() => save.mutate(undefined)}
        >
          <p className="o-3">{t('ui.form.version_what')}</p>
          <BodyEditor body={body} put={set_body} />
        </Editor>
        <FormTemplates form={form} />
        {!form.archived_at && (
          <ConfirmButton
            kind="ghost"
            question={t('ui.form.archive_ask')}
            yes={t('ui.set.archive')}
            onConfirm={() => archive.mutate(undefined, { onError: complain })}
          >
            {t('ui.set.archive')}
          </ConfirmButton>
        )}
      </div>
    </Part>
  );
}

function FormList({ link }: { link: LinkTo }) {
  const t = useT();
  const forms = useForms();
  // The one thing to do while there is none; beside a list it is one action of many.
  const add = (kind?: 'primary') => (
    <ButtonLink kind={kind} icon={kind ? undefined : IconPlus} to={link('new')}>
      {t('ui.form.add')}
    </ButtonLink>
  );
  return (
    <Loaded asking={forms} title={t('ui.set.failed')}>
      {(data) =>
        data.items.length === 0 ? (
          <EmptyState
            icon={IconClipboardCheck}
            title={t('ui.form.none')}
            what={t('ui.form.none_what')}
            action={add('primary')}
          />
        ) : (
          <Part
            title={t('ui.set.forms')}
            what={t('ui.form.purpose_what')}
            action={
              <>
                <ListExport path="/forms" />
                {add()}
              </>
            }
          >
            <ul className="o-set-rows">
              {data.items.map((form) => (
                <li key={form.id}>
                  <Link to={link(form.id)}>
                    <span className="o-m o-cut">{form.name}</span>
                    <span className="o-2">{t(`ui.check.purpose.${form.purpose}`)}</span>
                    <span className="o-3">
                      {t('ui.form.items_n', { n: form.items_count })},{' '}
                      {t('ui.check.version', { n: form.number })}
                    </span>
                  </Link>
                </li>
              ))}
            </ul>
            <FormDefaults forms={data.items} />
          </Part>
        )
      }
    </Loaded>
  );
}

export function Forms({ id, link }: { id?: string; link: LinkTo }) {
  const t = useT();
  const form = useForm(id ?? '', Boolean(id) && id !== 'new');
  if (!id) return <FormList link={link} />;
  return (
    <>
      <p>
        <Link className="o-link" to={link()}>
          {t('ui.set.forms')}
        </Link>
      </p>
      {id === 'new' ? (
        <NewForm link={link} />
      ) : (
        <Loaded asking={form} title={t('ui.set.failed')}>
          {(data) => <OneForm key={`${data.id} ${data.number}`} form={data} link={link} />}
        </Loaded>
      )}
    </>
  );
}
