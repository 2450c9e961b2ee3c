// Small pages that only put a feature at its address.
import { Navigate, useNavigate, useNavigation, useParams } from 'react-router';
import { ChecksPage as Checks } from '../features/checks/ChecksPage';
import { useClip } from '../features/clips/queries';
import { RecordFailed } from '../features/clips/Record';
import { PasswordPage as Password } from '../features/people/PasswordPage';
import { Skeleton } from '../ui/States';
import { paths } from './paths';
import { places_of } from './places';
import { useSession } from './session';

export function ChecksPage() {
  const { rights } = useSession();
  const links = { check: paths.check, draw: paths.draw(), inbox: paths.inbox() };
  return <Checks own={!rights.includes('check')} links={links} />;
}

/** A link to a clip opens the inbox with its signal beside. */
export function ClipPage() {
  const { clip } = useParams();
  const query = useClip(clip);
  if (query.data) return <Navigate to={paths.signal(query.data.signal.id)} replace />;
  if (query.error) return <RecordFailed error={query.error} onRetry={() => void query.refetch()} />;
  return <Skeleton rows={8} />;
}

export function PasswordPage() {
  const go = useNavigate();
  return <Password onDone={() => void go(paths.home)} />;
}

/** The first place this account may open, unless another was pressed and is on its way. */
export function HomePage() {
  const first = places_of(useSession().rights)[0];
  const stays = useNavigation().state === 'idle';
  return first && stays ? <Navigate to={first.to} replace /> : null;
}
