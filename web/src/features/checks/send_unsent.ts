// Sends what an earlier page could not: the tab was closed, or the server was away.
import type { QueryClient } from '@tanstack/react-query';
import { is_problem } from '../../api/problem';
import { t } from '../../lib/lang';
import { toast } from '../../ui/Toast';
import { complain, wire_of } from './queries';
import { AnswerSaver } from './saver';
import { is_open, shelf_of, unsent_checks } from './unsent';

export async function send_unsent(client: QueryClient, account: string): Promise<void> {
  let sent = 0;
  for (const check of unsent_checks(account)) {
    if (is_open(check)) continue; // its page does it
    const wire = wire_of(client, check);
    try {
      const saver = new AnswerSaver(await wire.read(), wire, shelf_of(account, check), complain);
      await saver.flush();
      saver.stop();
      if (!saver.waits()) sent += 1;
    } catch (error) {
      // Gone or no longer open to this account: kept, for it may be given back.
      if (!is_problem(error)) throw error;
    }
  }
  if (sent > 0) toast({ text: t('ui.check.sent_later', { n: sent }) });
}
