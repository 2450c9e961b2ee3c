// A QR picture; apart, so that its library comes only when somebody connects a panel.
import { encode } from 'uqr';

const cell = 6;

export default function QrCode({ text, label }: { text: string; label: string }) {
  const { data, size } = encode(text, { ecc: 'M', border: 4 });
  const path = data
    .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')))
    .join('');
  // Black on white in both themes: cameras read it best so.
  return (
    <svg
      role="img"
      aria-label={label}
      className="o-qr"
      width={size * cell}
      height={size * cell}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
