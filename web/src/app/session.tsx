// Who is signed in. Asked once; a 401 anywhere lays the sign-in page over the desk.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useState, type ReactNode } from 'react';
import { base } from '../api/base';
import { csrf_header, on_signed_out, set_csrf } from '../api/client';
import { is_problem, problem_from } from '../api/problem';
import { lang, set_lang, useT } from '../lib/lang';
import { ErrorState } from '../ui/States';
import { paths } from './paths';
import {
  ask_session,
  is_session,
  remember_known,
  type Session,
  type Stranger,
} from './session_answer';

export const HeldSession = createContext<Session | null>(null);

/** The session; only for what stands inside the signed-in desk. */
export function useSession(): Session {
  const session = useContext(HeldSession);
  if (!session) throw new Error('no session above this component');
  return session;
}
export function useRight(right: string): boolean {
  return useSession().rights.includes(right);
}

async function ask(): Promise<Session | Stranger> {
  const answer = await ask_session();
  if (is_session(answer)) {
    set_csrf(answer.csrf_token);
    remember_known(true);
    // The account's language is the one the server answers in; a visitor has none.
    const own = answer.visitor ? '' : answer.language;
    if ((own === 'ru' || own === 'en') && own !== lang()) await set_lang(own);
  }
  return answer;
}

export async function sign_out(): Promise<void> {
  await fetch(`${base}/session`, {
    method: 'DELETE',
    credentials: 'same-origin',
    headers: csrf_header(),
  });
  set_csrf('');
  remember_known(false);
  // A fresh page keeps nothing of the person who left.
  window.location.assign('/');
}

/** Pages that stand before the desk. */
export interface Gates {
  sign_in: ReactNode;
  /** Of a demonstration. */
  sign_in_or_tour: ReactNode;
  tour: ReactNode;
  first_run: ReactNode;
  password: ReactNode;
}

/**
 * `sign_in` is shown before the desk, and over it when the session ends meanwhile: the desk
 * stays mounted beneath, so nothing typed is lost.
 */
export function SessionGate({ gates, children }: { gates: Gates; children: ReactNode }) {
  const t = useT();
  const client = useQueryClient();
  const [ended, set_ended] = useState(false);
  const query = useQuery({
    queryKey: ['session'],
    queryFn: ask,
    staleTime: Infinity,
    retry: false,
  });
  useEffect(() => on_signed_out(() => set_ended(true)), []);
  const fresh = query.data;
  const [last, set_last] = useState<Session | null>(null);
  useEffect(() => {
    if (!fresh || !is_session(fresh)) return;
    set_last(fresh);
    set_ended(false);
    void client.invalidateQueries({ predicate: (one) => one.queryKey[0] !== 'session' });
  }, [fresh, client]);
  const session = fresh && is_session(fresh) ? fresh : last;
  if (query.isPending) return <div aria-busy="true" />;
  if (query.error && !session) {
    const error = is_problem(query.error) ? query.error : problem_from(0, undefined);
    return (
      <ErrorState title={t('ui.error.start')} error={error} onRetry={() => void query.refetch()} />
    );
  }
  if (!session) {
    const stranger = fresh && !is_session(fresh) ? fresh : undefined;
    if (stranger?.first_run) return gates.first_run;
    if (!stranger?.tour) return gates.sign_in;
    return window.location.pathname === paths.tour ? gates.tour : gates.sign_in_or_tour;
  }
  const covered = ended || !fresh || !is_session(fresh);
  return (
    // Another person at the same browser gets a desk of their own.
    <HeldSession.Provider value={session} key={session.account_id}>
      {session.must_change_password && !covered ? (
        gates.password
      ) : (
        <div className="o-whole" inert={covered} aria-hidden={covered || undefined}>
          {children}
        </div>
      )}
      {covered && <div className="o-over">{gates.sign_in}</div>}
    </HeldSession.Provider>
  );
}
