// The board at its address.
import { BoardPage as Board } from '../features/insight/BoardPage';
import { paths } from './paths';

export function BoardPage() {
  const links = { signal: (id: string) => paths.signal(id), clip: paths.clip, check: paths.check };
  return <Board links={links} points_link={paths.points()} />;
}
