// Which word is heard, and how the page follows it.

/** A word stays lit through a pause this short, so that the light does not flicker. */
const hold_s = 0.35;

/** Index of the word heard at `at`; words are sorted by start. −1 before and between. */
export function find_word(words: readonly { from: number; to: number }[], at: number): number {
  let low = 0;
  let high = words.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((words[middle]?.from ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  const word = words[low - 1];
  return word && at < word.to + hold_s ? low - 1 : -1;
}

/** Brings a line to a third of the height, but only when it is about to leave the middle. */
export function follow_to(scroll: HTMLElement, line: Element): void {
  const frame = scroll.getBoundingClientRect();
  const at = line.getBoundingClientRect();
  const top = at.top - frame.top;
  if (top > frame.height * 0.1 && at.bottom - frame.top < frame.height * 0.6) return;
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  scroll.scrollBy({ top: top - frame.height / 3, behavior: calm ? 'instant' : 'smooth' });
}
