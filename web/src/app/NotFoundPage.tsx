import { IconLock, IconMapOff } from '@tabler/icons-react';
import { useT } from '../lib/lang';
import { ButtonLink } from '../ui/Button';
import { EmptyState } from '../ui/States';
import { paths } from './paths';

function Home() {
  const t = useT();
  return (
    <ButtonLink kind="primary" to={paths.home}>
      {t('ui.day.open')}
    </ButtonLink>
  );
}

export function NotFoundPage() {
  const t = useT();
  return (
    <EmptyState
      icon={IconMapOff}
      title={t('ui.not_found.title')}
      what={t('ui.not_found.why')}
      action={<Home />}
    />
  );
}

/** An address of a place that this account has no right to; the server refuses its data anyway. */
export function ClosedPage() {
  const t = useT();
  return (
    <EmptyState
      icon={IconLock}
      title={t('ui.not_found.closed')}
      what={t('ui.not_found.closed_why')}
      action={<Home />}
    />
  );
}
