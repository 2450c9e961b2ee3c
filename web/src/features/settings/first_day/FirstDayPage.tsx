// «Первый день»: one person, an empty install, the first scored clip. Each step shows what stands
// on the server; any may be done elsewhere, in any order, or left out.
import { useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { useT } from '../../../lib/lang';
import { SelectField } from '../../../ui/Fields';
import { ButtonLink } from '../../../ui/Button';
import { Loaded } from '../../../ui/Loaded';
import { Step, Steps } from '../../../ui/Steps';
import { zone_words } from '../Sites';
import { FirstReview } from './FirstReview';
import { PanelStep } from './PanelStep';
import { useStand, type Stand } from './stand';
import { Tools } from './Tools';

export interface FirstDayLinks {
  settings: (part: string) => string;
  check: (point: string) => string;
  papers: (point: string) => string;
  sheet: (check: string) => string;
  signal: (id: string) => string;
  upload: string;
}

/** Steps that stand, of all. */
export function done_of(stand: Stand): { done: number; all: number } {
  const parts = [
    Boolean(stand.point),
    stand.point?.basis_confirmed ?? false,
    Boolean(stand.recorder),
    Boolean(stand.device),
    stand.has_forms,
    Boolean(stand.device?.paired_at ?? stand.device?.seen_at),
    stand.tried,
    stand.scored,
  ];
  return { done: parts.filter(Boolean).length, all: parts.length };
}

function Place({ stand, company, links }: { stand: Stand; company: string; links: FirstDayLinks }) {
  const t = useT();
  const [, set_search] = useSearchParams();
  const { point, site, points } = stand;
  return (
    <Step
      state={point ? 'done' : 'todo'}
      title={t('ui.first_day.place')}
      what={
        point
          ? t('ui.first_day.place_is', {
              company,
              site: site?.name ?? point.site_name,
              zone: zone_words(point.zone),
              point: point.name,
            })
          : t('ui.first_day.place_none')
      }
    >
      {points.length > 1 && (
        <SelectField
          path="point"
          aria-label={t('ui.inbox.point')}
          value={point?.id ?? null}
          data={points.map((one) => ({ value: one.id, label: one.name }))}
          onChange={(id) =>
            set_search(
              (held) => {
                const next = new URLSearchParams(held);
                next.set('point', id ?? '');
                return next;
              },
              { replace: true },
            )
          }
        />
      )}
      <ButtonLink kind={point ? 'ghost' : 'primary'} to={links.settings('sites')}>
        {t('ui.first_day.place_change')}
      </ButtonLink>
    </Step>
  );
}

function BasisStep({ stand, links }: { stand: Stand; links: FirstDayLinks }) {
  const t = useT();
  const { point } = stand;
  if (!point) return <Step state="later" title={t('ui.first_run.basis')} />;
  const done = point.basis_confirmed;
  return (
    <Step
      state={done ? 'done' : 'bad'}
      title={t('ui.first_run.basis')}
      what={t(done ? 'ui.first_day.basis_is' : 'ui.points.no_basis')}
    >
      <ButtonLink kind={done ? 'ghost' : 'primary'} to={links.settings(`sites/${point.id}`)}>
        {t('ui.first_day.basis_change')}
      </ButtonLink>
      {done && (
        <ButtonLink kind="ghost" to={links.papers(point.id)}>
          {t('ui.paper.title')}
        </ButtonLink>
      )}
    </Step>
  );
}

function TryStep({ stand, links }: { stand: Stand; links: FirstDayLinks }) {
  const t = useT();
  const { point, recorder, device, tried } = stand;
  const ready = Boolean(point && recorder && device);
  return (
    <Step
      state={tried ? 'done' : ready ? 'todo' : 'later'}
      title={t('ui.try.title')}
      what={t(tried ? 'ui.first_day.try_is' : 'ui.first_day.try_what')}
    >
      {point && (
        <ButtonLink kind={ready && !tried ? 'primary' : 'plain'} to={links.check(point.id)}>
          {t('ui.first_day.try_do')}
        </ButtonLink>
      )}
    </Step>
  );
}

export function FirstDayPage({ company, links }: { company: string; links: FirstDayLinks }) {
  const t = useT();
  const go = useNavigate();
  const [search] = useSearchParams();
  const [pairing, set_pairing] = useState(false);
  const stand = useStand(search.get('point'), pairing);
  return (
    <div className="o-plain-page">
      <h1>{t('ui.first_day.title')}</h1>
      <p className="o-2">{t('ui.first_day.what')}</p>
      <Loaded asking={stand} title={t('ui.first_day.failed')} rows={8} height={72}>
        {(data) => (
          <>
            <p className="o-3" role="status">
              {t('ui.first_day.done_n', done_of(data))}
            </p>
            <Steps label={t('ui.first_day.title')}>
              <Place stand={data} company={company} links={links} />
              <BasisStep stand={data} links={links} />
              <Tools stand={data} links={links} />
              <PanelStep stand={data} onCode={() => set_pairing(true)} />
              <TryStep stand={data} links={links} />
              <FirstReview stand={data} links={links} onOpen={(id) => void go(links.sheet(id))} />
            </Steps>
          </>
        )}
      </Loaded>
    </div>
  );
}
