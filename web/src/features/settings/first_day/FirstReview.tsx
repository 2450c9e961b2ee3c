// The first press that counts becomes the first scored clip.
import { send } from '../../../api/call';
import { useT } from '../../../lib/lang';
import { button_name } from '../../../lib/signal';
import { clock } from '../../../lib/times';
import { Button, ButtonLink } from '../../../ui/Button';
import { Step } from '../../../ui/Steps';
import { complain, useChange } from '../kit';
import type { FirstDayLinks } from './FirstDayPage';
import type { Stand } from './stand';

export function FirstReview({
  stand,
  links,
  onOpen,
}: {
  stand: Stand;
  links: FirstDayLinks;
  onOpen: (check: string) => void;
}) {
  const t = useT();
  const { first, scored, forms } = stand;
  const form = forms.find((one) => one.purpose === 'signal');
  const start = useChange(
    (asked: { form_id: string; clip_id: string }) => send<{ id: string }>('post', '/checks', asked),
    ['check', 'signal'],
    ({ data }) => onOpen(data.id),
  );
  const clip = first?.length_ms ? first.clip_id : null;
  const told = first && { button: button_name(first), time: clock(first.at, first.zone) };
  const what = () => {
    if (scored) return t('ui.first_day.review_is');
    if (!told) return t('ui.first_day.review_what');
    return t(clip ? 'ui.first_day.review_came' : 'ui.first_day.review_silent', told);
  };
  return (
    <Step
      state={scored ? 'done' : clip ? 'todo' : first ? 'waits' : 'later'}
      title={t('ui.first_day.review')}
      what={what()}
    >
      {!scored && clip && form && (
        <Button
          kind="primary"
          busy={start.isPending}
          onClick={() => start.mutate({ form_id: form.id, clip_id: clip }, { onError: complain })}
        >
          {t('ui.first_day.review_do')}
        </Button>
      )}
      {!scored && first && !clip && (
        <ButtonLink to={links.upload}>{t('ui.upload.title')}</ButtonLink>
      )}
      {first && (
        <ButtonLink kind="ghost" to={links.signal(first.id)}>
          {t('ui.first_day.review_open')}
        </ButtonLink>
      )}
    </Step>
  );
}
