// The repair of recordings at its address.
import { RepairPage as Repair } from '../features/recording/repair/RepairPage';
import { paths } from './paths';

const links = {
  signal: (id: string) => paths.signal(id),
  recording: paths.recording,
  check: paths.check,
};

export function RepairPage() {
  return <Repair links={links} points={paths.points()} />;
}
