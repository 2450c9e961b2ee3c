import { useState } from 'react';
import { refusal_of } from '../../api/refusal';
import { useT, type Key } from '../../lib/lang';
import { Button } from '../../ui/Button';
import { Form, FormError, PasswordField } from '../../ui/Form';
import { toast } from '../../ui/Toast';
import { Gate } from './Gate';
import { usePasswordChange } from './queries';

const fields: { path: 'old_password' | 'new_password' | 'again'; word: Key }[] = [
  { path: 'old_password', word: 'ui.password.old' },
  { path: 'new_password', word: 'ui.password.new' },
  { path: 'again', word: 'ui.password.again' },
];

/** Before the desk when the password was given by somebody else; `onDone` when asked for later. */
export function PasswordPage({ onDone }: { onDone?: () => void }) {
  const t = useT();
  const [typed, set_typed] = useState({ old_password: '', new_password: '', again: '' });
  const [differ, set_differ] = useState(false);
  const change = usePasswordChange(() => {
    toast({ text: t('ui.password.saved') });
    onDone?.();
  });
  const submit = () => {
    const wrong = typed.new_password !== typed.again;
    set_differ(wrong);
    if (wrong) return;
    const { old_password, new_password } = typed;
    change.mutate({ old_password, new_password });
  };
  const error = differ
    ? { title: t('ui.password.differ'), field: 'again' }
    : refusal_of(change.error);
  return (
    <Gate title={t('ui.password.title')} what={onDone ? '' : t('ui.password.why')}>
      <Form onSubmit={submit} error={error}>
        {fields.map(({ path, word }) => (
          <PasswordField
            key={path}
            path={path}
            label={t(word)}
            value={typed[path]}
            autoComplete={path === 'old_password' ? 'current-password' : 'new-password'}
            description={path === 'new_password' ? t('ui.first_run.password_help') : undefined}
            onChange={({ currentTarget }) =>
              set_typed((now) => ({ ...now, [path]: currentTarget.value }))
            }
            visibilityToggleButtonProps={{ 'aria-label': t('ui.sign_in.show') }}
          />
        ))}
        <FormError paths={fields.map((field) => field.path)} />
        <Button kind="primary" type="submit" grow busy={change.isPending}>
          {t('ui.password.save')}
        </Button>
      </Form>
    </Gate>
  );
}
