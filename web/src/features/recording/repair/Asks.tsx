// Recordings that somebody asks to put right, for those who may; nothing when nobody asks.
import { Link } from 'react-router';
import { useT } from '../../../lib/lang';
import { clock, day_short } from '../../../lib/times';
import { useAsks } from './queries';
import './repair.css';

export function Asks({ link }: { link: (id: string) => string }) {
  const t = useT();
  const items = useAsks(true).data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <section className="o-points-part">
      <h2>{t('ui.repair.asks_title')}</h2>
      <ul className="o-repair-list">
        {items.map((ask) => (
          <li key={ask.id}>
            <Link className="o-link" to={link(ask.recording_id)}>
              {ask.point_name}, {day_short(ask.begin_at, ask.zone)} {clock(ask.begin_at, ask.zone)}
            </Link>{' '}
            <b>{t('ui.repair.asks', { name: ask.asked_by_name })}</b> {ask.text}
          </li>
        ))}
      </ul>
    </section>
  );
}
