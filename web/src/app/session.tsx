// Who is signed in. Asked once; a 401 anywhere lays the sign-in page over the desk.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useState, type ReactNode } from 'react';
import { base, csrf_header, on_signed_out, set_csrf } from '../api/client';
import { is_problem, problem_from } from '../api/problem';
import { lang, set_lang, useT } from '../lib/lang';
import { ErrorState } from '../ui/States';
import { paths } from './paths';

export interface Session {
  account_id: string;
  person_name: string;
  login: string;
  role: string;
  language: string;
  company_name: string;
  csrf_token: string;
  /** The password was given by somebody else and works only for choosing an own one. */
  must_change_password: boolean;
  demo: boolean;
  /** A demonstration that shows itself (/tour). */
  tour: boolean;
  /** Looks on without an account: the server refuses whatever writes. */
  visitor: boolean;
  /** What this account may do, as the server's route table names it. */
  rights: string[];
}
/** Nobody has signed in, or nobody can: there is no company yet. */
export interface Stranger {
  first_run: boolean;
  tour: boolean;
}

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

type Loose = Record<string, unknown>;
function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
function object(value: unknown): Loose {
  return typeof value === 'object' && value !== null ? (value as Loose) : {};
}

/** Reads the session answer; what is absent stays empty rather than breaking the page. */
export function session_from(value: unknown): Session | Stranger {
  const whole = object(value);
  const tour = whole.tour === true;
  if (whole.signed_in !== true) return { first_run: whole.first_run === true, tour };
  const account = object(whole.account);
  return {
    account_id: text(account.id),
    person_name: text(object(whole.person).name),
    login: text(account.login),
    role: text(account.role),
    language: text(account.language),
    company_name: text(whole.company_name),
    csrf_token: text(whole.csrf),
    must_change_password: account.must_change_password === true,
    demo: whole.demo === true,
    tour,
    visitor: whole.visitor === true,
    rights: Array.isArray(whole.rights) ? whole.rights.map(text).filter(Boolean) : [],
  };
}
export function is_session(answer: Session | Stranger): answer is Session {
  return 'account_id' in answer;
}

async function fetch_session(): Promise<Session | Stranger> {
  const response = await fetch(`${base}/session`, { credentials: 'same-origin' }).catch(() => null);
  if (!response) throw problem_from(0, { title: 'no_connection', code: 'no_connection' });
  if (response.status === 401) return { first_run: false, tour: false };
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw problem_from(response.status, body);
  const answer = session_from(body);
  if (is_session(answer)) {
    set_csrf(answer.csrf_token);
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
    queryFn: fetch_session,
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
