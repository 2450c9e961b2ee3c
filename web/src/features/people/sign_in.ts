import { answer_within_ms, base } from '../../api/base';
import { problem_from } from '../../api/problem';
import { refusal_of, type Refused } from '../../api/refusal';
import { lang } from '../../lib/lang';

/** Opens a session, or tells why not. Apart from api/client, so that the first page is light. */
export async function sign_in(login: string, password: string): Promise<Refused | null> {
  const response = await fetch(`${base}/session`, {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'Content-Type': 'application/json', 'Accept-Language': lang() },
    body: JSON.stringify({ login, password }),
    signal: AbortSignal.timeout(answer_within_ms),
  }).catch(() => null);
  if (!response) return refusal_of(problem_from(0, undefined));
  if (response.ok) return null;
  return refusal_of(problem_from(response.status, await response.json().catch(() => undefined)));
}
