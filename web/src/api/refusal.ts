// A refusal as a page says it; a lost connection is said in the desk's own words.
import { t } from '../lib/lang';
import { is_problem } from './problem';

export interface Refused {
  title: string;
  detail?: string;
  field?: string;
  code?: string;
}

export function refusal_of(error: unknown): Refused | null {
  if (!error) return null;
  if (!is_problem(error)) return { title: String(error) };
  if (error.offline) return { title: t('ui.error.offline'), detail: t('ui.error.offline_do') };
  return error;
}

/** One sentence for a toast. */
export function why_of(error: unknown): string {
  return refusal_of(error)?.title ?? '';
}

/** The row was changed by somebody else since it was read (If-Match). */
export function is_stale(error: unknown): boolean {
  return is_problem(error) && error.status === 412;
}
