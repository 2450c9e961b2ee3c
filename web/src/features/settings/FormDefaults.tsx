// Which form «Проверить» proposes for a signal of each kind.
import { send } from '../../api/call';
import type { FormRow } from '../../api/types';
import { useT } from '../../lib/lang';
import { kind_look } from '../../lib/signal';
import { SelectField } from '../../ui/Fields';
import { Form } from '../../ui/Form';
import { Loaded } from '../../ui/Loaded';
import { complain, Part, said, useChange } from './kit';
import { useFormDefaults, type FormDefault } from './queries';

export function FormDefaults({ forms }: { forms: readonly FormRow[] }) {
  const t = useT();
  const defaults = useFormDefaults();
  const change = useChange(
    ({ kind, form_id }: Pick<FormDefault, 'kind' | 'form_id'>) =>
      send('put', '/form-defaults', { kind, form_id }),
    ['form-default', 'clip'],
    said(t('ui.set.saved')),
  );
  const choices = [
    { value: '', label: t('ui.form.default_none') },
    ...forms
      .filter((one) => one.purpose === 'signal')
      .map((one) => ({ value: one.id, label: one.name })),
  ];
  return (
    <Part title={t('ui.form.defaults')} what={t('ui.form.defaults_what')}>
      <Loaded asking={defaults} title={t('ui.set.failed')}>
        {(data) => (
          <Form className="o-set-editor o-fields" onSubmit={() => undefined} error={null}>
            {data.items.map((one) => (
              <SelectField
                key={one.kind}
                path={one.kind}
                label={kind_look(one.kind).text}
                value={one.form_id ?? ''}
                data={choices}
                onChange={(value) =>
                  change.mutate({ kind: one.kind, form_id: value || null }, { onError: complain })
                }
              />
            ))}
          </Form>
        )}
      </Loaded>
    </Part>
  );
}
