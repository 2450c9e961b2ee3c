// How does it work here? One page per part; each is a link of its own.
import { IconLock } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import { Link } from 'react-router';
import { useT } from '../../lib/lang';
import { EmptyState, Skeleton } from '../../ui/States';
import { Tabs } from '../../ui/Tabs';
import { DeviceMap } from './DeviceMap';
import { Devices } from './Devices';
import { Forms } from './Forms';
import { LettersPart } from './Letters';
import { Machine, type SubjectLink } from './Machine';
import { MailPart } from './Mail';
import { People } from './People';
import { PointPart } from './PointPart';
import { Questions } from './Questions';
import { Recorders } from './Recorders';
import './settings.css';
import { Sites } from './Sites';

const parts = [
  { id: 'sites', right: 'manage' },
  { id: 'map', right: 'manage' },
  { id: 'recorders', right: 'manage' },
  { id: 'devices', right: 'manage' },
  { id: 'questions', right: 'manage' },
  { id: 'forms', right: 'manage' },
  { id: 'people', right: 'manage_people' },
  { id: 'import', right: 'manage' },
  { id: 'keeping', right: 'manage' },
  { id: 'mail', right: 'operate' },
  { id: 'letters', right: 'see_recording' },
  { id: 'machine', right: 'operate' },
] as const;

// Few open it: its own chunk.
const ImportPart = lazy(async () => ({
  default: (await import('./import/ImportPart')).ImportPart,
}));

const Retention = lazy(() => import('./Retention'));

export interface SettingsProps {
  part?: string;
  id?: string;
  rights: readonly string[];
  link: (part: string) => string;
  first_day: string;
  papers: (point: string) => string;
  subject_link: SubjectLink;
}

export function SettingsPage({
  part,
  id,
  rights,
  link,
  first_day,
  papers,
  subject_link,
}: SettingsProps) {
  const t = useT();
  const mine = parts.filter((one) => rights.includes(one.right));
  const here = mine.find((one) => one.id === part) ?? mine[0];
  const sub = (name: string) => (one?: string) =>
    link(one ? `${name}/${encodeURIComponent(one)}` : name);
  if (!here) return <EmptyState icon={IconLock} title={t('ui.set.no_right')} />;
  return (
    <>
      <div className="o-set-top">
        <div className="o-row">
          <h1>{t('ui.place.settings')}</h1>
          <span className="o-sp" />
          {rights.includes('manage') && (
            <Link className="o-link" to={first_day}>
              {t('ui.first_day.title')}
            </Link>
          )}
        </div>
        <Tabs
          label={t('ui.place.settings')}
          current={here.id}
          tabs={mine.map((one) => ({
            id: one.id,
            label: t(`ui.set.${one.id}`),
            to: link(one.id),
          }))}
        />
      </div>
      <div className="o-page o-set">
        {here.id === 'sites' &&
          (id ? (
            <PointPart key={id} id={id} back={link('sites')} papers={papers(id)} />
          ) : (
            <Sites link={sub('sites')} />
          ))}
        {here.id === 'map' && <DeviceMap link={sub('sites')} />}
        {here.id === 'recorders' && <Recorders />}
        {here.id === 'devices' && <Devices id={id} link={sub('devices')} />}
        {here.id === 'questions' && <Questions />}
        {here.id === 'forms' && <Forms id={id} link={sub('forms')} />}
        {here.id === 'people' && <People />}
        {here.id === 'import' && (
          <Suspense fallback={<Skeleton rows={4} height={44} />}>
            <ImportPart id={id} rights={rights} link={sub('import')} form_link={sub('forms')} />
          </Suspense>
        )}
        {here.id === 'keeping' && (
          <Suspense fallback={<Skeleton rows={4} height={44} />}>
            <Retention link={subject_link} point_link={sub('sites')} />
          </Suspense>
        )}
        {here.id === 'mail' && <MailPart />}
        {here.id === 'letters' && (
          <LettersPart
            may_manage={rights.includes('manage')}
            may_operate={rights.includes('operate')}
          />
        )}
        {here.id === 'machine' && <Machine link={subject_link} />}
      </div>
    </>
  );
}
