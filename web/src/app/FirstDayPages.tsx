// The first day, the check of a point and the papers of a point at their addresses.
import { useParams, useSearchParams } from 'react-router';
import { PointCheck } from '../features/recording/check/PointCheck';
import '../features/recording/recording.css';
import { FirstDayPage as FirstDay } from '../features/settings/first_day/FirstDayPage';
import { PapersPage as Papers } from '../features/settings/Papers';
import '../features/settings/settings.css';
import { useT } from '../lib/lang';
import { paths } from './paths';
import { useSession } from './session';

/** The check goes back to where it was opened from. */
const from_first_day = 'first-day';

export function FirstDayPage() {
  const links = {
    settings: paths.settings,
    check: (point: string) => `${paths.point_check(point)}?from=${from_first_day}`,
    papers: paths.papers,
    sheet: paths.check,
    signal: (id: string) => paths.signal(id),
    upload: paths.points({ upload: 1 }),
  };
  return <FirstDay company={useSession().company_name} links={links} />;
}

export function PointCheckPage() {
  const t = useT();
  const { point = '' } = useParams();
  const [search] = useSearchParams();
  const back =
    search.get('from') === from_first_day
      ? { to: paths.first_day, name: t('ui.first_day.title') }
      : undefined;
  const links = { settings: paths.settings, points: paths.points({ point }), back };
  return <PointCheck key={point} id={point} links={links} />;
}

export function PapersPage() {
  const { point = '' } = useParams();
  return (
    <Papers
      id={point}
      company={useSession().company_name}
      back={paths.settings(`sites/${encodeURIComponent(point)}`)}
    />
  );
}
