// Ready comments to the items of a form that all checkers share.
import { useState } from 'react';
import { id_part, send } from '../../api/call';
import { useT } from '../../lib/lang';
import { Button } from '../../ui/Button';
import { SelectField } from '../../ui/Fields';
import { TextField } from '../../ui/Form';
import { Loaded } from '../../ui/Loaded';
import { toast } from '../../ui/Toast';
import { complain, Editor, Part, said, useChange } from './kit';
import { useTemplates, type FormView } from './queries';

export function FormTemplates({ form }: { form: FormView }) {
  const t = useT();
  const templates = useTemplates(form.id);
  const items = form.body.sections.flatMap((section) => section.items);
  const [item, set_item] = useState(items[0]?.key ?? '');
  const [text, set_text] = useState('');
  const add = useChange(
    () => send('post', `/forms/${id_part(form.id)}/templates`, { item, text, shared: true }),
    ['template'],
    () => {
      set_text('');
      said(t('ui.set.saved'))();
    },
  );
  const restore = useChange(
    (id: string) => send('post', `/forms/${id_part(form.id)}/templates/${id_part(id)}/restore`),
    ['template'],
  );
  const remove = useChange(
    async (id: string) => {
      await send('delete', `/forms/${id_part(form.id)}/templates/${id_part(id)}`);
      return id;
    },
    ['template'],
    (id) =>
      void toast({
        text: t('ui.check.template_gone'),
        undo: () => restore.mutate(id, { onError: complain }),
      }),
  );
  return (
    <Part title={t('ui.form.templates')} what={t('ui.form.templates_what')}>
      <Loaded asking={templates} title={t('ui.set.failed')}>
        {(data) => {
          const shared = data.items.filter((one) => one.shared);
          return (
            <ul className="o-set-rows">
              {shared.map((one) => (
                <li key={one.id}>
                  <div>
                    <span>
                      {one.text}{' '}
                      <span className="o-3">
                        {items.find(({ key }) => key === one.item)?.text ?? t('ui.form.item_gone')}
                      </span>
                    </span>
                    <Button
                      kind="ghost"
                      onClick={() => remove.mutate(one.id, { onError: complain })}
                    >
                      {t('ui.check.template_remove')}
                    </Button>
                  </div>
                </li>
              ))}
              {shared.length === 0 && <li className="o-3">{t('ui.form.templates_none')}</li>}
            </ul>
          );
        }}
      </Loaded>
      <Editor
        change={add}
        paths={['item', 'text']}
        save={t('ui.set.add')}
        onSubmit={() => add.mutate(undefined)}
      >
        <SelectField
          path="item"
          label={t('ui.form.template_item')}
          value={item}
          data={items.map(({ key, text: label }) => ({ value: key, label }))}
          onChange={(value) => set_item(value ?? '')}
        />
        <TextField
          path="text"
          label={t('ui.form.template_text')}
          value={text}
          maxLength={1000}
          onChange={(event) => set_text(event.currentTarget.value)}
        />
      </Editor>
    </Part>
  );
}
