// The map of devices: site, area, point, and what stands there. One look tells what is missing.
import { IconAlertCircle, IconDeviceTablet, IconMapPin, IconMicrophone } from '@tabler/icons-react';
import { Link } from 'react-router';
import { locale, useT } from '../../lib/lang';
import { Loaded } from '../../ui/Loaded';
import { EmptyState } from '../../ui/States';
import { StateWord } from '../../ui/StateWord';
import { Part } from './kit';
import { hours_words } from './point_hours';
import { useDevices, usePoints, useRecorders, useSites, type Point } from './queries';
import { weekday_names } from './QuestionPlan';

interface Standing {
  recorders: readonly string[];
  devices: readonly string[];
}

function Line({ point, standing, to }: { point: Point; standing: Standing; to: string }) {
  const t = useT();
  const flow = point.flow_class;
  const what = [
    point.point_type === 'unstated' ? '' : t(`ui.set.type.${point.point_type}`),
    flow === 'unstated' ? '' : t(`ui.set.flow_short.${flow}`),
    hours_words(point.hours, weekday_names(locale())) || t('ui.set.hours_none'),
  ].filter(Boolean);
  const things = (names: readonly string[], none: string, icon: typeof IconMicrophone) =>
    names.length === 0 ? (
      <StateWord icon={IconAlertCircle} tone="amber">
        {none}
      </StateWord>
    ) : (
      <StateWord icon={icon} tone="quiet">
        {names.join(', ')}
      </StateWord>
    );
  return (
    <li>
      <Link to={to} className="o-map-link">
        <span className="o-map-line">
          <span>
            <span className="o-m">{point.name}</span>{' '}
            {point.open_now != null && (
              <span className="o-3 o-s">
                {t(point.open_now ? 'ui.set.open_now' : 'ui.set.closed_now')}
              </span>
            )}
            <span className="o-3 o-s o-map-what">{what.join(' · ')}</span>
          </span>
          <span>{things(standing.recorders, t('ui.set.map_no_recorder'), IconMicrophone)}</span>
          <span>{things(standing.devices, t('ui.set.map_no_device'), IconDeviceTablet)}</span>
        </span>
      </Link>
    </li>
  );
}

/** Areas in the order of their names; points without one stand last. */
function areas_of(points: readonly Point[]): [string, Point[]][] {
  const areas = new Map<string, Point[]>();
  for (const point of points) areas.set(point.area, [...(areas.get(point.area) ?? []), point]);
  return [...areas].sort(([a], [b]) => (a === '' ? 1 : b === '' ? -1 : a.localeCompare(b)));
}

export function DeviceMap({ link }: { link: (point: string) => string }) {
  const t = useT();
  const sites = useSites();
  const points = usePoints();
  const recorders = useRecorders().data?.items ?? [];
  const devices = useDevices().data?.items ?? [];
  const standing = (point: string): Standing => ({
    recorders: recorders
      .filter((one) => one.point_id === point && !one.archived_at)
      .map((one) => one.name),
    devices: devices
      .filter((one) => one.point_id === point && !one.revoked_at)
      .map((one) => one.name),
  });
  const live = points.data?.items.filter((one) => !one.archived_at) ?? [];
  return (
    <Loaded asking={sites} title={t('ui.set.failed')}>
      {(data) => (
        <>
          <p className="o-2 o-set-what">{t('ui.set.map_what')}</p>
          {points.data && live.length === 0 && (
            <EmptyState
              icon={IconMapPin}
              title={t('ui.set.map_empty')}
              what={t('ui.set.map_empty_what')}
            />
          )}
          {data.items
            .filter((site) => live.some((one) => one.site_id === site.id))
            .map((site) => (
              <Part key={site.id} title={site.name} what={site.address}>
                {areas_of(live.filter((one) => one.site_id === site.id)).map(([area, inside]) => (
                  <section key={area} aria-label={area || t('ui.set.map_no_area')}>
                    <h3 className="o-map-area">{area || t('ui.set.map_no_area')}</h3>
                    <ul className="o-set-rows">
                      {inside.map((point) => (
                        <Line
                          key={point.id}
                          point={point}
                          standing={standing(point.id)}
                          to={link(point.id)}
                        />
                      ))}
                    </ul>
                  </section>
                ))}
              </Part>
            ))}
        </>
      )}
    </Loaded>
  );
}
