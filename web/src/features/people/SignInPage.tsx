// The first page of a stranger. It comes before the desk and without its parts (fields, queries,
// router), so that a slow line and a slow machine can use it at once.
import { useRef, useState, type FormEvent, type InputHTMLAttributes, type ReactNode } from 'react';
import { problem_from } from '../../api/problem';
import { refusal_of, type Refused } from '../../api/refusal';
import { useT } from '../../lib/lang';
import { RefusedLine } from '../../ui/RefusedLine';
import { Gate } from './Gate';
import { sign_in } from './sign_in';

interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  label: string;
  beside?: ReactNode;
}

function Field({ label, beside, ...input }: FieldProps) {
  return (
    <div className="o-sign-field">
      <label htmlFor={`sign-${input.name}`}>{label}</label>
      <span>
        <input id={`sign-${input.name}`} {...input} />
        {beside}
      </span>
    </div>
  );
}

function Eye({ open, onClick }: { open: boolean; onClick: () => void }) {
  const t = useT();
  return (
    <button type="button" aria-label={t('ui.sign_in.show')} aria-pressed={open} onClick={onClick}>
      <svg width="16" height="16" viewBox="0 0 16 16" fill="none" stroke="currentColor" aria-hidden>
        <path d="M1 8c1.7-3 4-4.5 7-4.5s5.3 1.5 7 4.5c-1.7 3-4 4.5-7 4.5S2.7 11 1 8z" />
        <circle cx="8" cy="8" r="2.2" />
        {open && <path d="M3 13 13 3" />}
      </svg>
    </button>
  );
}

/**
 * `onEntered`: the session stands; the form stays busy until it is done. `tour`: where a
 * demonstration shows itself without an account.
 */
export function SignInPage({
  onEntered,
  tour,
}: {
  onEntered: () => Promise<unknown>;
  tour?: string;
}) {
  const t = useT();
  const [login, set_login] = useState('');
  const [password, set_password] = useState('');
  const [shown, set_shown] = useState(false);
  const [busy, set_busy] = useState(false);
  const stands = useRef(false);
  const [refused, set_refused] = useState<Refused | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    if (login.trim() === '' || password === '') return set_refused({ title: t('ui.sign_in.fill') });
    set_busy(true);
    // The line may break between the two: the session stands then, and only the desk is missing.
    const refusal = stands.current ? null : await sign_in(login.trim(), password);
    stands.current = !refusal;
    set_refused(refusal);
    if (!refusal)
      await onEntered().catch(() => set_refused(refusal_of(problem_from(0, undefined))));
    set_busy(false);
  };
  return (
    <Gate title={t('ui.name')} what={t('ui.sign_in.what')} note={t('ui.sign_in.logged')}>
      <form noValidate onSubmit={(event) => void submit(event)}>
        <Field
          name="login"
          label={t('ui.sign_in.name')}
          value={login}
          autoComplete="username"
          autoFocus
          autoCapitalize="none"
          spellCheck={false}
          onChange={(event) => set_login(event.currentTarget.value)}
        />
        <Field
          name="password"
          type={shown ? 'text' : 'password'}
          label={t('ui.sign_in.password')}
          value={password}
          autoComplete="current-password"
          onChange={(event) => set_password(event.currentTarget.value)}
          beside={<Eye open={shown} onClick={() => set_shown(!shown)} />}
        />
        {refused && <RefusedLine said={refused} />}
        <button
          type="submit"
          className="o-btn o-btn-primary o-btn-grow"
          aria-busy={busy || undefined}
        >
          {busy && <span className="o-spin" aria-hidden="true" />}
          {t('ui.sign_in.enter')}
        </button>
      </form>
      {tour && (
        <a className="o-btn o-btn-plain o-btn-grow" href={tour}>
          {t('ui.sign_in.tour')}
        </a>
      )}
    </Gate>
  );
}
