// Points and recordings at their addresses.
import { useParams } from 'react-router';
import { PointsPage as Points } from '../features/recording/PointsPage';
import { RecordingPage as Recording } from '../features/recording/RecordingPage';
import { ViewsMenu } from '../features/views/ViewsMenu';
import { paths } from './paths';
import { useRight } from './session';

export function PointsPage() {
  const checked = useRight('check') ? paths.check : undefined;
  const links = {
    checked,
    recording: paths.recording,
    signal: (id: string) => paths.signal(id),
    settings: paths.settings,
    check: paths.point_check,
    repair: (ids: string) => paths.repair(ids),
  };
  return (
    <Points
      links={links}
      may_manage={useRight('manage')}
      may_import={useRight('import_audio')}
      views={<ViewsMenu list="recordings" but={['day', 'point']} may_share />}
    />
  );
}

export function RecordingPage() {
  const { recording = '' } = useParams();
  return (
    <Recording
      key={recording}
      id={recording}
      back={paths.points()}
      repair_link={paths.repair}
      may_repair={useRight('manage')}
      may_import={useRight('import_audio')}
      may_listen={useRight('listen')}
      may_hold={useRight('check')}
    />
  );
}
