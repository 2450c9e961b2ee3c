import type { ClipPiece } from '../../api/types';
import { seconds_of } from '../../lib/sound';
import type { Span } from '../../ui/player/engine';

const least_gap_s = 0.5; // a joint of two files is heard as nothing

export interface Gap extends Span {
  why: string;
}
export function gaps_of(pieces: readonly ClipPiece[]): Gap[] {
  return pieces
    .filter((piece) => piece.kind === 'gap')
    .map((piece) => ({
      from: seconds_of(piece.clip_sample),
      to: seconds_of(piece.clip_sample + piece.sample_count),
      why: piece.gap_text ?? '',
    }))
    .filter((gap) => gap.to - gap.from >= least_gap_s);
}
