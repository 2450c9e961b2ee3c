// What the names in a press log were taken for; what is not known here comes first.
import { useT } from '../../../lib/lang';
import type { ImportFile } from './queries';

export function Names({ matches }: { matches: ImportFile['matches'] }) {
  const t = useT();
  if (matches.length === 0) return null;
  const lost = matches.some((one) => !one.is);
  return (
    <details className="o-import-match" open={lost}>
      <summary>{t('ui.import.log.names')}</summary>
      <dl className="o-import-facts o-import-names">
        {matches.map((one) => (
          <div key={`${one.field} ${one.said}`}>
            <dt className="o-2">
              {one.title}: {one.said}
            </dt>
            <dd>
              <span className={one.is ? undefined : 'o-red'}>
                {one.is || t('ui.import.log.not_known')}
              </span>{' '}
              <span className="o-3 o-nw">{t('ui.import.log.rows', { n: one.n })}</span>
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
