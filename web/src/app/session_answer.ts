// Who is here, as the server tells it; apart from the desk, so that the sign-in page is light.
import { base } from '../api/base';
import { problem_from } from '../api/problem';

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
  /** The newest event when this was asked: the stream of events goes on from there. */
  newest_fact: string;
  /** What this account may do, as the server's route table names it. */
  rights: string[];
}
/** Nobody has signed in, or nobody can: there is no company yet. */
export interface Stranger {
  first_run: boolean;
  tour: boolean;
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
    newest_fact: text(whole.newest_fact),
    rights: Array.isArray(whole.rights) ? whole.rights.map(text).filter(Boolean) : [],
  };
}
export function is_session(answer: Session | Stranger): answer is Session {
  return 'account_id' in answer;
}

async function read(asked: Promise<Response>): Promise<Session | Stranger> {
  const response = await asked.catch(() => null);
  if (!response) throw problem_from(0, { title: 'no_connection', code: 'no_connection' });
  if (response.status === 401) return { first_run: false, tour: false };
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw problem_from(response.status, body);
  return session_from(body);
}

const fetch_session = () => fetch(`${base}/session`, { credentials: 'same-origin' });

let first: Promise<Session | Stranger> | null = null;

/** The answer to the question that src/early.js asked while the page was on its way. */
export function first_session(): Promise<Session | Stranger> {
  const { otklik_session } = window as { otklik_session?: Promise<Response> };
  first ??= read(otklik_session ?? fetch_session());
  return first;
}

/** The first answer, once; later calls ask the server again. */
export function ask_session(): Promise<Session | Stranger> {
  const kept = first;
  first = null;
  return kept ?? read(fetch_session());
}

/** Whether somebody works in this browser: src/early.js then fetches the desk at once. */
export function remember_known(known: boolean): void {
  try {
    if (known) localStorage.setItem('otklik.known', '1');
    else localStorage.removeItem('otklik.known');
  } catch {
    // Storage may be forbidden; the desk then comes a little later.
  }
}
