// Points whose sound made checkers give up: counted from their checks, each opens the newest.
import { useQuery } from '@tanstack/react-query';
import { IconEarOff } from '@tabler/icons-react';
import { Link } from 'react-router';
import { get } from '../../api/call';
import type { Given } from '../../api/types';
import { useT } from '../../lib/lang';
import { day_short } from '../../lib/times';
import { StateWord } from '../../ui/StateWord';

export function BadSound({ link }: { link: (check: string) => string }) {
  const t = useT();
  const asked = useQuery({
    queryKey: ['check', 'bad-sound'],
    queryFn: () => get<Given<'BadSoundList'>>('/checks/bad-sound'),
  });
  const rows = asked.data?.items ?? [];
  if (rows.length === 0) return null; // nobody complained, or it cannot be told now
  return (
    <section className="o-bad-sound" aria-label={t('ui.points.bad_sound')}>
      <h2>{t('ui.points.bad_sound')}</h2>
      <ul className="o-point-rows">
        {rows.map((row) => (
          <li key={row.point_id}>
            <StateWord icon={IconEarOff} tone="amber">
              {row.point_name}
            </StateWord>
            <span className="o-2">{t('ui.points.bad_sound_n', { n: row.count })}</span>
            <Link className="o-link" to={link(row.newest_id)}>
              {t('ui.points.bad_sound_newest', {
                day: day_short(`${row.newest_day}T12:00:00Z`, 'UTC'),
              })}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
