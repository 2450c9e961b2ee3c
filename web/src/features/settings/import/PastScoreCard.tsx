// One score of an earlier system, as a figure's row opens it.
import { Link } from 'react-router';
import { useT } from '../../../lib/lang';
import { number } from '../../../lib/numbers';
import { day_short } from '../../../lib/times';
import { Loaded } from '../../../ui/Loaded';
import { Part } from '../kit';
import { usePastScore } from './queries';

export function PastScoreCard({ id, link }: { id: string; link: (id?: string) => string }) {
  const t = useT();
  const score = usePastScore(id);
  return (
    <Loaded asking={score} title={t('ui.set.failed')}>
      {(one) => (
        <Part title={one.person_name} what={t('ui.import.past_what')}>
          <dl className="o-import-facts">
            <dt>{t('ui.import.past.day')}</dt>
            <dd>{day_short(`${one.day}T12:00:00Z`, 'UTC')}</dd>
            <dt>{t('ui.import.past.form')}</dt>
            <dd>{one.form_name}</dd>
            <dt>{t('ui.import.past.score')}</dt>
            <dd>{number(Math.round(one.score * 10) / 10)} %</dd>
            {one.comment && (
              <>
                <dt>{t('ui.import.past.comment')}</dt>
                <dd>{one.comment}</dd>
              </>
            )}
          </dl>
          {one.import_id && (
            <Link className="o-link" to={link(one.import_id)}>
              {t('ui.import.past.from', { file: one.file_name })}
            </Link>
          )}
        </Part>
      )}
    </Loaded>
  );
}
