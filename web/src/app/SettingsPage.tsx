// The settings at their address; what an account may not change is not shown.
import { useParams } from 'react-router';
import { SettingsPage as Settings } from '../features/settings/SettingsPage';
import { paths } from './paths';
import { useSession } from './session';

export function SettingsPage() {
  const { part, id } = useParams();
  return (
    <Settings
      part={part}
      id={id}
      rights={useSession().rights}
      link={(one) => paths.settings(one)}
    />
  );
}
