// Words typed into a field and not stored yet: they outlive the field, the page and the tab.

const name_of = (account: string, place: string) => `otklik.words.${account}.${place}`;

export function kept_words(account: string, place: string): string {
  try {
    return localStorage.getItem(name_of(account, place)) ?? '';
  } catch {
    return '';
  }
}
/** Empty words are forgotten. */
export function keep_words(account: string, place: string, words: string): void {
  try {
    if (words) localStorage.setItem(name_of(account, place), words);
    else localStorage.removeItem(name_of(account, place));
  } catch {
    // Storage may be full or forbidden; the field itself still holds the words.
  }
}
