import { Link } from 'react-router';
import { cx } from '../lib/cx';

export interface Tab {
  id: string;
  label: string;
  to: string;
  count?: string;
  className?: string;
}

/** Tabs are links: the one in force stands in the URL. */
export function Tabs({
  tabs,
  current,
  label,
}: {
  tabs: readonly Tab[];
  current: string;
  label: string;
}) {
  return (
    <nav className="o-tabs" aria-label={label}>
      {tabs.map((tab) => (
        <Link
          key={tab.id}
          to={tab.to}
          className={cx('o-tab', tab.id === current && 'o-on', tab.className)}
          aria-current={tab.id === current ? 'page' : undefined}
        >
          {tab.label}
          {tab.count !== undefined && <span> {tab.count}</span>}
        </Link>
      ))}
    </nav>
  );
}
