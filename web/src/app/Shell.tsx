// The frame of the desk: places left (bottom on a phone), the page beside.
import { Menu, Tooltip } from '@mantine/core';
import { IconAlertCircle, IconCloudOff, IconHelp, IconMenu2 } from '@tabler/icons-react';
import { Suspense, type ReactNode } from 'react';
import { Link, useLocation, useNavigate } from 'react-router';
import { useConnected } from '../api/live';
import { cx } from '../lib/cx';
import { useT } from '../lib/lang';
import { number } from '../lib/numbers';
import { Behind } from '../lib/behind';
import { KeyHelp } from '../ui/KeyHelp';
import { StateWord } from '../ui/StateWord';
import { Toasts } from '../ui/Toast';
import { AccountItems, AccountMenu } from './AccountMenu';
import { Find } from './Find';
import { guide_of } from './help';
import { place_of, places_of, type Place } from './places';
import { useSession } from './session';

export interface PlaceCount {
  n: number;
  /** Something here is lost or late. */
  fault?: boolean;
}
export type PlaceCounts = Partial<Record<Place['id'], PlaceCount>>;

const usePlaceHere = (): Place['id'] | undefined => place_of(useLocation().pathname)?.id;

function Count({ count }: { count?: PlaceCount }) {
  if (!count || count.n === 0) return null;
  return (
    <span className={cx('o-cnt', count.fault && 'o-red')}>
      {count.fault && <IconAlertCircle size={16} aria-hidden />} <span>{number(count.n)}</span>
    </span>
  );
}

function Nav({ counts }: { counts: PlaceCounts }) {
  const t = useT();
  const session = useSession();
  const here = usePlaceHere();
  const connected = useConnected();
  const { pathname } = useLocation();
  const help = guide_of(pathname, session.role);
  return (
    <nav className="o-nav" aria-label={t('ui.shell.places')}>
      <div className="o-nav-head">
        <b aria-label={t('ui.name')}>
          {t('ui.name').slice(0, 1)}
          <span className="o-lb">{t('ui.name').slice(1)}</span>
        </b>
        <span className="o-3 o-s o-cut o-lb" title={session.company_name}>
          {session.company_name}
        </span>
      </div>
      {places_of(session.rights).map((place) => (
        <Tooltip
          key={place.id}
          label={t(place.word)}
          position="right"
          classNames={{ tooltip: 'o-nav-tip' }}
        >
          <Link
            to={place.to}
            className={cx('o-place', here === place.id && 'o-on')}
            aria-current={here === place.id ? 'page' : undefined}
          >
            <place.icon size={16} aria-hidden />
            <span className="o-lb">{t(place.word)}</span>
            <Count count={counts[place.id]} />
          </Link>
        </Tooltip>
      ))}
      <div className="o-nav-end">
        {!connected && (
          <StateWord icon={IconCloudOff} tone="amber" small className="o-lost">
            <span className="o-lb">{t('ui.shell.not_live')}</span>
          </StateWord>
        )}
        <Link to={help} className={cx('o-place', pathname.startsWith('/guide') && 'o-on')}>
          <IconHelp size={16} aria-hidden />
          <span className="o-lb">{t('ui.shell.guide')}</span>
        </Link>
        <AccountMenu />
      </div>
    </nav>
  );
}

function BottomBar({ counts }: { counts: PlaceCounts }) {
  const t = useT();
  const go = useNavigate();
  const here = usePlaceHere();
  const { rights, role } = useSession();
  const { pathname } = useLocation();
  const mine = places_of(rights);
  return (
    <nav className="o-bottom" aria-label={t('ui.shell.places')}>
      {mine
        .filter((place) => place.on_phone)
        .map((place) => (
          <Link
            key={place.id}
            to={place.to}
            className={cx(here === place.id && 'o-on')}
            aria-current={here === place.id ? 'page' : undefined}
          >
            <place.icon size={20} aria-hidden />
            <span>
              {t(place.word)}
              {counts[place.id]?.n ? ` ${number(counts[place.id]?.n ?? 0)}` : ''}
            </span>
          </Link>
        ))}
      <Menu position="top-end" width={232}>
        <Menu.Target>
          <button
            type="button"
            className={cx(mine.some((p) => !p.on_phone && p.id === here) && 'o-on')}
          >
            <IconMenu2 size={20} aria-hidden />
            <span>{t('ui.shell.more')}</span>
          </button>
        </Menu.Target>
        <Menu.Dropdown className="o-bottom-menu">
          {mine
            .filter((place) => !place.on_phone)
            .map((place) => (
              <Menu.Item
                key={place.id}
                leftSection={<place.icon size={20} aria-hidden />}
                onClick={() => void go(place.to)}
              >
                {t(place.word)}
              </Menu.Item>
            ))}
          <Menu.Item
            leftSection={<IconHelp size={20} aria-hidden />}
            onClick={() => void go(guide_of(pathname, role))}
          >
            {t('ui.shell.guide')}
          </Menu.Item>
          <Menu.Divider />
          <AccountItems />
        </Menu.Dropdown>
      </Menu>
    </nav>
  );
}

export function Shell({
  counts = {},
  under,
  children,
}: {
  counts?: PlaceCounts;
  /** A strip under the page. */
  under?: ReactNode;
  children: ReactNode;
}) {
  const t = useT();
  return (
    <div className="o-app">
      <a className="o-skip" href="#page">
        {t('ui.shell.skip')}
      </a>
      <Nav counts={counts} />
      <main id="page" tabIndex={-1}>
        {children}
      </main>
      {under && <Suspense>{under}</Suspense>}
      <BottomBar counts={counts} />
      <KeyHelp />
      <Find />
      <Toasts />
      <Behind />
    </div>
  );
}
