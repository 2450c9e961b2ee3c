// One point beside the list: what is wrong, what to do, who is on duty, what was lost.
import { IconAlertCircle, IconChevronLeft, IconClockPause } from '@tabler/icons-react';
import { Link } from 'react-router';
import { t as word, text_of, useT } from '../../lib/lang';
import { kind_look } from '../../lib/signal';
import { clock, day_short, duration, when } from '../../lib/times';
import { Button, ButtonLink } from '../../ui/Button';
import { StateWord } from '../../ui/StateWord';
import { minutes_of, type DayLook } from './coverage';
import { useBasis, useDuty, type Point, type Recorder } from './queries';

export interface PointLinks {
  recording: (id: string) => string;
  signal: (id: string) => string;
  settings: (part: string) => string;
  check: (point: string) => string;
  /** A checker's check; absent for those who may not read checks. */
  checked?: (check: string) => string;
  repair: (recordings: string) => string;
}

const names_shown = 3;
/** The first few and how many more; the page of settings lists them all. */
function recorder_names(recorders: readonly Recorder[]): string {
  const names = recorders.slice(0, names_shown).map((one) => one.name);
  const more = recorders.length - names.length;
  return more > 0
    ? word('ui.points.and_more', { names: names.join(', '), n: more })
    : names.join(', ');
}

function Facts({
  point,
  recorders,
  look,
}: {
  point: Point;
  recorders: readonly Recorder[];
  look?: DayLook;
}) {
  const t = useT();
  const basis = useBasis(point.id, point.basis_confirmed);
  const shifts = useDuty(point.id);
  const duty = shifts.data?.items.find((one) => !one.end_at || Date.parse(one.end_at) > Date.now());
  // What was not told is not «nobody» and not «none».
  const unknown = <span className="o-amber">{t('ui.points.not_loaded')}</span>;
  const ends = recorders.flatMap((one) => (one.newest_end_at ? [one.newest_end_at] : []));
  const last = ends.sort().at(-1) ?? look?.last;
  return (
    <dl className="o-facts">
      <dt>{t('ui.points.recorder')}</dt>
      <dd>
        {recorder_names(recorders) || <span className="o-3">{t('ui.points.no_recorder')}</span>}
      </dd>
      <dt>{t('ui.points.last')}</dt>
      <dd>
        {last ? (
          when(last, point.zone, Date.now(), true)
        ) : (
          <span className="o-3">{t('ui.points.nothing')}</span>
        )}
      </dd>
      <dt>{t('ui.points.duty')}</dt>
      <dd>
        {duty ? (
          <>
            {duty.person_name}{' '}
            <span className="o-3">
              {t('ui.points.since', { time: when(duty.begin_at, point.zone, Date.now(), true) })}
            </span>
          </>
        ) : shifts.data ? (
          <span className="o-3">{t('ui.clip.nobody')}</span>
        ) : (
          shifts.isError && unknown
        )}
      </dd>
      <dt>{t('ui.points.basis')}</dt>
      <dd>
        {basis.data
          ? t('ui.points.basis_from', { day: day_short(basis.data.confirmed_at, point.zone) })
          : !point.basis_confirmed && <span className="o-red">{t('ui.points.basis_none')}</span>}
        {basis.isError && unknown}
      </dd>
    </dl>
  );
}

function Lost({ look }: { look: DayLook }) {
  const t = useT();
  if (look.lost.length + look.holes.length === 0) return null;
  return (
    <>
      <h2>{t('ui.points.lost_title')}</h2>
      <ul className="o-point-rows">
        {look.lost.map((gap) => (
          <li key={gap.from}>
            <span className="o-3">{clock(gap.from, look.zone)}</span>
            <span>{text_of(`clip.gap.${gap.cause}`) ?? gap.cause}</span>
            <span className="o-red">{duration((gap.to - gap.from) / 1000)}</span>
          </li>
        ))}
        {look.holes.map((hole) => (
          <li key={hole.from}>
            <span className="o-3">{clock(hole.from, look.zone)}</span>
            <span>{t('ui.points.not_come')}</span>
            <span className="o-amber">{duration((hole.to - hole.from) / 1000)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function Silent({ look, links }: { look: DayLook; links: PointLinks }) {
  const t = useT();
  const silent = look.presses.filter((press) => press.silent);
  if (silent.length === 0) return null;
  return (
    <>
      <h2>{t('ui.points.silent_title')}</h2>
      <ul className="o-point-rows">
        {silent.map((press) => (
          <li key={press.id}>
            <span className="o-3">{clock(press.at, look.zone)}</span>
            <Link className="o-link" to={links.signal(press.id)}>
              {kind_look(press.kind).text}
            </Link>
            <span className={press.silent === 'lost' ? 'o-red' : 'o-amber'}>
              {t(press.silent === 'lost' ? 'ui.clip.state.failed' : 'ui.clip.state.waiting_upload')}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

export function PointSide({
  point,
  recorders,
  look,
  links,
  may_manage,
  may_import,
  onUpload,
  onBack,
}: {
  point: Point;
  recorders: readonly Recorder[];
  look?: DayLook;
  links: PointLinks;
  may_manage: boolean;
  may_import: boolean;
  onUpload: () => void;
  onBack: () => void;
}) {
  const t = useT();
  const lost = minutes_of(look?.lost_ms ?? 0);
  const holes = minutes_of(look?.holes_ms ?? 0);
  return (
    <section className="o-point-side" aria-label={point.name}>
      <div className="o-row">
        <span className="o-only-ph">
          <Button kind="ghost" icon={IconChevronLeft} label={t('ui.clip.back')} onClick={onBack} />
        </span>
        <h1>{point.name}</h1>
      </div>
      <p className="o-3 o-s">{point.site_name}</p>
      {!point.basis_confirmed && (
        <div className="o-point-told">
          <StateWord icon={IconAlertCircle} tone="red">
            {t('ui.points.no_basis_short')}
          </StateWord>
          <p className="o-2">{t('ui.points.no_basis')}</p>
          {may_manage ? (
            <ButtonLink kind="primary" to={links.settings(`sites/${point.id}`)}>
              {t('ui.points.fill_basis')}
            </ButtonLink>
          ) : (
            <p className="o-3">{t('ui.points.ask_admin')}</p>
          )}
        </div>
      )}
      {lost > 0 && (
        <div className="o-point-told">
          <StateWord icon={IconAlertCircle} tone="red">
            {t('ui.points.lost_n', { n: lost })}
          </StateWord>
          <p className="o-2">{t('ui.points.lost_do')}</p>
        </div>
      )}
      {lost === 0 && holes > 0 && (
        <div className="o-point-told">
          <StateWord icon={IconClockPause} tone="amber">
            {t('ui.points.holes_n', { n: holes })}
          </StateWord>
          <p className="o-2">{t('ui.points.holes_do')}</p>
        </div>
      )}
      <div className="o-row o-point-do">
        {may_import && point.basis_confirmed && recorders.length > 0 && (
          <Button kind="primary" onClick={onUpload}>
            {t('ui.upload.title')}
          </Button>
        )}
        {recorders.length === 0 && may_manage && (
          <ButtonLink to={links.settings('recorders')}>{t('ui.points.add_recorder')}</ButtonLink>
        )}
        {may_import && may_manage && (
          <ButtonLink to={links.check(point.id)}>{t('ui.try.title')}</ButtonLink>
        )}
      </div>
      <Facts point={point} recorders={recorders} look={look} />
      {look && <Lost look={look} />}
      {look && <Silent look={look} links={links} />}
    </section>
  );
}
