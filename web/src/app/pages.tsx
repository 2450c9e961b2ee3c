// Small pages that only put a feature at its address.
import { Navigate, useNavigate, useParams } from 'react-router';
import { ChecksPage as Checks } from '../features/checks/ChecksPage';
import { useClip } from '../features/clips/queries';
import { RecordFailed } from '../features/clips/Record';
import { ViewsMenu } from '../features/views/ViewsMenu';
import { PasswordPage as Password } from '../features/people/PasswordPage';
import { Skeleton } from '../ui/States';
import { paths } from './paths';
import { useSession } from './session';

export function ChecksPage() {
  const { rights } = useSession();
  const links = { check: paths.check, draw: paths.draw(), inbox: paths.inbox() };
  const own = !rights.includes('check');
  return <Checks own={own} links={links} views={<ViewsMenu list="checks" may_share={!own} />} />;
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
