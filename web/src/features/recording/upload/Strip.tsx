// The line of files under way, for whichever page is shown.
import { Link, useLocation } from 'react-router';
import { useT } from '../../../lib/lang';
import { show_behind } from '../../../lib/behind';
import { size_parts } from '../../../lib/numbers';
import { is_under_way, left_of, useQueue } from './queue';

const upload_page = '/points';

function Strip() {
  const t = useT();
  const items = useQueue();
  const { pathname, search } = useLocation();
  const under_way = items.filter(is_under_way);
  const seen = pathname === upload_page && search.includes('upload=1');
  if (under_way.length === 0 || seen) return null;
  const { bytes } = left_of(items);
  const { value, unit } = size_parts(bytes);
  const all = under_way.reduce((sum, one) => sum + one.file.size, 0);
  return (
    <div className="o-upload-behind" role="status">
      <progress value={all > 0 ? 1 - bytes / all : 1} max={1} aria-hidden="true" />
      <Link className="o-link" to={`${upload_page}?upload=1`}>
        {t('ui.upload.behind', { n: under_way.length })}
      </Link>
      <span className="o-3 o-nw">
        {t('ui.upload.left', { size: t(`ui.size.${unit}`, { n: value }) })}
      </span>
    </div>
  );
}

/** Once per loaded desk; the strip shows itself only while something is under way. */
export function watch_behind(): void {
  show_behind(<Strip />);
}
