// The settings at their address; what an account may not change is not shown.
import { useParams } from 'react-router';
import { SettingsPage as Settings } from '../features/settings/SettingsPage';
import { paths } from './paths';
import { useSession } from './session';

const pages: Partial<Record<string, (id: string) => string>> = {
  check: paths.check,
  clip: paths.clip,
  draw: paths.draw,
  recording: paths.recording,
  import: (id) => `${paths.settings('import')}/${encodeURIComponent(id)}`,
  signal: (id) => paths.signal(id),
  device: (id) => `${paths.settings('devices')}/${encodeURIComponent(id)}`,
  form: (id) => `${paths.settings('forms')}/${encodeURIComponent(id)}`,
  point: (id) => `${paths.settings('sites')}/${encodeURIComponent(id)}`,
};

export function SettingsPage() {
  const { part, id } = useParams();
  return (
    <Settings
      part={part}
      id={id}
      rights={useSession().rights}
      link={(one) => paths.settings(one)}
      first_day={paths.first_day}
      papers={paths.papers}
      subject_link={(kind, one) => pages[kind]?.(one)}
    />
  );
}
