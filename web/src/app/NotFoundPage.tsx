import { IconMapOff } from '@tabler/icons-react';
import { useT } from '../lib/lang';
import { ButtonLink } from '../ui/Button';
import { EmptyState } from '../ui/States';
import { paths } from './paths';

export function NotFoundPage() {
  const t = useT();
  return (
    <EmptyState
      icon={IconMapOff}
      title={t('ui.not_found.title')}
      what={t('ui.not_found.why')}
      action={
        <ButtonLink kind="primary" to={paths.home}>
          {t('ui.not_found.home')}
        </ButtonLink>
      }
    />
  );
}
