// The guide at its address: /guide/checker#inbox.
import { useLocation, useParams } from 'react-router';
import { GuidePage as Guide, guides } from '../features/guide/GuidePage';

export function GuidePage() {
  const { guide } = useParams();
  const { hash } = useLocation();
  return (
    <Guide
      guide={guides.find((one) => one === guide) ?? guides[0]}
      part={hash.slice(1)}
      link={(one) => `/guide/${one}`}
    />
  );
}
