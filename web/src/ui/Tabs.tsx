import { useEffect, useRef } from 'react';
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
  const row = useRef<HTMLElement>(null);
  // On a phone the row scrolls; the tab in force stands in sight, with a part of its neighbours.
  useEffect(() => {
    const held = row.current;
    const on = held?.querySelector<HTMLElement>('[aria-current]');
    if (!held || !on) return;
    const at = on.getBoundingClientRect();
    const frame = held.getBoundingClientRect();
    held.scrollLeft += at.left + at.width / 2 - (frame.left + frame.width / 2);
  }, [current]);
  return (
    <nav ref={row} className="o-tabs" aria-label={label}>
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
