// The draft of a form that an import made: looked through, named, published.
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { id_part, send } from '../../../api/call';
import { useT } from '../../../lib/lang';
import { TextField } from '../../../ui/Form';
import { body_to_send } from '../form_body';
import { BodyEditor } from '../FormEditor';
import { Editor, said, useChange } from '../kit';
import { useFormDraft, type FormDraft } from './queries';

function Publishing({
  draft,
  form_link,
}: {
  draft: FormDraft;
  form_link: (id?: string) => string;
}) {
  const t = useT();
  const go = useNavigate();
  const [name, set_name] = useState(draft.name);
  const [body, set_body] = useState(draft.body);
  const publish = useChange(
    () =>
      send<{ id: string }>('post', `/form-drafts/${id_part(draft.id)}/publish`, {
        name,
        purpose: draft.purpose,
        body: body_to_send(body),
      }),
    ['form', 'import'],
    ({ data }) => {
      said(t('ui.form.made'))();
      void go(form_link(data.id));
    },
  );
  return (
    <details className="o-import-match">
      <summary>{t('ui.import.draft_is', { n: draft.items_count })}</summary>
      <Editor
        change={publish}
        paths={['name']}
        save={t('ui.import.publish')}
        onSubmit={() => publish.mutate(undefined)}
      >
        <TextField
          path="name"
          label={t('ui.import.form_name')}
          value={name}
          onChange={(event) => set_name(event.currentTarget.value)}
        />
        <BodyEditor body={body} put={set_body} />
      </Editor>
    </details>
  );
}

export function PublishDraft({
  id,
  form_link,
}: {
  id: string;
  form_link: (id?: string) => string;
}) {
  const draft = useFormDraft(id);
  // Published or thrown away already: there is nothing to offer.
  if (!draft.data) return null;
  return <Publishing draft={draft.data} form_link={form_link} />;
}
