// Words as lines of a talk, with gaps and the press among them.
import type { Spoken } from '../../lib/sound';
import type { Word, WordLine } from './Words';

const pause_s = 1.2; // a longer silence begins a new line
const breath_s = 0.35; // between two sentences of one person
const line_words_max = 40;

type Said = Extract<WordLine, { kind: 'said' }> & { words: Word[] };

function begins(line: Said, word: Spoken, cuts: readonly number[]): boolean {
  const last = line.words.at(-1);
  if (!last || line.who !== word.who || line.words.length >= line_words_max) return true;
  if (word.from - last.to > pause_s) return true;
  // A gap or the press stands between lines, never inside one.
  if (cuts.some((cut) => cut > last.from && cut <= word.from)) return true;
  return /[.!?…]$/.test(last.text) && word.from - last.to > breath_s;
}

export function said_lines(words: readonly Spoken[], cuts: readonly number[] = []): Said[] {
  const lines: Said[] = [];
  for (const word of words) {
    const { who, ...next } = word;
    const line = lines.at(-1);
    if (line && !begins(line, word, cuts)) line.words.push(next);
    else lines.push({ kind: 'said', id: `w${word.from}`, at: word.from, who, words: [next] });
  }
  return lines;
}

export interface Among {
  gaps?: readonly { from: number; to: number; text: string }[];
  press?: { at: number; text: string };
}
export function lines_of(words: readonly Spoken[], { gaps = [], press }: Among): WordLine[] {
  const cuts = [...gaps.flatMap((gap) => [gap.from, gap.to]), ...(press ? [press.at] : [])];
  const lines: WordLine[] = said_lines(words, cuts);
  for (const gap of gaps)
    lines.push({ kind: 'gap', id: `g${gap.from}`, at: gap.from, text: gap.text });
  if (press) lines.push({ kind: 'press', id: 'press', at: press.at, text: press.text });
  return lines.sort((a, b) => a.at - b.at || (a.kind === 'press' ? -1 : 1));
}
