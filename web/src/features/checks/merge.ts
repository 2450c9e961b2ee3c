// Two texts of one answer: what was typed here and what the server holds by now. Parts that only
// one side changed are joined; where both did, the newer wins and the other stays beside it.
import type { CheckAnswer, CheckAnswerHeld } from '../../api/types';
import type { Aside, Typed } from './unsent';

const blank = (item: string): CheckAnswer => ({ item, answer: '', comment: '' });
const same = (a: CheckAnswer, b: CheckAnswer) =>
  a.answer === b.answer && (a.comment ?? '') === (b.comment ?? '');

export interface Merged {
  /** Still to be sent; null: the server's stays. */
  send: Typed | null;
  aside: Aside | null;
}

/** One side's value of a field; undefined when both changed it to different things. */
function joined(mine: string, theirs: string, base: string): string | undefined {
  if (mine === theirs || theirs === base) return mine;
  return mine === base ? theirs : undefined;
}

export function merge_one(mine: Typed, held: CheckAnswerHeld | undefined): Merged {
  const theirs = held ?? { ...blank(mine.item), answered_at: '' };
  if (same(mine, theirs)) return { send: null, aside: null };
  const base = { ...mine.base, comment: mine.base.comment ?? '' };
  const answer = joined(mine.answer, theirs.answer, base.answer);
  const comment = joined(mine.comment ?? '', theirs.comment ?? '', base.comment);
  const now = { item: mine.item, answer: theirs.answer, comment: theirs.comment };
  if (answer !== undefined && comment !== undefined) {
    const whole = { ...mine, answer, comment, base: now };
    return { send: same(whole, theirs) ? null : whole, aside: null };
  }
  const theirs_at = Date.parse(theirs.answered_at);
  if (Number.isFinite(theirs_at) && theirs_at > mine.typed_at) {
    const { item, answer: own_answer, comment: own_comment, typed_at } = mine;
    const own = { item, answer: own_answer, comment: own_comment ?? '', at: typed_at, own: true };
    return { send: null, aside: own };
  }
  return {
    send: { ...mine, base: now },
    aside: {
      item: mine.item,
      answer: theirs.answer,
      comment: theirs.comment ?? '',
      at: Number.isFinite(theirs_at) ? theirs_at : mine.typed_at,
      own: false,
    },
  };
}
