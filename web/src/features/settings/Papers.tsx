// Papers that recording needs, filled with the firm's names and the point's basis card. Drafts: a
// lawyer looks at each.
import { IconFileText, IconPrinter } from '@tabler/icons-react';
import { Link, useSearchParams } from 'react-router';
import { lang, locale, useT } from '../../lib/lang';
import { Button, ButtonLink } from '../../ui/Button';
import { Loaded } from '../../ui/Loaded';
import { EmptyState } from '../../ui/States';
import { Badge } from '../../ui/StateWord';
import { Tabs } from '../../ui/Tabs';
import type { Basis } from '../../api/types';
import { useBasis, usePoints, useSites, type Point } from './queries';
import './papers.css';

const papers = ['notice', 'order', 'consent', 'clause'] as const;

/** A sentence brought along ends as a sentence. */
const sentence = (text: string) => (/[.!?]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`);

function Paper({
  which,
  point,
  basis,
  company,
}: {
  which: (typeof papers)[number];
  point: Point;
  basis: Basis;
  company: string;
}) {
  const t = useT();
  const site = useSites().data?.items.find((one) => one.id === point.site_id);
  const filled = {
    company,
    point: point.name,
    site: [point.site_name, site?.address].filter(Boolean).join(', '),
    ground: sentence(basis.ground),
    notice: sentence(basis.notice),
    signage: sentence(basis.signage),
    consent: sentence(basis.consent),
    days: basis.retention_days,
    date: new Intl.DateTimeFormat(locale(), { dateStyle: 'long' }).format(new Date()),
  };
  return (
    <article className={`o-paper o-paper-${which}`} aria-label={t(`ui.paper.of.${which}`)}>
      <h2>{t(`ui.paper.${which}_title`, filled)}</h2>
      {t(`ui.paper.${which}_text`, filled)
        .split('\n')
        .filter(Boolean)
        .map((line, i) => (
          <p key={i}>{line}</p>
        ))}
    </article>
  );
}

export function PapersPage({ id, company, back }: { id: string; company: string; back: string }) {
  const t = useT();
  const [search] = useSearchParams();
  const points = usePoints();
  const point = points.data?.items.find((one) => one.id === id);
  const basis = useBasis(id, point?.basis_confirmed ?? false);
  const which = papers.find((one) => one === search.get('paper')) ?? papers[0];
  const card = (
    <ButtonLink kind="primary" to={back}>
      {t('ui.points.fill_basis')}
    </ButtonLink>
  );
  const asked = points.data && point?.basis_confirmed ? basis : points;
  return (
    <div className="o-plain-page o-papers">
      <div className="o-no-print">
        <p>
          <Link className="o-link" to={back}>
            {point?.name ?? t('ui.set.sites')}
          </Link>
        </p>
        <h1>{t('ui.paper.title')}</h1>
        <p className="o-2">{t('ui.paper.what')}</p>
        <Tabs
          label={t('ui.paper.title')}
          current={which}
          tabs={papers.map((one) => ({
            id: one,
            label: t(`ui.paper.of.${one}`),
            to: `?paper=${one}`,
          }))}
        />
      </div>
      <Loaded asking={{ ...asked, data: asked.data as unknown }} title={t('ui.set.failed')}>
        {() => {
          if (!point) return <p className="o-2">{t('ui.set.no_such')}</p>;
          if (!basis.data)
            return <EmptyState icon={IconFileText} title={t('ui.paper.no_basis')} action={card} />;
          return (
            <>
              <div className="o-no-print o-paper-do">
                <Badge>{t('ui.paper.lawyer')}</Badge>
                <span className={lang() === 'ru' ? 'o-3' : 'o-amber'}>
                  {t('ui.paper.language')}
                </span>
                <span className="o-sp" />
                <Button icon={IconPrinter} onClick={() => window.print()}>
                  {t('ui.paper.print')}
                </Button>
              </div>
              <Paper which={which} point={point} basis={basis.data} company={company} />
            </>
          );
        }}
      </Loaded>
    </div>
  );
}
