import { useState } from 'react';
import { useT } from '../../lib/lang';
import { Button } from '../../ui/Button';
import { Form, FormError, PasswordField, TextField } from '../../ui/Form';
import { Gate } from './Gate';
import { refusal_of, useSignIn } from './queries';

/** `tour`: where a demonstration shows itself without an account. */
export function SignInPage({ tour }: { tour?: string }) {
  const t = useT();
  const [login, set_login] = useState('');
  const [password, set_password] = useState('');
  const [hollow, set_hollow] = useState(false);
  const entering = useSignIn();
  const submit = () => {
    const empty = login.trim() === '' || password === '';
    set_hollow(empty);
    if (!empty) entering.mutate({ login: login.trim(), password });
  };
  return (
    <Gate title={t('ui.name')} what={t('ui.sign_in.what')} note={t('ui.sign_in.logged')}>
      <Form
        onSubmit={submit}
        error={hollow ? { title: t('ui.sign_in.fill') } : refusal_of(entering.error)}
      >
        <TextField
          path="login"
          label={t('ui.sign_in.name')}
          value={login}
          autoComplete="username"
          autoFocus
          autoCapitalize="none"
          spellCheck={false}
          onChange={(event) => set_login(event.currentTarget.value)}
        />
        <PasswordField
          path="password"
          label={t('ui.sign_in.password')}
          value={password}
          autoComplete="current-password"
          onChange={(event) => set_password(event.currentTarget.value)}
          visibilityToggleButtonProps={{ 'aria-label': t('ui.sign_in.show') }}
        />
        <FormError paths={['login', 'password']} />
        <Button kind="primary" type="submit" grow busy={entering.isPending}>
          {t('ui.sign_in.enter')}
        </Button>
      </Form>
      {tour && (
        <a className="o-btn o-btn-plain o-btn-grow" href={tour}>
          {t('ui.sign_in.tour')}
        </a>
      )}
    </Gate>
  );
}
