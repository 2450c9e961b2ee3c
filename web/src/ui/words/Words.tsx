// What was said, word by word; the word heard now is lit, a click jumps to it.
import { IconClockPause, IconUnlink } from '@tabler/icons-react';
import { memo, useEffect, useRef, type MouseEvent, type RefObject } from 'react';
import { place } from '../../lib/times';
import type { PlayerControl } from '../player/engine';
import { Pin, type Tone } from '../StateWord';
import { find_word, follow_to } from './follow';

export interface Word {
  text: string;
  from: number;
  to: number;
  /** Said only if the engine doubted; shown on hover. */
  doubt?: string;
}
export type WordLine =
  | {
      kind: 'said';
      id: string;
      at: number;
      who: string;
      words: readonly Word[];
      pins?: readonly { text: string; tone: Tone }[];
    }
  | { kind: 'gap' | 'pending' | 'press'; id: string; at: number; text: string };

export interface WordsProps {
  control: PlayerControl;
  lines: readonly WordLine[];
  origin?: number;
  /** The element that scrolls; the line heard now is kept at a third of its height. */
  scroll?: RefObject<HTMLElement | null>;
  jump_label: (time: string) => string;
}

/** Only the word itself is lit, not the comma after it. */
function Spoken({ word, index }: { word: Word; index: number }) {
  const [, before = '', core = word.text, after = ''] =
    /^([^\p{L}\p{N}]*)(.*?)([^\p{L}\p{N}]*)$/u.exec(word.text) ?? [];
  const bare = core === '';
  return (
    <span>
      {bare ? '' : before}
      <span
        className="o-word"
        data-word={index}
        data-doubt={word.doubt ? '' : undefined}
        title={word.doubt}
      >
        {bare ? word.text : core}
      </span>
      {bare ? '' : after}{' '}
    </span>
  );
}

const Said = memo(function Said({
  line,
  first,
}: {
  line: Extract<WordLine, { kind: 'said' }>;
  first: number;
}) {
  return (
    <>
      <span className="o-ln-who">{line.who}</span>
      <span className="o-ln-x">
        {line.words.map((word, i) => (
          <Spoken key={first + i} word={word} index={first + i} />
        ))}
        {line.pins?.map((pin) => (
          <Pin key={pin.text} tone={pin.tone}>
            {pin.text}
          </Pin>
        ))}
      </span>
    </>
  );
});

/** Words of all lines in a row, and where each line starts among them. */
function flat(lines: readonly WordLine[]) {
  const words: (Word & { line: number })[] = [];
  const first = lines.map((line, index) => {
    const start = words.length;
    if (line.kind === 'said') for (const word of line.words) words.push({ ...word, line: index });
    return start;
  });
  return { words, first };
}

/** A person who scrolls is not pulled away for this long. */
const hands_off_ms = 6_000;

function useLight(
  box: RefObject<HTMLDivElement | null>,
  { control, lines, scroll }: WordsProps,
  words: readonly (Word & { line: number })[],
): void {
  const touched = useRef(-Infinity);
  useEffect(() => {
    const held = scroll?.current;
    if (!held) return undefined;
    const note = () => {
      touched.current = performance.now();
    };
    const kinds = ['wheel', 'touchmove', 'pointerdown'] as const;
    kinds.forEach((kind) => held.addEventListener(kind, note, { passive: true }));
    return () => kinds.forEach((kind) => held.removeEventListener(kind, note));
  }, [scroll]);
  useEffect(() => {
    let lit: Element | null = null;
    let lit_line: Element | null = null;
    let last = -2;
    const stop = control.on_frame((at) => {
      const index = find_word(words, at);
      if (index === last || !box.current) return;
      last = index;
      lit?.classList.remove('o-lit');
      lit = index < 0 ? null : box.current.querySelector(`[data-word="${index}"]`);
      lit?.classList.add('o-lit');
      const line = lit?.closest('.o-ln') ?? null;
      if (line === lit_line) return;
      if (lit_line) lit_line.classList.remove('o-now');
      // Between two lines the last one stays marked, so that nothing flickers.
      if (!line) {
        lit_line?.classList.add('o-now');
        return;
      }
      line.classList.add('o-now');
      lit_line = line;
      const free = performance.now() - touched.current > hands_off_ms;
      if (scroll?.current && control.state.playing && free) follow_to(scroll.current, line);
    });
    return () => {
      stop();
      lit?.classList.remove('o-lit');
      lit_line?.classList.remove('o-now');
    };
  }, [control, words, lines, box, scroll]);
}

export const Words = memo(function Words(props: WordsProps) {
  const { control, lines, origin = 0, jump_label } = props;
  const box = useRef<HTMLDivElement>(null);
  const known = useRef({ lines, ...flat(lines) });
  if (known.current.lines !== lines) known.current = { lines, ...flat(lines) };
  const { words, first } = known.current;
  useLight(box, props, words);
  const jump = (event: MouseEvent) => {
    // Dragging over words selects them for copying; it is no jump.
    if (window.getSelection()?.isCollapsed === false) return;
    const hit = (event.target as Element).closest<HTMLElement>('[data-word]');
    const word = hit ? words[Number(hit.dataset.word)] : undefined;
    if (word) control.seek(word.from);
  };
  return (
    <div ref={box} className="o-words" onClick={jump}>
      {lines.map((line, i) => (
        <div key={line.id} className={`o-ln o-ln-${line.kind}`}>
          <button
            type="button"
            className="o-ln-at"
            aria-label={jump_label(place(line.at, origin))}
            onClick={() => control.seek(line.at)}
          >
            {place(line.at, origin)}
          </button>
          {line.kind === 'said' ? (
            <Said line={line} first={first[i] ?? 0} />
          ) : (
            <>
              <span className="o-ln-who o-hide-ph" />
              <span className="o-ln-x">
                {line.kind === 'gap' && <IconUnlink size={16} aria-hidden />}
                {line.kind === 'pending' && <IconClockPause size={16} aria-hidden />}
                {line.text}
              </span>
            </>
          )}
        </div>
      ))}
    </div>
  );
});
